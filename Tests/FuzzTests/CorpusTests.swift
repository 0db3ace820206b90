import KubeVirtModel
import KubernetesModel
import Testing

/// The fuzzer is worth as much as what it starts from.
@Suite struct CorpusTests {
    @Test(
        "each manifest of the corpus is read without an error, and gives domains without a fault",
        arguments: Corpus.specimens)
    func accepted(specimen: Specimen) {
        let reading = Pipeline.read(specimen.text)
        #expect(reading.errors.isEmpty, "\(reading.errors)")
        #expect(!reading.accepted.isEmpty)
        for instance in reading.accepted {
            let judgement = Judgement(of: instance)
            #expect(judgement.faults.isEmpty, "\(judgement.faults)")
            #expect(judgement.domains == 2, "\(instance.name) has no domain")
        }
    }

    @Test("the corpus sets more than nine tenths of a spec's fields")
    func coverage() throws {
        let rows = FieldInventory.rows().map(\.path)
        let inner = Set(rows.flatMap { path in path.indices.filter { path[$0] == "." }.map { path[..<$0] } })
        let leaves = rows.filter { row in !["", "[]", "{}"].contains { inner.contains((row + $0)[...]) } }
        var set: Set<String> = []
        for specimen in Corpus.specimens {
            for document in try DocumentReader().read(specimen.text) { Self.note(document, "", &set) }
        }
        let missing = leaves.filter { !set.contains($0) }
        #expect(leaves.count > 200)
        #expect(missing.count * 10 < leaves.count, "\(missing)")
    }

    /// Notes the paths of all fields, from wherever a spec may begin.
    private static func note(_ node: DocumentNode, _ path: String, _ set: inout Set<String>) {
        switch node.value {
        case .object(let members):
            for member in members {
                let inner = ["template", "spec"].contains(member.name) ? member.name : "\(path).\(member.name)"
                set.insert(inner)
                note(member.value, inner, &set)
            }
        case .array(let elements): for element in elements { note(element, "\(path)[]", &set) }
        case .null, .bool, .number, .string: break
        }
    }
}
