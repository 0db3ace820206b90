import Testing

@testable import KubernetesModel

@Suite struct FieldTests {
    struct Part: TableModel {
        var name: String?
        var size: Int32?
        var unknownFields: [DocumentMember] = []
        init() {}
        static let handledBy: String? = "Parts/Part"
        static let table: FieldTable<Part> = [Field("name", \.name), Field("size", \.size).handled(by: "Parts/Size")]
    }

    struct Whole: TableModel {
        var part: Part?
        var parts: [Part] = []
        var map: [String: String] = [:]
        var count = 0
        var unknownFields: [DocumentMember] = []
        init() {}
        static let table: FieldTable<Whole> = [
            Field("part", \.part).without("size"), Field("parts", \.parts).elsewhere("kubelet"), Field("map", \.map),
            Field("count", required: \.count), Field(elsewhere: "other"),
        ]
    }

    @Test("a field says who handles it, and a type who handles the fields that do not")
    func handlers() {
        guard case .object(let handledBy, let members) = Part.schema else {
            Issue.record("no object")
            return
        }
        #expect(handledBy == "Parts/Part")
        #expect(members().map(\.handler) == [nil, "Parts/Size"])
        #expect(Whole.handledBy == nil)
        #expect(Whole.table["parts"]?.support == .elsewhere)
        #expect(Whole.table["parts"]?.handler == "kubelet")
    }

    @Test("a field's object can lack members of its type")
    func without() {
        guard case .object(_, let members) = Whole.table["part"]?.schema else {
            Issue.record("no object")
            return
        }
        #expect(members().map(\.name) == ["name"])
    }

    @Test("a field is set once it says something")
    func isSet() {
        var whole = Whole()
        let set = { (whole: Whole) in Whole.table.fields.filter { $0.isSet(in: whole) }.map(\.name) }
        #expect(set(whole) == ["count"])
        whole.part = Part()
        whole.parts = [Part()]
        whole.map = ["a": "b"]
        #expect(set(whole) == ["part", "parts", "map", "count"])
    }

    @Test("a table finds its fields by name")
    func lookup() {
        #expect(Whole.table["map"]?.name == "map")
        #expect(Whole.table["maps"] == nil)
        #expect(Whole.table.required.map(\.name) == ["count"])
    }
}
