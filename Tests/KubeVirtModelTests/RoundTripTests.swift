import KubernetesModel
import Testing

@testable import KubeVirtModel

@Suite struct RoundTripTests {
    /// The node with members in the order of their names and without nulls, which say no more than absent fields.
    private static func sorted(_ node: DocumentNode) -> DocumentNode {
        switch node.value {
        case .array(let elements): .array(elements.map(sorted))
        case .object(let members):
            .object(
                members.filter { $0.value.value != .null }.sorted { $0.name < $1.name }
                    .map { DocumentMember($0.name, sorted($0.value)) })
        case .null, .bool, .number, .string: node
        }
    }

    private static func decode(_ document: DocumentNode) throws -> (VirtualMachineInstance, [FieldIssue]) {
        var context = DecodingContext()
        let instance = try #require(VirtualMachineInstance.decode(document, &context))
        return (instance, context.issues)
    }

    @Test("VMIs of all kinds go back as they came, unknown fields and exact texts included", arguments: Corpus.files)
    func corpus(name: String, yaml: String) throws {
        let document = try #require(try DocumentReader().read(yaml).first)
        let (instance, issues) = try Self.decode(document)
        #expect(issues.filter { $0.severity == .error } == [])
        let encoded = instance.encode()
        // `null` within what no table reads is kept; everywhere else it is the same as nothing.
        #expect(Self.sorted(encoded) == Self.sorted(document), "\(name)")
        #expect(try DocumentReader().read(DocumentWriter.yaml(encoded)) == [encoded])
        #expect(try DocumentReader().read(DocumentWriter.json(encoded)) == [encoded])
    }

    @Test(
        "unknown fields of the corpus are warned about",
        arguments: [
            ("database", ["spec.futureField", "spec.domain.cpu.newKnob", "spec.domain.devices.disks[2].colour"]),
            ("desktop", ["spec.domain.features.hyperv.someday"]), ("exported", ["status.invented"]), ("kernel", []),
        ])
    func unknown(name: String, paths: [String]) throws {
        let yaml = try #require(Corpus.files.first { $0.name == name }?.yaml)
        let (_, issues) = try Self.decode(try #require(try DocumentReader().read(yaml).first))
        #expect(issues.map(\.path).sorted() == paths.sorted())
    }

    @Test("the corpus validates to the end, whatever it is told")
    func validates() {
        for (name, yaml) in Corpus.files {
            let reader = Manifests.read(yaml)
            #expect(reader.manifest.instances.count == 1, "\(name)")
            #expect(reader.issues.allSatisfy { !$0.issue.path.isEmpty && !$0.issue.message.isEmpty }, "\(name)")
        }
    }

    /// A document in which every field of a schema has a value, and every object an unknown one beside them.
    private static func sample(_ schema: FieldSchema) -> DocumentNode {
        switch schema {
        case .string: .string("text")
        case .oneOf(let words): .string(words.last ?? "")
        case .boolean: .bool(true)
        case .integer(_, let maximum): .number(min(maximum, 1 << 53))
        case .quantity: .string("1.50Gi")
        case .timestamp: .string("2026-01-31T12:00:00Z")
        case .any: .object([DocumentMember("kept", .array([DocumentNode(.number("1.0")), DocumentNode(.null)]))])
        case .list(let element): .array([sample(element), sample(element)])
        case .map(let value): .object([DocumentMember("key", sample(value))])
        case .object(_, let members):
            .object(
                members().map { DocumentMember($0.name, sample($0.schema)) } + [
                    DocumentMember("unheardOf", .object([DocumentMember("n", DocumentNode(.number("1e3")))]))
                ])
        }
    }

    @Test("every field of every table is read and written back, with an unknown one beside it")
    func everything() throws {
        let document = Self.sample(VirtualMachineInstance.schema)
        let (instance, issues) = try Self.decode(document)
        let warnings = issues.filter { !$0.message.hasPrefix("no such field") }
        #expect(warnings.allSatisfy { $0.severity == .warning && $0.message.contains("cannot do this yet") })
        let unheardOf = issues.count - warnings.count
        #expect(unheardOf > 100)
        // Unknown members stand behind the others, as do those that nothing here reads.
        #expect(Self.sortedMembers(instance.encode()) == Self.sortedMembers(document))
    }

    private static func sortedMembers(_ node: DocumentNode) -> DocumentNode {
        switch node.value {
        case .array(let elements): .array(elements.map(sortedMembers))
        case .object(let members):
            .object(
                members.sorted { $0.name < $1.name }.map { DocumentMember($0.name, sortedMembers($0.value)) })
        case .null, .bool, .number, .string: node
        }
    }

    @Test("a wrong kind of value in any field is told by its path, and by nothing else")
    func wrongKinds() throws {
        for (path, wrong) in Self.wrong(VirtualMachineInstanceSpec.schema, path: "spec") {
            var context = DecodingContext()
            _ = VirtualMachineInstanceSpec.decode(wrong, &context)
            let errors = context.issues.filter { $0.severity == .error && !$0.message.hasPrefix("is missing") }
            #expect(errors.map { "spec.\($0.path)" } == [path])
        }
    }

    /// For each field below a schema: its path in a document in which it alone has a value of a wrong kind.
    private static func wrong(_ schema: FieldSchema, path: String) -> [(String, DocumentNode)] {
        switch schema {
        case .any: []
        case .boolean, .integer: [(path, .string("text"))]
        case .string, .oneOf, .quantity, .timestamp: [(path, .bool(true))]
        case .list(let element):
            [(path, .bool(true))] + wrong(element, path: "\(path)[0]").map { ($0, .array([$1])) }
        case .map(let value):
            [(path, .bool(true))]
                + wrong(value, path: "\(path).key").map { ($0, .object([DocumentMember("key", $1)])) }
        case .object(_, let members):
            (path == "spec" ? [] : [(path, .bool(true))])
                + members().flatMap { member in
                    wrong(member.schema, path: "\(path).\(member.name)").map {
                        ($0, .object([DocumentMember(member.name, $1)]))
                    }
                }
        }
    }
}
