import Testing

@testable import KubernetesModel

@Suite struct ServerSideApplyTests {
    private static let schema = StructuralSchema.compile(
        .fields([
            "metadata": .objectMeta, "spec": .fields(["size": .int64, "tags": .map(.string), "list": .list(.string)]),
            "conditions": .list(.fields(["type": .string, "status": .string])),
        ]),
        notes: StructuralSchema.Notes(
            lists: FieldSchema.metadataLists.merging(["conditions": .map(keys: ["type"])]) { first, _ in first }))

    private let one = ManagedFields.Writer("one", .apply, apiVersion: "v1")
    private let two = ManagedFields.Writer("two", .apply, apiVersion: "v1")

    private func node(_ text: String) throws -> DocumentNode { try #require(try DocumentReader().read(text).first) }

    private func apply(
        _ config: String, to live: DocumentNode, _ managed: ManagedFields, by writer: ManagedFields.Writer,
        force: Bool = false
    ) throws -> (object: DocumentNode, managed: ManagedFields) {
        try ServerSideApply(schema: Self.schema).apply(
            node(config), to: live, managed: managed, by: writer, force: force, at: "2026-01-01T00:00:00Z")
    }

    @Test("two writers share an object, each its own fields and list elements")
    func sharing() throws {
        let first = try apply(
            #"{"spec":{"size":1},"conditions":[{"type":"A","status":"True"}]}"#, to: .object([]), ManagedFields(),
            by: one)
        let second = try apply(
            #"{"spec":{"tags":{"x":"y"}},"conditions":[{"type":"B","status":"True"}]}"#, to: first.object,
            first.managed, by: two)
        #expect(second.object["conditions"]?.elements.count == 2)
        let third = try apply(#"{"spec":{"size":1}}"#, to: second.object, second.managed, by: one)
        #expect(third.object["conditions"]?.elements.compactMap { $0["type"]?.text } == ["B"])
        #expect(third.object[["spec", "tags", "x"]]?.text == "y")
    }

    @Test("a field that both set to the same stays while one of them wants it")
    func coOwnership() throws {
        let first = try apply(#"{"spec":{"size":1}}"#, to: .object([]), ManagedFields(), by: one)
        let second = try apply(#"{"spec":{"size":1}}"#, to: first.object, first.managed, by: two)
        let third = try apply(#"{"spec":{"tags":{"a":"b"}}}"#, to: second.object, second.managed, by: one)
        #expect(third.object[["spec", "size"]]?.integer == 1)
        let fourth = try apply(#"{"spec":{"tags":{"a":"b"}}}"#, to: third.object, third.managed, by: two)
        #expect(fourth.object[["spec", "size"]] == nil)
    }

    @Test("a list without keys is one field")
    func atomicLists() throws {
        let first = try apply(#"{"spec":{"list":["a"]}}"#, to: .object([]), ManagedFields(), by: one)
        #expect(throws: ApplyConflict(fields: [ApplyConflict.Field(owner: one, path: ".spec.list")])) {
            try apply(#"{"spec":{"list":["a","b"]}}"#, to: first.object, first.managed, by: two)
        }
        let forced = try apply(
            #"{"spec":{"list":["a","b"]}}"#, to: first.object, first.managed, by: two, force: true)
        #expect(forced.managed[one].isEmpty)
    }

    @Test("managed fields are written and read without loss")
    func coding() throws {
        let made = try apply(
            #"{"metadata":{"finalizers":["example.com/a"],"labels":{"x":"y"}},"conditions":[{"type":"A","status":"True"}]}"#,
            to: .object([]), ManagedFields(), by: one)
        let text = DocumentWriter.json(made.managed.encode(), indent: nil)
        #expect(text.contains(#"k:{\"type\":\"A\"}"#))
        #expect(text.contains(#"v:\"example.com/a\""#))
        #expect(try ManagedFields(node(text)) == made.managed)
    }

    @Test("an update takes what it changes from others, and what it removes from all")
    func updates() throws {
        let first = try apply(#"{"spec":{"size":1,"tags":{"a":"b"}}}"#, to: .object([]), ManagedFields(), by: one)
        var managed = first.managed
        let updater = ManagedFields.Writer("editor", .update, apiVersion: "v1")
        managed.noteUpdate(
            from: first.object, to: try node(#"{"spec":{"size":2}}"#), by: updater, Self.schema, at: "t")
        #expect(managed[updater].paths == [".spec.size"])
        #expect(managed[one].isEmpty)
    }

    @Test("names that differ in many writers do not make an object grow without end")
    func manyWriters() throws {
        var managed = ManagedFields()
        var object = try node(#"{"spec":{"tags":{}}}"#)
        for index in 0..<30 {
            var next = object
            next[["spec", "tags", "k\(index)"]] = .string("v")
            managed.noteUpdate(
                from: object, to: next, by: ManagedFields.Writer("m\(index)", .update, apiVersion: "v1"), Self.schema,
                at: "t")
            object = next
        }
        #expect(managed.entries.count <= 11)
        let all = managed.entries.reduce(FieldSet()) { $0.union($1.fields) }
        #expect(all.paths.count == 30)
    }
}
