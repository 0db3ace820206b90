import KubernetesModel
import Testing

/// Texts that are made to hang a reader, or to eat its memory.
@Suite struct BombTests {
    private static let head = "apiVersion: kubevirt.io/v1\nkind: VirtualMachineInstance\nmetadata: {name: bomb}\n"
    private static let spec = "spec: {domain: {memory: {guest: 64Mi}, devices: {}}}\n"

    private static let bombs = [
        Specimen("a billion laughs", head + spec + Bombs.aliases(levels: 12, width: 10)),
        Specimen("laughs in annotations", head + spec + "status:\n  x: {" + Bombs.aliases(levels: 9, width: 9) + "}"),
        Specimen("merges of merges", head + spec + Bombs.merges(levels: 20, width: 8)),
        Specimen("an alias of itself", head + spec + "a: &a [*a]\n"),
        Specimen("a merge of itself", head + spec + "a: &a {<<: *a}\n"),
        Specimen("aliases as keys", head + spec + Bombs.aliases(levels: 30, width: 2) + "? *b30\n: x\n"),
        Specimen("brackets", head + "spec: " + Bombs.nested("[", depth: 100_000)),
        Specimen("braces", head + "spec: " + Bombs.nested("{a: ", depth: 100_000)),
        Specimen("dashes", head + "spec:\n" + Bombs.nested("- ", depth: 100_000)),
        Specimen("question marks", head + "spec:\n" + Bombs.nested("? ", depth: 50_000)),
        Specimen("blocks", head + "spec:\n" + Bombs.blocks(depth: 700)),
        Specimen("JSON brackets", "{\"a\": " + Bombs.nested("[", depth: 200_000)),
        Specimen("JSON braces", Bombs.nested("{\"a\":", depth: 200_000)),
        Specimen("members", head + spec + Bombs.wide(5_000)),
        Specimen("documents", Bombs.nested("---\n{}\n", depth: 5_000)),
        Specimen("a long key", head + spec + Bombs.nested("k", depth: 100_000) + ": 1\n"),
        Specimen("a long number", head + spec + "n: 1" + Bombs.nested("0", depth: 50_000) + "\n"),
        Specimen("a long string", head + spec + "s: \"" + Bombs.nested("\\u00e9", depth: 20_000) + "\"\n"),
        Specimen("accents in a key", head + spec + "a" + Bombs.nested("\u{301}\u{316}", depth: 20_000) + ": 1\n"),
        Specimen("tags", head + spec + "t: " + Bombs.nested("!a ", depth: 10_000)),
        Specimen("anchors", head + spec + "t: " + Bombs.nested("&a ", depth: 10_000)),
        Specimen("comments", Bombs.nested("#\n", depth: 50_000)),
        Specimen("directives", Bombs.nested("%a b\n", depth: 20_000)),
        Specimen("quotes", head + spec + "q: " + Bombs.nested("'", depth: 200_001)),
        Specimen("colons", head + spec + Bombs.nested(": ", depth: 50_000)),
        Specimen("spaces", head + spec + "a:" + Bombs.nested(" ", depth: 1 << 17) + "b\n"),
        Specimen("too many bytes", head + spec + Bombs.nested("# more\n", depth: 1_300_000)),
    ]

    @Test("a bomb is refused or read, and goes off nowhere", .timeLimit(.minutes(5)), arguments: bombs)
    func defused(bomb: Specimen) {
        let before = FuzzSettings.residentMiB
        let start = ContinuousClock.now
        let result = Cases.judge(Pipeline.read(bomb.text), isExplaining: false)
        #expect(result.faults.isEmpty, "\(result.faults)")
        #expect(FuzzSettings.residentMiB - before < FuzzSettings.mostGrowthMiB)
        if FuzzSettings.isLong { print("bomb \(bomb.testDescription): \(ContinuousClock.now - start)") }
    }
}
