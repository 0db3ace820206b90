import KubernetesModel
import Testing

@testable import LocalAPI

@Suite struct PatchingTests {
    private let maps = "/api/v1/namespaces/default/configmaps"
    private let apply = "application/apply-patch+yaml"

    @Test("server-side apply makes an object, owns its fields, and removes what it no longer names")
    func ownership() async throws {
        let api = try await APITester()
        let path = "\(maps)/a?fieldManager=one"
        let first = try await api.send("PATCH", path, APITester.configMap("a", #"{"x":"1","y":"1"}"#), type: apply)
        #expect(first.code == 201)
        let second = try await api.send("PATCH", path, APITester.configMap("a", #"{"x":"2"}"#), type: apply)
        #expect(second.code == 200)
        #expect(second.object["data"] == .object([DocumentMember("x", .string("2"))]))
        let entry = second.object[["metadata", "managedFields"]]?.elements.first
        #expect(entry?["manager"]?.text == "one")
        #expect(entry?["operation"]?.text == "Apply")
        #expect(entry?[["fieldsV1", "f:data", "f:x"]] != nil)
        #expect(entry?[["fieldsV1", "f:data", "f:y"]] == nil)
    }

    @Test("what another owns with another value is a conflict that names both, until it is forced")
    func conflicts() async throws {
        let api = try await APITester()
        _ = try await api.send(
            "PATCH", "\(maps)/a?fieldManager=one", APITester.configMap("a", #"{"x":"1"}"#), type: apply)
        let two = "\(maps)/a?fieldManager=two"
        let body = APITester.configMap("a", #"{"x":"2"}"#)
        let conflict = try await api.send("PATCH", two, body, type: apply)
        #expect(conflict.code == 409)
        #expect(conflict.fields == [".data.x"])
        #expect(conflict.message == #"Apply failed with 1 conflict: conflict with "one": .data.x"#)
        let forced = try await api.send("PATCH", "\(two)&force=true", body, type: apply)
        #expect(forced.object[["data", "x"]]?.text == "2")
        let managers = forced.object[["metadata", "managedFields"]]?.elements.compactMap { $0["manager"]?.text }
        #expect(managers == ["two"])
        // The same value is shared, not fought for.
        let shared = try await api.send("PATCH", "\(maps)/a?fieldManager=three", body, type: apply)
        #expect(shared.code == 200)
    }

    @Test("a write that is no apply takes the fields that it changes")
    func updatesOwn() async throws {
        let api = try await APITester()
        _ = try await api.send(
            "PATCH", "\(maps)/a?fieldManager=one", APITester.configMap("a", #"{"x":"1"}"#), type: apply)
        _ = try await api.send(
            "PATCH", "\(maps)/a?fieldManager=editor", #"{"data":{"x":"2"}}"#, type: "application/merge-patch+json")
        let conflict = try await api.send(
            "PATCH", "\(maps)/a?fieldManager=one", APITester.configMap("a", #"{"x":"1"}"#), type: apply)
        #expect(conflict.code == 409)
        #expect(conflict.message.contains(#"conflict with "editor" using v1: .data.x"#))
    }

    @Test("a JSON patch whose test fails changes nothing")
    func jsonPatch() async throws {
        let api = try await APITester()
        _ = try await api.send("POST", maps, APITester.configMap("a", #"{"x":"1"}"#))
        let type = "application/json-patch+json"
        let failed = try await api.send(
            "PATCH", "\(maps)/a",
            #"[{"op":"replace","path":"/data/x","value":"2"},{"op":"test","path":"/data/x","value":"3"}]"#, type: type)
        #expect(failed.code == 422)
        #expect(try await api.send("GET", "\(maps)/a").object[["data", "x"]]?.text == "1")
        let done = try await api.send(
            "PATCH", "\(maps)/a", #"[{"op":"add","path":"/data/a~1b","value":"2"}]"#, type: type)
        #expect(done.object[["data", "a/b"]]?.text == nil, "a slash is no key of a ConfigMap")
        #expect(done.code == 422)
    }

    @Test("a strategic merge patch is for built-in kinds, whose lists it merges by key")
    func strategic() async throws {
        let api = try await APITester()
        let type = "application/strategic-merge-patch+json"
        let node = """
            {"apiVersion":"v1","kind":"Node","metadata":{"name":"n"},\
            "status":{"conditions":[{"type":"Ready","status":"True"},{"type":"Disk","status":"True"}]}}
            """
        _ = try await api.send("POST", "/api/v1/nodes", node, isAgent: true)
        let patch = #"{"status":{"conditions":[{"type":"Ready","status":"False"}]}}"#
        let answer = try await api.send("PATCH", "/api/v1/nodes/n/status", patch, type: type)
        let states = answer.object[["status", "conditions"]]?.elements.compactMap { $0["status"]?.text }
        #expect(states == ["False", "True"])
        _ = try await api.send("POST", APITester.instances, APITester.instance("a"))
        #expect(try await api.send("PATCH", "\(APITester.instances)/a", "{}", type: type).code == 415)
    }

    @Test("hundreds of patches at once all count")
    func concurrentPatches() async throws {
        let api = try await APITester()
        _ = try await api.send("POST", maps, APITester.configMap("a"))
        let codes = try await withThrowingTaskGroup(of: Int.self) { group in
            for index in 0..<40 {
                group.addTask { [maps] in
                    var code = 409
                    while code == 409 {
                        let patch = #"{"data":{"k\#(index)":"v"}}"#
                        code = try await api.send(
                            "PATCH", "\(maps)/a", patch, type: "application/merge-patch+json"
                        ).code
                    }
                    return code
                }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(codes.allSatisfy { $0 == 200 })
        #expect(try await api.send("GET", "\(maps)/a").object["data"]?.members.count == 40)
    }
}
