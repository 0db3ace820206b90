import Testing

@testable import KubernetesModel

@Suite struct TableModelTests {
    struct Part: TableModel, Equatable {
        var name = ""
        var size: Quantity?
        var unknownFields: [DocumentMember] = []
        init() {}
        static let table: FieldTable<Part> = [Field("name", required: \.name), Field("size", \.size)]
    }

    enum Colour: String, FieldChoice { case red, green }

    struct Model: TableModel, Equatable {
        var count: Int32?
        var flag: Bool?
        var colour: Colour?
        var parts: [Part] = []
        var labels: [String: String] = [:]
        var time: Timestamp?
        var gpus: DocumentNode?
        var unknownFields: [DocumentMember] = []
        init() {}
        static let table: FieldTable<Model> = [
            Field("count", \.count), Field("flag", \.flag), Field("colour", \.colour), Field("parts", \.parts),
            Field("labels", \.labels), Field("time", \.time), Field(elsewhere: "affinity"),
            Field("gpus", \.gpus).notYet("GPU passthrough"),
        ]
    }

    private func decode(_ yaml: String) throws -> (model: Model?, issues: [FieldIssue]) {
        let document = try #require(try DocumentReader().read(yaml).first)
        var context = DecodingContext(path: "spec")
        let model = Model.decode(document, &context)
        return (model, context.issues)
    }

    @Test("all errors of a document are collected, each with its path, value and line")
    func collectsAll() throws {
        let (_, issues) = try decode(
            """
            count: 3000000000
            flag: maybe
            colour: blue
            parts:
            - size: 1Gi
            - name: 7
              size: big
            labels: {a: 1, b: x, c: true}
            time: yesterday
            """)
        #expect(
            issues.map { "\($0.position?.line ?? 0) \($0)" } == [
                "1 spec.count: 3000000000 is not a whole number from -2147483648 to 2147483647",
                "2 spec.flag: \"maybe\" is not true or false",
                "3 spec.colour: \"blue\" is not one of red, green",
                "5 spec.parts[0].name: is missing: write it",
                "6 spec.parts[1].name: 7 is not a string: put it in quotes",
                "7 spec.parts[1].size: \"big\" is not a quantity such as 512Mi, 2Gi or 500m",
                "8 spec.labels.a: 1 is not a string: put it in quotes",
                "8 spec.labels.c: true is not a string: put it in quotes",
                "9 spec.time: \"yesterday\" is not a time such as 2026-01-31T12:00:00Z",
            ])
        #expect(issues.allSatisfy { $0.severity == .error })
    }

    @Test(
        "an unknown field is a warning that names the nearest one",
        arguments: [
            ("conut", "no such field: did you mean count?"), ("Flag", "no such field: did you mean flag?"),
            ("color", "no such field: did you mean colour?"), ("part", "no such field: did you mean parts?"),
            ("something", "no such field: it is kept, and has no effect"),
        ])
    func unknown(field: String, message: String) throws {
        let (model, issues) = try decode("\(field): {x: [1, ~]}")
        #expect(issues == [.warning("spec.\(field)", message, at: SourcePosition(line: 1, column: 1))])
        #expect(model?.unknownFields.map(\.name) == [field])
    }

    @Test("of very many unknown fields, only the first hundred are compared with known ones")
    func manyUnknown() throws {
        let names = (16..<166).map { "count" + String($0, radix: 16) }
        let (model, issues) = try decode(names.map { "\($0): 1\n" }.joined())
        #expect(model?.unknownFields.map(\.name) == names)
        #expect(issues.prefix(100).allSatisfy { $0.message == "no such field: did you mean count?" })
        #expect(issues.dropFirst(100).count == 50)
        #expect(issues.dropFirst(100).allSatisfy { $0.message == "no such field: it is kept, and has no effect" })
    }

    @Test("unknown fields and those of others go back as they came")
    func roundTrip() throws {
        let text =
            "{\"count\":1,\"parts\":[{\"name\":\"a\",\"size\":\"1.5Gi\",\"new\":{\"deep\":[1e3,null]}}],\"affinity\":{\"x\":1},\"future\":\"y\"}"
        let (model, _) = try decode(text)
        #expect(DocumentWriter.json(try #require(model).encode(), indent: nil) == text)
    }

    @Test("null is the same as absent")
    func null() throws {
        let (model, issues) = try decode("count: ~\nparts: null\nlabels:\ngpus: ~\nwhatever: ~\n")
        #expect(model == Model())
        #expect(issues.isEmpty)
        let (_, missing) = try decode("parts:\n- name: ~\n")
        #expect(missing.map(\.description) == ["spec.parts[0].name: is missing: write it"])
    }

    @Test(
        "a field that has no effect yet is kept, and warned about with its reason",
        arguments: ["[{name: a}]", "{}", "true", "x", "1"])
    func notYet(value: String) throws {
        let (model, issues) = try decode("gpus: \(value)")
        #expect(issues.map(\.description) == ["spec.gpus: virt-node cannot do this yet: GPU passthrough"])
        #expect(issues.map(\.severity) == [.warning])
        #expect(model?.gpus != nil)
    }

    @Test("a field that cannot be had yet may say that it is not wanted", arguments: ["false", "[]", "no"])
    func notWanted(value: String) throws {
        let (model, issues) = try decode("gpus: \(value)")
        #expect(issues.isEmpty)
        #expect(model?.gpus != nil)
    }

    @Test("an empty choice is the same as none, and an empty string is one")
    func emptyChoice() throws {
        let (model, issues) = try decode("colour: ''\nparts: [{name: ''}]")
        #expect(issues.isEmpty)
        #expect(model?.colour == nil && model?.parts.map(\.name) == [""])
    }

    @Test(
        "a scalar where an object belongs is told",
        arguments: [
            ("parts: 1", "spec.parts: 1 is not a list"), ("labels: [a]", "spec.labels: a list is not an object"),
            ("parts: [x]", "spec.parts[0]: \"x\" is not an object"),
        ])
    func kinds(yaml: String, issue: String) throws { #expect(try decode(yaml).issues.map(\.description) == [issue]) }

    @Test(
        "whole numbers are neither rounded nor read from strings",
        arguments: ["1.0", "1.5", "1e3", "'1'", "[]", "true"])
    func integers(value: String) throws {
        let (model, issues) = try decode("count: \(value)")
        #expect(model?.count == nil)
        #expect(issues.map(\.path) == ["spec.count"])
    }

    @Test("a long value is cut in the message")
    func longValue() throws {
        let (_, issues) = try decode("colour: \(String(repeating: "x", count: 500))")
        let message = try #require(issues.first?.message)
        #expect(message.hasPrefix("\"xxx") && message.contains("...\"") && message.utf8.count < 120)
    }

    @Test("a schema says what a field holds and whether it is supported")
    func schema() throws {
        guard case .object(_, let fields) = Model.schema else {
            Issue.record("no object")
            return
        }
        let all = fields()
        #expect(all.map(\.name) == ["count", "flag", "colour", "parts", "labels", "time", "affinity", "gpus"])
        #expect(
            all.map(\.support) == Array(repeating: .implemented, count: 6) + [.elsewhere, .notYet("GPU passthrough")])
        guard case .oneOf(let names) = all[2].schema, case .integer(let low, let high) = all[0].schema else {
            Issue.record("wrong kinds")
            return
        }
        #expect(names == ["red", "green"])
        #expect(low == Int64(Int32.min) && high == Int64(Int32.max))
    }
}
