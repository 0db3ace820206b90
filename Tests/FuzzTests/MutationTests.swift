import KubernetesModel
import Testing

/// Random changes of manifests: each is refused with a reason, or gives sound domains; nothing traps, hangs or grows.
@Suite struct MutationTests {
    @Test("no change of a text breaks the way to a domain")
    func texts() async {
        var mutator = TextMutator(seed: FuzzSettings.seed, donors: Corpus.specimens.map(\.text))
        var log = FuzzLog("texts")
        for await round in FuzzSettings.rounds(80) {
            let text = mutator.next()
            log.run(round, text) { Cases.faults(ofText: text, isExplaining: round % 8 == 0) }
        }
        #expect(log.faults.isEmpty, "\(log.report)")
        #expect(log.compiled > log.rounds / 10, "too few texts give domains: \(log.report)")
        #expect(log.grownMiB < FuzzSettings.mostGrowthMiB, "\(log.report)")
        log.printFigures()
    }

    @Test("no change of a document breaks the way to a domain")
    func trees() async throws {
        let donors = try Corpus.specimens.flatMap { try DocumentReader().read($0.text) }
        var mutator = TreeMutator(seed: FuzzSettings.seed, donors: donors)
        var log = FuzzLog("trees")
        for await round in FuzzSettings.rounds(80) {
            let tree = mutator.next()
            log.run(round, DocumentWriter.json(tree)) { Cases.faults(ofTree: tree, isExplaining: round % 8 == 0) }
        }
        #expect(log.faults.isEmpty, "\(log.report)")
        #expect(log.compiled > log.rounds / 10, "too few documents give domains: \(log.report)")
        #expect(log.twins > log.rounds / 50, "too few documents hold markup: \(log.report)")
        #expect(log.grownMiB < FuzzSettings.mostGrowthMiB, "\(log.report)")
        log.printFigures()
    }
}
