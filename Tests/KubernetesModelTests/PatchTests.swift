import Testing

@testable import KubernetesModel

private func node(_ text: String) throws -> DocumentNode {
    try #require(try DocumentReader().read(text).first)
}

@Suite struct PatchTests {
    @Test(
        "a merge patch does what RFC 7386 says",
        arguments: [
            (#"{"a":"b"}"#, #"{"a":"c"}"#, #"{"a":"c"}"#), (#"{"a":"b"}"#, #"{"b":"c"}"#, #"{"a":"b","b":"c"}"#),
            (#"{"a":"b"}"#, #"{"a":null}"#, "{}"), (#"{"a":["b"]}"#, #"{"a":"c"}"#, #"{"a":"c"}"#),
            (#"{"a":{"b":"c"}}"#, #"{"a":{"b":"d","c":null}}"#, #"{"a":{"b":"d"}}"#),
            (#"{"a":[{"b":"c"}]}"#, #"{"a":[1]}"#, #"{"a":[1]}"#), (#"["a","b"]"#, #"["c","d"]"#, #"["c","d"]"#),
            (#"{"a":"foo"}"#, #""bar""#, #""bar""#), (#"[1,2]"#, #"{"a":"b","c":null}"#, #"{"a":"b"}"#),
            ("{}", #"{"a":{"bb":{"ccc":null}}}"#, #"{"a":{"bb":{}}}"#),
        ])
    func merge(_ target: String, _ patch: String, _ result: String) throws {
        #expect(try MergePatch.apply(node(patch), to: node(target)).saysTheSame(as: node(result)))
    }

    @Test("the difference of two documents is the patch that leads from one to the other")
    func difference() throws {
        let old = try node(#"{"a":1,"b":{"c":2,"d":3},"e":[1]}"#)
        let new = try node(#"{"a":1,"b":{"c":4},"e":[1,2],"f":"x"}"#)
        let patch = try #require(MergePatch.difference(from: old, to: new))
        #expect(MergePatch.apply(patch, to: old).saysTheSame(as: new))
        #expect(MergePatch.difference(from: old, to: old) == nil)
    }

    @Test(
        "a JSON patch does what RFC 6902 says",
        arguments: [
            (#"{"foo":"bar"}"#, #"[{"op":"add","path":"/baz","value":"qux"}]"#, #"{"baz":"qux","foo":"bar"}"#),
            (#"{"foo":["a","b"]}"#, #"[{"op":"add","path":"/foo/1","value":"x"}]"#, #"{"foo":["a","x","b"]}"#),
            (#"{"foo":["a"]}"#, #"[{"op":"add","path":"/foo/-","value":["b"]}]"#, #"{"foo":["a",["b"]]}"#),
            (#"{"foo":["a","b","c"]}"#, #"[{"op":"remove","path":"/foo/1"}]"#, #"{"foo":["a","c"]}"#),
            (#"{"a":1}"#, #"[{"op":"replace","path":"/a","value":2}]"#, #"{"a":2}"#),
            (
                #"{"foo":{"bar":1},"qux":{}}"#, #"[{"op":"move","from":"/foo/bar","path":"/qux/thud"}]"#,
                #"{"foo":{},"qux":{"thud":1}}"#
            ),
            (#"{"foo":["a","b","c"]}"#, #"[{"op":"move","from":"/foo/0","path":"/foo/2"}]"#, #"{"foo":["b","c","a"]}"#),
            (#"{"a":{"b":1}}"#, #"[{"op":"copy","from":"/a","path":"/c"}]"#, #"{"a":{"b":1},"c":{"b":1}}"#),
            (
                #"{"a/b":1,"m~n":2}"#, #"[{"op":"test","path":"/a~1b","value":1},{"op":"remove","path":"/m~0n"}]"#,
                #"{"a/b":1}"#
            ),
            (#"{"a":1}"#, #"[{"op":"replace","path":"","value":{"b":2}}]"#, #"{"b":2}"#),
        ])
    func json(_ target: String, _ patch: String, _ result: String) throws {
        #expect(try JSONPatch(node(patch)).apply(to: node(target)).saysTheSame(as: node(result)))
    }

    @Test(
        "a JSON patch that cannot be applied is refused",
        arguments: [
            #"[{"op":"add","path":"/x/y","value":1}]"#, #"[{"op":"remove","path":"/x"}]"#,
            #"[{"op":"replace","path":"/x","value":1}]"#, #"[{"op":"test","path":"/a","value":2}]"#,
            #"[{"op":"add","path":"/l/9","value":1}]"#, #"[{"op":"add","path":"/l/01","value":1}]"#,
            #"[{"op":"boil","path":"/a"}]"#, #"[{"op":"add","path":"a","value":1}]"#, #"{"op":"add"}"#,
            #"[{"op":"move","from":"/o","path":"/o/p"}]"#, #"[{"op":"add","path":"/a"}]"#,
        ])
    func refused(_ patch: String) throws {
        let target = try node(#"{"a":1,"l":[1],"o":{}}"#)
        #expect(throws: PatchError.self) { try JSONPatch(node(patch)).apply(to: target) }
    }

    @Test("copies that would double an object again and again are refused")
    func copies() throws {
        let copy = #"{"op":"copy","from":"","path":"/a"}"#
        let patch = "[" + Array(repeating: copy, count: 30).joined(separator: ",") + "]"
        #expect(throws: PatchError.tooLarge(limit: 16)) { try JSONPatch(node(patch)) }
    }

    private static let schema = StructuralSchema.compile(
        .fields([
            "list": .list(.fields(["name": .string, "value": .int64])), "set": .list(.string),
            "atomic": .list(.string), "map": .map(.string),
        ]), notes: StructuralSchema.Notes(lists: ["list": .map(keys: ["name"]), "set": .set]))

    @Test(
        "a strategic merge patch merges lists by key and heeds directives",
        arguments: [
            (#"{"list":[{"name":"a","value":9}]}"#, #"{"list":[{"name":"a","value":9},{"name":"b","value":2}]}"#),
            (#"{"list":[{"name":"c"}]}"#, #"{"list":[{"name":"a","value":1},{"name":"b","value":2},{"name":"c"}]}"#),
            (#"{"list":[{"name":"a","$patch":"delete"}]}"#, #"{"list":[{"name":"b","value":2}]}"#),
            (#"{"list":[{"$patch":"replace"},{"name":"z"}]}"#, #"{"list":[{"name":"z"}]}"#),
            (
                #"{"$setElementOrder/list":[{"name":"b"},{"name":"a"}]}"#,
                #"{"list":[{"name":"b","value":2},{"name":"a","value":1}]}"#
            ),
        ])
    func strategic(_ patch: String, _ result: String) throws {
        let target = try node(#"{"list":[{"name":"a","value":1},{"name":"b","value":2}]}"#)
        let patched = try StrategicMergePatch(schema: Self.schema).apply(node(patch), to: target)
        #expect(try patched.saysTheSame(as: node(result)))
    }

    @Test("sets grow and shrink by element, other lists are replaced, maps are merged or replaced")
    func strategicOthers() throws {
        let target = try node(#"{"set":["a","b"],"atomic":["x"],"map":{"k":"1"}}"#)
        let patch = try node(
            #"{"set":["c"],"$deleteFromPrimitiveList/set":["a"],"atomic":["y"],"map":{"$patch":"replace","l":"2"}}"#)
        let result = try StrategicMergePatch(schema: Self.schema).apply(patch, to: target)
        #expect(try result.saysTheSame(as: node(#"{"set":["b","c"],"atomic":["y"],"map":{"l":"2"}}"#)))
    }
}
