import Testing

@testable import KubernetesModel

@Suite struct ConfigObjectTests {
    private func read(_ yaml: String, _ kind: ConfigObject.Kind) throws -> (object: ConfigObject?, issues: [String]) {
        let document = try #require(try DocumentReader().read(yaml).first)
        var context = DecodingContext()
        let object = ConfigObject(document, kind: kind, defaultNamespace: "default", &context)
        return (object, context.issues.map(\.description))
    }

    @Test("a secret's data are base64, and stringData stand above them")
    func secret() throws {
        let (object, issues) = try read(
            "metadata: {name: a, namespace: b}\ndata: {x: YWJj, y: YWJj, empty: ''}\nstringData: {y: z}\n", .secret)
        #expect(issues.isEmpty)
        #expect(object?.name == "a" && object?.namespace == "b")
        #expect(object?.data == ["x": Array("abc".utf8), "y": Array("z".utf8), "empty": []])
    }

    @Test("a config map's data are text and its binaryData base64")
    func configMap() throws {
        let (object, issues) = try read("metadata: {name: a}\ndata: {x: YWJj}\nbinaryData: {y: AAH/}\n", .configMap)
        #expect(issues.isEmpty)
        #expect(object?.namespace == "default")
        #expect(object?.data == ["x": Array("YWJj".utf8), "y": [0, 1, 255]])
    }

    @Test("base64 may be broken into lines")
    func lines() throws {
        let (object, issues) = try read("metadata: {name: a}\ndata:\n  x: |\n    YW\n    Jj\n", .secret)
        #expect(issues.isEmpty)
        #expect(object?.data["x"] == Array("abc".utf8))
    }

    @Test("what is not base64 is told by its key", arguments: ["a", "abc", "hello world", "abcd!!!!", "éééé", "YW Jj"])
    func notBase64(value: String) throws {
        let (_, issues) = try read("metadata: {name: a}\ndata: {x: YWJj, pass: '\(value)'}\n", .secret)
        #expect(issues == ["data.pass: is not base64"])
    }

    @Test("every wrong value is told")
    func collects() throws {
        let (_, issues) = try read("metadata: {name: a}\ndata: {x: 1, y: [a]}\nstringData: 5\n", .secret)
        #expect(
            issues == [
                "data.x: 1 is not a string: put it in quotes", "data.y: a list is not a string: put it in quotes",
                "stringData: 5 is not an object",
            ])
    }

    @Test(
        "an object without a name is refused",
        arguments: ["metadata: {}", "metadata: {name: ''}", "data: {}", "metadata: {name: 5}"])
    func nameless(yaml: String) throws {
        let (object, issues) = try read(yaml, .configMap)
        #expect(object == nil)
        #expect(issues == ["metadata.name is missing: write it"])
    }
}
