import KubernetesModel
import Testing

@testable import DomainPlan

@Suite struct ExplainFieldsTests {
    private static let document = """
        metadata:
          name: web
          annotations: {kubevirt.io/memfd: "false"}
        spec:
          domain:
            cpu: {cores: 4, model: null}
            devices:
              disks:
                - name: root
                  disk: {bus: virtio}
                - {name: "1", cache: none}
          volumes:
            - name: root
              emptyDisk: {}
        """

    @Test(
        "a field is found by its path, with its line",
        arguments: [
            ("metadata.name", "web", 2),
            ("spec.domain.cpu.cores", "4", 6),
            ("spec.domain.devices.disks[0].disk.bus", "virtio", 10),
            ("spec.domain.devices.disks[1].cache", "none", 11),
            ("metadata.annotations[kubevirt.io/memfd]", "false", 3),
            ("spec.volumes[root].emptyDisk", "{}", 14),
        ])
    func found(path: String, value: String, line: Int) throws {
        let node = try #require(WrittenFields(try Explain.document(Self.document)).value(at: path))
        #expect(node.brief == value)
        #expect(node.position?.line == line)
    }

    @Test(
        "a field that nobody wrote is not found",
        arguments: [
            "spec.domain.cpu.model", "spec.domain.devices.disks[2]", "spec.domain.devices.disks[other].cache",
            "spec.domain.cpu.cores.deeper", "status.phase", "spec.volumes[0].emptyDisk.capacity",
        ])
    func absent(path: String) throws {
        #expect(WrittenFields(try Explain.document(Self.document)).value(at: path) == nil)
    }

    @Test("a number in brackets is a place, unless the list has no such place but a name like it")
    func places() throws {
        let tree = FieldTree(try Explain.document("list: [{name: a}, {name: \"7\"}]"))
        #expect(tree["list[1]"]?.node["name"]?.text == "7")
        #expect(tree["list[7]"]?.node["name"]?.text == "7")
        #expect(tree["list[2]"] == nil)
    }

    @Test("a field has the same steps wherever its list element stands")
    func canonical() throws {
        let old = FieldTree(try Explain.document("disks: [{name: a}, {name: b}]"))
        let new = FieldTree(try Explain.document("disks: [{name: b}, {name: a}]"))
        #expect(old.canonicalSteps(of: "disks[1].cache") == ["disks", "b", "cache"])
        #expect(new.canonicalSteps(of: "disks[0].cache") == ["disks", "b", "cache"])
        #expect(new.canonicalSteps(of: "disks[9].cache") == ["disks", "9", "cache"])
    }

    @Test("the VMIs of all kinds of objects are found in their documents")
    func owners() throws {
        let template = "template: {spec: {domain: {cpu: {cores: 2}}}}"
        let text = """
            {kind: Secret, metadata: {name: s}}
            ---
            {kind: VirtualMachine, metadata: {name: vm}, spec: {\(template)}}
            ---
            {kind: VirtualMachinePool, metadata: {name: pool}, spec: {virtualMachineTemplate: {spec: {\(template)}}}}
            ---
            {kind: VirtualMachineInstanceList, items: [{metadata: {name: one}, spec: {domain: {cpu: {cores: 2}}}}]}
            ---
            {kind: List, items: [{kind: VirtualMachineInstance, metadata: {name: vmi}, spec: {domain: {cpu: {cores: 2}}}}]}
            """
        let all = WrittenFields.all(in: try DocumentReader().read(text))
        #expect(
            all.map { $0.documentPath(of: "spec.domain.cpu.cores") } == [
                "spec.template.spec.domain.cpu.cores",
                "spec.virtualMachineTemplate.spec.template.spec.domain.cpu.cores", "spec.domain.cpu.cores",
                "spec.domain.cpu.cores",
            ])
        #expect(all.map { $0.value(at: "spec.domain.cpu.cores")?.brief } == ["2", "2", "2", "2"])
        #expect(all.map { $0.value(at: "metadata.name")?.brief } == ["vm", "pool", "one", "vmi"])
        #expect(all.map { $0.documentPath(of: "metadata.name") } == Array(repeating: "metadata.name", count: 4))
    }

    @Test(
        "a VirtualMachine's VMI bears its name, that of others the template's where it has one",
        arguments: [
            ("VirtualMachine", "owner", "metadata.name"),
            ("VirtualMachineInstanceReplicaSet", "inner", "spec.template.metadata.name"),
        ])
    func names(kind: String, name: String, path: String) throws {
        let text = "{kind: \(kind), metadata: {name: owner}, spec: {template: {metadata: {name: inner}, spec: {}}}}"
        let written = try #require(WrittenFields.all(in: try DocumentReader().read(text)).first)
        #expect(written.value(at: "metadata.name")?.brief == name)
        #expect(written.documentPath(of: "metadata.name") == path)
    }
}
