import TestSupport
import Testing

@testable import KubernetesModel

@Suite struct DocumentWriterTests {
    @Test(
        "a string comes back from YAML and from JSON as it was",
        arguments: [
            "", " ", "a", "true", "yes", "n", "null", "~", "1", "1e3", "0x1F", "1_000", "12:30", ".inf", "-", "- a",
            "a: b", "a #b", "#a",
            "'", "\"", "\\", "\n", "a\nb", "a\nb\n", "a\n\n", "\n\na", "  a\n b", "a \nb", "a\tb", "\ta\nb", "a\r\nb",
            "é😀", "\u{7F}", "\u{85}",
            "\u{2028}", "%a", "@a", "`a", "*a", "&a", "!a", "|", ">", "{a}", "[a]", "a,b", "? a", "---", "...", "<<",
            "=",
            "#cloud-config\nusers:\n  - name: a\n", "x\u{1}y", "\u{0}", "2026-01-31",
            String(repeating: "long ", count: 100), "a ", "a\n ",
        ])
    func roundTrip(text: String) throws {
        let node = DocumentNode.object([
            DocumentMember("value", .string(text)), DocumentMember("list", .array([.string(text)])),
            DocumentMember("after", .number(1)),
        ])
        #expect(try DocumentReader().read(DocumentWriter.yaml(node)) == [node], "\(DocumentWriter.yaml(node))")
        #expect(try DocumentReader().read(DocumentWriter.json(node)) == [node])
        #expect(try DocumentReader().read(DocumentWriter.json(node, indent: nil)) == [node])
    }

    @Test(
        "a key comes back as it was, and is quoted where kubectl would read another",
        arguments: [
            "a", "", "true", "on", "y", "1", "null", "a: b", "- a", "kubevirt.io/x", "é", "a\nb", "'", "\"", "#", "? a",
        ])
    func keys(key: String) throws {
        let node = DocumentNode.object([DocumentMember(key, .object([DocumentMember("k", .string("v"))]))])
        let yaml = DocumentWriter.yaml(node)
        #expect(try DocumentReader().read(yaml) == [node], "\(yaml)")
        #expect(try DocumentReader().read(DocumentWriter.json(node)) == [node])
        if ["true", "on", "y", "1", "null"].contains(key) { #expect(yaml.hasPrefix("\"\(key)\":"), "\(yaml)") }
    }

    @Test("words that YAML 1.1 reads as booleans are quoted", arguments: ["y", "Y", "n", "N", "yes", "off", "True"])
    func booleans(word: String) {
        #expect(DocumentWriter.yaml(.object([DocumentMember("v", .string(word))])) == "v: \"\(word)\"\n")
    }

    @Test("YAML is written in blocks, as kubectl prints it")
    func blocks() {
        let node = DocumentNode.object([
            DocumentMember("kind", .string("VMI")), DocumentMember("count", .number(3)),
            DocumentMember("b", .bool(true)),
            DocumentMember("none", DocumentNode(.null)), DocumentMember("empty", .object([])),
            DocumentMember("no", .array([])),
            DocumentMember("list", .array([.object([DocumentMember("name", .string("a"))])])),
            DocumentMember("text", .string("one\ntwo\n")),
        ])
        #expect(
            DocumentWriter.yaml(node) == """
                kind: VMI
                count: 3
                b: true
                none: null
                empty: {}
                "no": []
                list:
                - name: a
                text: |
                  one
                  two

                """)
    }

    @Test("JSON is indented as asked, or on one line")
    func json() {
        let node = DocumentNode.object([
            DocumentMember("a", .array([.number(1), .string("x\u{2028}\u{1}\"")])), DocumentMember("b", .object([])),
        ])
        #expect(DocumentWriter.json(node, indent: nil) == #"{"a":[1,"x\u2028\u0001\""],"b":{}}"#)
        #expect(
            DocumentWriter.json(node, indent: 2) == """
                {
                  "a": [
                    1,
                    "x\\u2028\\u0001\\""
                  ],
                  "b": {}
                }
                """)
    }

    @Test("random trees come back from YAML and JSON as they were")
    func randomTrees() throws {
        var random = SeededRandom(seed: 3)
        for _ in 0..<300 {
            let node = DocumentNode.object([DocumentMember("root", tree(depth: 4, &random))])
            #expect(try DocumentReader().read(DocumentWriter.yaml(node)) == [node], "\(DocumentWriter.yaml(node))")
            #expect(try DocumentReader().read(DocumentWriter.json(node)) == [node])
        }
    }

    private func tree(depth: Int, _ random: inout SeededRandom) -> DocumentNode {
        switch Int.random(in: 0..<(depth > 0 ? 7 : 5), using: &random) {
        case 0: return DocumentNode(.null)
        case 1: return .bool(Bool.random(using: &random))
        case 2: return .number(Int.random(in: -1000...1000, using: &random))
        case 3, 4: return .string(text(&random))
        case 5: return .array((0..<Int.random(in: 0...3, using: &random)).map { _ in tree(depth: depth - 1, &random) })
        default:
            let count = Int.random(in: 0...3, using: &random)
            return .object((0..<count).map { DocumentMember("\($0)\(text(&random))", tree(depth: depth - 1, &random)) })
        }
    }

    private func text(_ random: inout SeededRandom) -> String {
        let letters = Array("ab1 :#-'\"\\\n\t{}[],&*!|>%@é😀~yn.<=\u{1}")
        return String(
            (0..<Int.random(in: 0...8, using: &random)).compactMap { _ in letters.randomElement(using: &random) })
    }
}
