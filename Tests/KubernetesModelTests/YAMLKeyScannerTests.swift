import TestSupport
import Testing

@testable import KubernetesModel

@Suite struct YAMLKeyScannerTests {
    @Test(
        "a key that is an alias or a collection is found, wherever it stands",
        arguments: [
            ("a: &x [1]\n*x : 1\n", 2, 1), ("a: &x [1]\n? *x\n: 1\n", 2, 1), ("a: &x [1]\nb: {*x : 1}\n", 2, 5),
            ("a: &x [1]\nb: {k: v, [*x]: 1}\n", 2, 11), ("a: &x [1]\nb: [{*x : 1}]\n", 2, 6),
            ("- &x [1]\n- b: |\n    text\n  *x : 1\n", 4, 3), ("- &x [1]\n- 'it''s'\n- &y [*x]: 1\n", 3, 3),
            ("a: &x [1]\nb: plain\n  text\n*x : 1\n", 4, 1), ("a: &x [1]\nb: \"\\\"\"\n*x : 1\n", 3, 1),
        ])
    func found(text: String, line: Int, column: Int) {
        #expect(YAMLKeyScanner.keyThatMayExplode(in: text) == SourcePosition(line: line, column: column))
    }

    @Test(
        "what only looks like such a key is none",
        arguments: [
            "a: &x [1]\nb: *x\n", "a: &x [1]\nb: [*x, *x]\nc: {d: *x}\n", "a: &x 1\nb: |\n  *x : 1\n  ? y\nc: *x\n",
            "a: &x 1\nb: >-\n  ? [*x] : 1\n\n  *x : 2\nc: *x\n", "a: &x 1\nb: '*x : 1'\nc: *x\n",
            "a: &x 1\nb: \"? *x\"\nc: *x\n", "a: &x 1 # *x : 1\nb: *x\n", "a: &x 1\nb: text\n  ? *x\nc: *x\n",
            "a: &x 1\nb:\n- |2\n    *x : 1\n- *x\n", "a: &x 1\nb:\n  c: |\n\n     *x : 1\n  d: *x\n",
            "a: &x 1\nb: x?y\nc: what?\nd: *x\n", "a: &x 1\nb: glob*s & more\nc: [*x]\n",
            "#!/bin/sh\n", "? a\n: b\n", "[a]: b\n",
        ])
    func notFound(text: String) { #expect(YAMLKeyScanner.keyThatMayExplode(in: text) == nil) }

    @Test("in random texts, no such key is missed")
    func random() {
        var random = SeededRandom(seed: 23)
        let pieces = [
            "a", "b", ": ", ":", "- ", "\n", "\n", "  ", " ", "[", "]", "{", "}", ", ", "\"", "'", "&x ", "*x", "*x ",
            "*x : ", "!!int ", "|", "|\n", ">-\n", "|2\n", "#", " # c", "\t", "? ", "?", "é", "\n  ", "\n    ", "---\n",
            "\\", "''", "<<: ", "k: ", "\nk: ", "\n- ", "[*x]: ", "x: |\n  ", "\u{85}", "\u{2028}", "\r\n",
        ]
        var complex = 0
        for round in 0..<8000 {
            let start = round % 2 == 0 ? "s: &x [1]\n" : "- &x [1]\n- "
            let length = Int.random(in: 1...14, using: &random)
            let text = start + (0..<length).compactMap { _ in pieces.randomElement(using: &random) }.joined()
            guard Self.hasComplexKey(text), Self.hasAlias(text) else { continue }
            complex += 1
            #expect(YAMLKeyScanner.keyThatMayExplode(in: text) != nil, "\(text.debugDescription)")
        }
        #expect(complex > 50)
    }

    private static func hasComplexKey(_ text: String) -> Bool {
        do { _ = try DocumentReader().compose(text) } catch {
            if case .keyIsNotAString = error { return true }
        }
        return false
    }

    /// Without its anchors, a text with an alias is none.
    private static func hasAlias(_ text: String) -> Bool {
        do { _ = try DocumentReader().compose(text.replacing("&x", with: "")) } catch {
            return error.description.contains("undefined alias")
        }
        return false
    }
}
