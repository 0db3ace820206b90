import Glibc
import KubernetesModel
import Testing

@testable import KubeVirtModel

@Suite struct FieldInventoryTests {
    private let rows = FieldInventory.rows()

    @Test("every field has one row, and the spec and the status have as many as the API")
    func unique() {
        #expect(Set(rows.map(\.path)).count == rows.count)
        #expect(rows.count == 406)
        let status = FieldInventory.statusRows()
        #expect(Set(status.map(\.path)).count == status.count)
        #expect(status.count == 203)
    }

    @Test("at most 25 fields have no effect yet")
    func notYet() {
        let missing = rows.filter { if case .notYet = $0.support { true } else { false } }
        #expect(missing.count <= 25)
        #expect(!missing.isEmpty)
    }

    @Test(
        "a row says what its field holds, whether it acts, and where",
        arguments: [
            ("spec.domain.cpu.cores", "whole number from 0 to 4294967295", FieldSupport.implemented),
            ("spec.domain.devices.disks", "list of object", .implemented),
            ("spec.domain.devices.disks[].disk.bus", "one of virtio, sata, scsi, usb", .implemented),
            ("spec.domain.memory.guest", "quantity", .implemented),
            ("spec.domain.resources.limits", "map of quantity", .implemented),
            ("spec.nodeSelector", "map of string", .elsewhere), ("spec.tolerations", "list of anything", .elsewhere),
            ("spec.livenessProbe.timeoutSeconds", "whole number from -2147483648 to 2147483647", .elsewhere),
            ("spec.resourceClaims[].name", "string", .elsewhere),
        ])
    func row(path: String, kind: String, support: FieldSupport) throws {
        let row = try #require(rows.first { $0.path == path })
        #expect(row.kind == kind)
        #expect(row.support == support)
        #expect(row.handler?.isEmpty == false)
    }

    @Test("what stands below a field that does not act does not act either")
    func inherits() throws {
        let path = "spec.accessCredentials[].userPassword"
        let support = try #require(rows.first { $0.path == path }?.support)
        let inner = rows.filter { $0.path.hasPrefix(path + ".") }
        #expect(inner.count == 5)
        #expect(inner.allSatisfy { $0.support == support })
    }

    @Test("every source file that a field names is there")
    func handlers() {
        let tests = #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
        let handlers = Set(rows.filter { $0.support == .implemented }.map { $0.handler ?? "nobody" })
        let files = Set(handlers.map { String($0.prefix { $0 != " " }) })
        #expect(files.count > 10)
        #expect(files.filter { access("/\(tests)/Sources/\($0).swift", R_OK) != 0 }.sorted() == [])
    }

    private static let schema = """
        spec:
          versions:
          - name: v1beta1
            schema: {openAPIV3Schema: {properties: {spec: {properties: {old: {type: string}}}}}}
          - name: v1
            schema:
              openAPIV3Schema:
                properties:
                  spec:
                    properties:
                      a: {type: object, properties: {b: {type: string}}}
                      list: {type: array, items: {type: object, properties: {c: {type: array, items: {type: string}}}}}
                      map: {type: object, additionalProperties: {type: object, properties: {d: {type: string}}}}
        """

    @Test("a schema's paths are read in their order, from a definition or from a bare schema")
    func schemaPaths() throws {
        let paths = ["spec.a", "spec.a.b", "spec.list", "spec.list[].c", "spec.map", "spec.map{}.d"]
        let document = try #require(try DocumentReader().read(Self.schema).first)
        #expect(try SchemaPaths.spec(of: document) == paths)
        guard case .array(let versions) = document["spec"]?["versions"]?.value else {
            Issue.record("no versions")
            return
        }
        #expect(try SchemaPaths.spec(of: try #require(versions.last?["schema"])) == paths)
        let error = #expect(throws: FieldInventoryError.noSchema(of: "status")) {
            try SchemaPaths.status(of: document)
        }
        #expect(
            error?.description
                == "the document holds no OpenAPI schema of status: give KubeVirt's CustomResourceDefinition")
    }

    @Test("the page has one row for each path of the schema, and no rows for what is kept as it came")
    func markdown() throws {
        let inside = ["spec.affinity.nodeAffinity", "spec.tolerations[].key", "spec.livenessProbe.exec.command"]
        let text = try FieldInventory.markdown(schemaPaths: rows.map(\.path) + inside)
        let lines = text.split(separator: "\n")
        #expect(lines.filter { $0.hasPrefix("| `spec.") }.count == rows.count)
        #expect(lines.contains { $0.hasPrefix("| `spec.domain.cpu.cores` | implemented | DomainPlan/") })
        #expect(lines.contains("| `spec.tolerations` | control plane | scheduler |"))
        #expect(lines.contains("| `spec.volumes[].memoryDump` | not yet | memory dumps |"))
        #expect(text.hasSuffix("|\n"))
    }

    @Test("a path that only one side knows is an error that names it")
    func mismatch() {
        let paths = rows.map(\.path).filter { $0 != "spec.hostname" } + ["spec.future", "spec.domain.cpu.magic"]
        let error = #expect(throws: FieldInventoryError.self) { try FieldInventory.markdown(schemaPaths: paths) }
        #expect(error == .mismatch(unread: ["spec.future", "spec.domain.cpu.magic"], invented: ["spec.hostname"]))
        #expect(
            error?.description
                == "the schema has spec.future, spec.domain.cpu.magic, which no table reads; the tables read spec.hostname, which the schema lacks"
        )
    }
}
