import Testing

@testable import DomainPlan

@Suite struct DomainDiffFieldsTests {
    @Test(
        "the fields that differ are named, and no others",
        arguments: [
            ("spec: {a: 1}", "spec: {a: 2}", ["spec.a: 1 -> 2 (line 1)"]),
            ("spec: {a: 1}", "spec: {a: \"1\"}", ["spec.a: 1 -> 1 (line 1)"]),
            ("spec: {a: 1}", "spec: {}", ["spec.a: 1 -> not set (line 1 of the old file)"]),
            ("spec: {a: {b: 1}}", "spec: {}", ["spec.a: removed (line 1 of the old file)"]),
            ("spec: {a: null}", "spec: {}", []),
            ("spec: {}", "spec: {a: {b: 1}}", ["spec.a: added (line 1)"]),
            ("spec: {a: {b: 1}}", "spec: {a: 1}", ["spec.a: (set) -> 1 (line 1)"]),
            ("spec: {l: [{name: a}, {name: b}]}", "spec: {l: [{name: b}, {name: a}]}", []),
            ("spec: {l: [{name: a}]}", "spec: {l: [{name: b}, {name: a}]}", ["spec.l[0]: added (line 1)"]),
            (
                "spec: {l: [{name: a, x: 1}]}", "spec: {l: [{name: b}, {name: a, x: 2}]}",
                ["spec.l[1].x: 1 -> 2 (line 1)", "spec.l[0]: added (line 1)"]
            ),
            (
                "spec: {l: [1, 2]}", "spec: {l: [2]}",
                ["spec.l[0]: 1 -> 2 (line 1)", "spec.l[1]: 2 -> not set (line 1 of the old file)"]
            ),
            ("metadata: {labels: {a.b/c: x}}", "{}", ["metadata.labels[a.b/c]: x -> not set (line 1 of the old file)"]),
            ("{}", "metadata: {annotations: {a: x}}", ["metadata.annotations[a]: not set -> x (line 1)"]),
            ("metadata: {uid: a, resourceVersion: \"1\"}", "metadata: {uid: b}", []),
            ("status: {phase: Running}", "{}", []),
        ] as [(String, String, [String])])
    func changes(old: String, new: String, expected: [String]) throws {
        let comparison = FieldComparison(
            WrittenFields(try Explain.document(old)), WrittenFields(try Explain.document(new)))
        #expect(comparison.changes.map(\.text) == expected)
    }

    @Test("fields of a template are named from the root of its owner")
    func template() throws {
        func written(_ cores: Int) throws -> WrittenFields {
            WrittenFields(
                try Explain.document("spec: {template: {spec: {domain: {cpu: {cores: \(cores)}}}}}"),
                prefix: "spec.template")
        }
        let comparison = FieldComparison(try written(1), try written(2))
        #expect(comparison.changes.map(\.path) == ["spec.template.spec.domain.cpu.cores"])
        #expect(comparison.changes.first?.steps == ["spec", "domain", "cpu", "cores"])
    }

    @Test(
        "a field leads to the changes at it, below it or around it",
        arguments: [
            (["spec", "cpu"], [0, 1]), (["spec", "cpu", "cores"], [0]), (["spec", "disks", "a", "cache"], [2]),
            (["spec", "memory"], []), (["other"], []), (["spec"], [0, 1, 2]),
        ])
    func index(steps: [String], expected: [Int]) {
        let changes = [["spec", "cpu", "cores"], ["spec", "cpu", "model"], ["spec", "disks", "a"]].map {
            FieldChange(steps: $0, path: "", old: .absent, new: .absent)
        }
        #expect(FieldIndex(changes).places(near: steps) == expected)
    }
}
