import TestSupport
import Testing

@testable import KubernetesModel

@Suite struct YAMLReaderTests {
    private func value(_ text: String) throws -> DocumentNode.Value? {
        try DocumentReader().read("v: \(text)\n").first.flatMap { document in
            guard case .object(let members) = document.value else { return nil }
            return members.first?.value.value
        }
    }

    @Test(
        "plain words are booleans by YAML 1.1's rules, as kubectl reads them",
        arguments: [
            ("true", true), ("True", true), ("TRUE", true), ("yes", true), ("Yes", true), ("on", true), ("ON", true),
            ("y", true),
            ("Y", true), ("false", false), ("False", false), ("no", false), ("NO", false), ("off", false),
            ("Off", false),
            ("n", false), ("N", false),
        ])
    func booleans(text: String, bool: Bool) throws { #expect(try value(text) == .bool(bool)) }

    @Test(
        "quoted words, and words that only look like others, are strings",
        arguments: [
            ("'true'", "true"), ("\"yes\"", "yes"), ("'1'", "1"), ("\"null\"", "null"), ("tRue", "tRue"),
            ("yess", "yess"),
            ("1.2.3", "1.2.3"), ("12Gi", "12Gi"), (".inf", ".inf"), (".nan", ".nan"), ("2026-01-31", "2026-01-31"),
            ("0x", "0x"), ("0x-1", "0x-1"), (".", "."), ("1e", "1e"), ("0b2", "0b2"),
            ("+-1", "+-1"), ("!!str 5", "5"), ("!!str true", "true"), ("! 5", "5"),
            ("02:00:00:12:34:56", "02:00:00:12:34:56"), ("=", "="), ("1:30", "1:30"),
            ("0xFFFFFFFFFFFFFFFFF", "0xFFFFFFFFFFFFFFFFF"),
        ])
    func strings(text: String, string: String) throws { #expect(try value(text) == .string(string)) }

    @Test("nothing, ~ and null are null", arguments: ["", "~", "null", "Null", "NULL"])
    func null(text: String) throws { #expect(try value(text) == .null) }

    @Test(
        "numbers become JSON's, with every digit kept",
        arguments: [
            ("0", "0"), ("-0", "-0"), ("12", "12"), ("+12", "12"), ("-12", "-12"), ("1_000", "1000"), ("0x1F", "31"),
            ("-0x10", "-16"),
            ("0b101", "5"), ("0o17", "15"), ("017", "15"), ("1.50", "1.50"), ("1e3", "1e3"), ("-1.5E-3", "-1.5E-3"),
            (".5", "0.5"), ("1.", "1.0"), ("1.e3", "1.0e3"), ("09.5", "9.5"), ("00.5", "0.5"), ("09", "9"),
            ("123456789012345678901234567890", "123456789012345678901234567890"),
            ("0.1000000000000000055511151231257827", "0.1000000000000000055511151231257827"),
        ])
    func numbers(text: String, number: String) throws { #expect(try value(text) == .number(number)) }

    @Test("whatever YAML reads as a scalar can be written as JSON and read back")
    func scalarsSurviveJSON() throws {
        var random = SeededRandom(seed: 11)
        let letters = Array("0123456789.eE+-_xob:~ynYNtrueoffalsui#&*!|>'\"%@`{}[],")
        for _ in 0..<1500 {
            let length = Int.random(in: 1...6, using: &random)
            let text = String((0..<length).compactMap { _ in letters.randomElement(using: &random) })
            guard let document = try? DocumentReader().read("v: \(text)\n").first else { continue }
            let json = DocumentWriter.json(document)
            #expect(try DocumentReader().read(json) == [document], "\(text) became \(json)")
        }
    }

    @Test("several documents are read, and empty ones are left out")
    func documents() throws {
        let documents = try DocumentReader().read("---\n# nothing\n---\na: 1\n---\n~\n...\n---\nb: 2\n")
        #expect(documents.map { DocumentWriter.json($0, indent: nil) } == ["{\"a\":1}", "{\"b\":2}"])
        #expect(try DocumentReader().read("").isEmpty)
        #expect(try DocumentReader().read("# only a comment").isEmpty)
    }

    @Test(
        "a key that stands twice is an error that names it",
        arguments: [
            ("a: 1\na: 2\n", "a"), ("x:\n  name: 1\n  other: 2\n  name: 3\n", "name"), ("1: a\n'1': b\n", "1"),
            ("{\"a\": 1, \"b\": 2, \"a\": 3}", "a"),
        ])
    func duplicateKeys(text: String, key: String) {
        let error = #expect(throws: DocumentError.self) { try DocumentReader().read(text) }
        guard case .duplicateKey(let name, let position) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(name == key)
        #expect(position != nil)
        #expect(error?.description == "the key \"\(key)\" stands twice in one object: remove one")
    }

    @Test("a key that is no string is refused", arguments: ["? [a, b]\n: 1\n", "? {a: 1}\n: 1\n", "{[1]: 2}"])
    func complexKeys(text: String) {
        let error = #expect(throws: DocumentError.self) { try DocumentReader().read(text) }
        guard case .keyIsNotAString = error else {
            Issue.record("\(String(describing: error))")
            return
        }
    }

    @Test("an alias stands for what its anchor names, and one without an anchor is an error")
    func aliases() throws {
        let document = try #require(try DocumentReader().read("a: &x {k: v}\nb: *x\n").first)
        #expect(document["a"] == document["b"])
        #expect(document["b"]?["k"]?.text == "v")
        #expect(throws: DocumentError.self) { try DocumentReader().read("a: *nobody\n") }
    }

    @Test("a merge key draws members in, and what an object says itself stands")
    func mergeKeys() throws {
        let text = """
            base: &base {a: 1, b: 2}
            more: &more {b: 3, c: 4}
            one:
              b: own
              <<: *base
            many:
              <<: [*more, *base]
            inner: {<<: {<<: *base, d: 5}}
            quoted: {"<<": x}
            """
        let document = try #require(try DocumentReader().read(text).first)
        #expect(document["one"].map { DocumentWriter.json($0, indent: nil) } == #"{"b":"own","a":1}"#)
        #expect(document["many"].map { DocumentWriter.json($0, indent: nil) } == #"{"b":3,"c":4,"a":1}"#)
        #expect(document["inner"].map { DocumentWriter.json($0, indent: nil) } == #"{"d":5,"a":1,"b":2}"#)
        #expect(document["quoted"]?["<<"]?.text == "x")
        #expect(document["one"]?["a"]?.position?.line == 1)
        #expect(try DocumentReader().read(DocumentWriter.yaml(document)) == [document])
    }

    @Test(
        "a merge key takes nothing but objects",
        arguments: ["a: {<<: 1}", "a: {<<: ~}", "a: {<<: []}", "a: {<<: [1]}", "x: &x [1]\na: {<<: *x}"])
    func badMerges(text: String) {
        let error = #expect(throws: DocumentError.self) { try DocumentReader().read(text) }
        #expect(error?.description.contains("<< merges objects only") == true)
        #expect(error?.position != nil)
    }

    @Test("a bomb of merge keys is refused before it grows")
    func mergeBomb() {
        let text = (1...30).reduce("a0: &a0 {k: v}\n") { text, level in
            let aliases = Array(repeating: "*a\(level - 1)", count: 10).joined(separator: ", ")
            return text + "a\(level): &a\(level) {<<: [\(aliases)], k\(level): v}\n"
        }
        var reader = DocumentReader()
        reader.maximumNodes = 20_000
        #expect(throws: DocumentError.tooManyNodes(limit: 20_000)) { try reader.read(text) }
    }

    @Test(
        "a bomb for a key is refused before anything is made of it",
        arguments: ["? *a30\n: x", "*a30 : x", "{*a30 : x}", "{*a30, b}", "? [*a30]\n", "[[*a30]: x]", "? {k: *a30}\n"])
    func keyBomb(key: String) {
        let error = #expect(throws: DocumentError.self) {
            try DocumentReader().read(Self.bomb(levels: 30) + "---\n" + key)
        }
        guard case .keyIsNotAString(let position) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect((position?.line ?? 0) > 31)
    }

    /// Every level names the one above it ten times: ten to the power of `levels` values out of few bytes.
    private static func bomb(levels: Int) -> String {
        (1...levels).reduce("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n") { text, level in
            text + "a\(level): &a\(level) [" + Array(repeating: "*a\(level - 1)", count: 10).joined(separator: ", ")
                + "]\n"
        }
    }

    @Test("a bomb of aliases is refused before it grows")
    func aliasBomb() throws {
        var reader = DocumentReader()
        reader.maximumNodes = 20_000
        #expect(throws: DocumentError.tooManyNodes(limit: 20_000)) { try reader.read(Self.bomb(levels: 30)) }
        #expect(try reader.read(Self.bomb(levels: 2)).count == 1)
    }

    @Test("the budget of values bounds each document, and is exact")
    func budget() throws {
        var reader = DocumentReader()
        reader.maximumNodes = 4
        #expect(try reader.read("[1, 2, 3]").count == 1)
        #expect(try reader.read("- 1\n- 2\n- 3\n").count == 1)
        #expect(throws: DocumentError.tooManyNodes(limit: 4)) { try reader.read("[1, 2, 3, 4]") }
        #expect(throws: DocumentError.tooManyNodes(limit: 4)) { try reader.read("- 1\n- 2\n- 3\n- 4\n") }
    }

    @Test(
        "deep nesting is refused, however it is written",
        arguments: [
            String(repeating: "[", count: 20_000), String(repeating: "{\"a\":", count: 20_000),
            String(repeating: "- ", count: 20_000), String(repeating: "? ", count: 20_000),
            "a: " + String(repeating: "[", count: 20_000), String(repeating: "- - ? ", count: 20_000) + "a",
            (0..<700).map { String(repeating: " ", count: $0) + "a:\n" }.joined(),
            (0..<600).map { String(repeating: " ", count: $0) + "a:\n" + String(repeating: " ", count: $0) + "- " }
                .joined(separator: "\n"),
            String(repeating: "- ", count: 150) + "a",
            "x: " + String(repeating: "[", count: 150) + String(repeating: "]", count: 150),
        ])
    func deepNesting(text: String) {
        let error = #expect(throws: DocumentError.self) { try DocumentReader().read(text) }
        #expect(error == .tooDeep(limit: 100))
        #expect(error?.description == "the document is nested more than 100 levels deep")
    }

    @Test("brackets, dashes and spaces within strings are no nesting")
    func nestingInStrings() throws {
        let brackets = String(repeating: "[", count: 500)
        let script =
            "v: |\n  \(brackets)\n  \(String(repeating: " ", count: 3000))deep\n  \(String(repeating: "- ", count: 50))\n"
        let document = try #require(try DocumentReader().read(script).first)
        #expect(document["v"]?.text?.contains(brackets) == true)
        #expect(try DocumentReader().read("v: '\(brackets)'\n").first?["v"]?.text == brackets)
    }

    @Test("a text above the limit is refused with both figures")
    func tooLarge() {
        var reader = DocumentReader()
        reader.maximumBytes = 10
        let error = #expect(throws: DocumentError.self) { try reader.read("a: 'ä234567'") }
        #expect(error?.description == "the text is 13 bytes long, and the limit is 10: split it into several files")
    }

    @Test(
        "an error says where it is",
        arguments: [("a: 1\nb: [1\n", 3), ("a: 'x\n\n", 3), ("a:\n\t- b\n", 2), ("a: b: c\n", 1)])
    func positions(text: String, line: Int) {
        let error = #expect(throws: DocumentError.self) { try DocumentReader().read(text) }
        #expect(error?.position?.line == line)
        #expect(error?.description.hasPrefix("this is not YAML: ") == true)
    }

    @Test("nodes know their line and column")
    func nodePositions() throws {
        let document = try #require(try DocumentReader().read("a: 1\nb:\n  - x\n  - name: y\n").first)
        #expect(document["a"]?.position == SourcePosition(line: 1, column: 4))
        guard case .array(let elements) = document["b"]?.value else {
            Issue.record("b is no list")
            return
        }
        #expect(elements.first?.position == SourcePosition(line: 3, column: 5))
        #expect(elements.last?["name"]?.position == SourcePosition(line: 4, column: 11))
    }

    @Test("random texts are read or refused, and never end the process")
    func randomTexts() {
        var random = SeededRandom(seed: 7)
        let pieces = [
            "a", ": ", "- ", "\n", "  ", "[", "]", "{", "}", ",", "\"", "'", "&x ", "*x", "!!int ", "|", ">", "#", "\t",
            "?", "%", "é", "\u{0}", "\u{FEFF}", "---\n", "\\u", "<<: ",
        ]
        var read = 0
        for _ in 0..<1500 {
            let length = Int.random(in: 1...25, using: &random)
            let text = (0..<length).compactMap { _ in pieces.randomElement(using: &random) }.joined()
            if let documents = try? DocumentReader().read(text) { read += documents.count }
        }
        #expect(read > 100)
    }
}
