import Testing

@testable import KubernetesModel

@Suite struct JSONReaderTests {
    private func read(_ text: String) throws(DocumentError) -> DocumentNode {
        var reader = JSONReader(text, maximumDepth: 100, maximumNodes: 1000)
        return try reader.read()
    }

    @Test(
        "escapes are read as their characters",
        arguments: [
            (#""a\n\t\r\b\f\"\\\/z""#, "a\n\t\r\u{8}\u{c}\"\\/z"), (#""\u0041\u00e9\u20ac""#, "Aé€"),
            (#""\uD83D\uDE00""#, "😀"),
            (#""\ud83d\ude00!""#, "😀!"), (#""\u0000""#, "\u{0}"), (#""\uFFFF""#, "\u{FFFF}"), ("\"é😀\"", "é😀"),
        ])
    func escapes(text: String, string: String) throws { #expect(try read(text) == .string(string)) }

    @Test(
        "half a surrogate pair is refused",
        arguments: [
            #""\uD83D""#, #""\uDE00""#, #""\uD83Dx""#, #""\uD83D\n""#, #""\uD83D\uD83D""#, #""\uD83D\u0041""#,
            #""\uDE00\uD83D""#,
        ])
    func surrogates(text: String) {
        let error = #expect(throws: DocumentError.self) { try read(text) }
        #expect(error?.description == "this is not JSON: half of a surrogate pair is missing")
    }

    @Test(
        "what is no JSON is refused",
        arguments: [
            "", " ", "{", "[", "[1", "[1 2]", "[1,]", "[,]", "{\"a\"}", "{\"a\":}", "{\"a\":1,}", "{a:1}", "{1:2}",
            "\"", "\"a",
            "\"\\", "\"\\x\"", "\"\\u12\"", "\"\\u12G4\"", "\"\\u+123\"", "\"\\u-001\"", "\"a\nb\"", "\"\u{1}\"", "nul",
            "True", "01",
            "+1", "1.", ".5", "1e", "--1", "0x10", "NaN", "Infinity", "1 2", "{} {}", "]", "\"a\" b", "[1]]", "'a'",
        ])
    func refused(text: String) { #expect(throws: DocumentError.self) { try read(text) } }

    @Test(
        "numbers keep their text",
        arguments: [
            "0", "-0", "1.0", "1e3", "1E+3", "-1.5e-10", "18446744073709551616", "0.1000000000000000055511151231257827",
        ])
    func numbers(text: String) throws {
        let node = try read(text)
        #expect(node.value == .number(text))
        #expect(DocumentWriter.json(node) == text)
    }

    @Test("exactly the allowed depth is read")
    func depth() throws {
        let deepest = String(repeating: "[", count: 100) + String(repeating: "]", count: 100)
        #expect(try read(deepest).kindName == "a list")
        #expect(throws: DocumentError.tooDeep(limit: 100)) { try read("[\(deepest)]") }
    }

    @Test("neighbours do not count as depth")
    func breadth() throws {
        let text = "[" + Array(repeating: "[]", count: 500).joined(separator: ",") + "]"
        #expect(try read(text).kindName == "a list")
    }

    @Test("errors and nodes say line and column")
    func positions() throws {
        let error = #expect(throws: DocumentError.self) { try read("{\n  \"a\": 1,\n  \"b\": tru\n}") }
        #expect(error?.position == SourcePosition(line: 3, column: 8))
        #expect(try read("{\n  \"a\": [1]\n}")["a"]?.position == SourcePosition(line: 2, column: 8))
    }

    @Test("a YAML flow mapping that is no JSON is still read")
    func flowYAML() throws {
        let documents = try DocumentReader().read("{kind: VirtualMachineInstance, on: [yes, 1_0,]}")
        #expect(documents.first?["kind"]?.text == "VirtualMachineInstance")
    }

    @Test("of a text that neither JSON nor YAML can read, JSON's error is told")
    func jsonErrorStands() {
        let error = #expect(throws: DocumentError.self) { try DocumentReader().read("{\"a\": [1, 2}") }
        #expect(error?.description.hasPrefix("this is not JSON: ") == true)
    }
}
