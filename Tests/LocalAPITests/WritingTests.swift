import KubernetesModel
import Testing

@testable import LocalAPI

@Suite struct WritingTests {
    private let path = APITester.instances
    private let maps = "/api/v1/namespaces/default/configmaps"

    @Test("a VMI that is created gets what every object has, the node's label, the finalizer and a UUID")
    func creation() async throws {
        let api = try await APITester()
        let answer = try await api.send("POST", path, APITester.instance("a"))
        #expect(answer.code == 201)
        let object = answer.object
        #expect(object.objectUID?.count == 36)
        #expect(object[["metadata", "creationTimestamp"]]?.text?.hasSuffix("Z") == true)
        #expect(object[["metadata", "generation"]]?.integer == 1)
        #expect(object[["metadata", "labels", "kubevirt.io/nodeName"]]?.text == "node1")
        #expect(
            object[["metadata", "finalizers"]]?.elements == [.string("kubevirt.io/foregroundDeleteVirtualMachine")])
        #expect(object[["spec", "domain", "firmware", "uuid"]]?.text?.count == 36)
        #expect(object[["spec", "domain", "machine"]] == nil, "defaults are the agent's matter")
        let read = try await api.send("GET", "\(path)/a")
        #expect(read.object == object)
        #expect(try await api.send("POST", path, APITester.instance("a")).reason == "AlreadyExists")
    }

    @Test("a VMI that cannot be is refused with the fields that are wrong")
    func invalid() async throws {
        let api = try await APITester()
        let extra = #","volumes":[{"name":"x"}],"terminationGracePeriodSeconds":-1"#
        let answer = try await api.send("POST", path, APITester.instance("a", extra: extra))
        #expect(answer.code == 422)
        #expect(answer.reason == "Invalid")
        #expect(answer.fields.contains("spec.terminationGracePeriodSeconds"))
        #expect(answer.object[["details", "kind"]]?.text == "VirtualMachineInstance")
    }

    @Test(
        "names that Kubernetes would refuse are refused",
        arguments: ["A", "a_b", "-a", "a..b", String(repeating: "a", count: 254), ""])
    func names(_ name: String) async throws {
        let api = try await APITester()
        let answer = try await api.send("POST", maps, APITester.configMap(name))
        #expect(answer.code == 422)
        #expect(answer.fields == ["metadata.name"])
    }

    @Test("a name can be generated")
    func generateName() async throws {
        let api = try await APITester()
        let body = #"{"apiVersion":"v1","kind":"ConfigMap","metadata":{"generateName":"gen-"}}"#
        let name = try await api.send("POST", maps, body).object.objectName
        #expect(name.hasPrefix("gen-"))
        #expect(name.count == 9)
    }

    @Test("an object in a namespace that is not there is refused with 404")
    func missingNamespace() async throws {
        let api = try await APITester()
        let answer = try await api.send("POST", "/api/v1/namespaces/nowhere/configmaps", APITester.configMap("a"))
        #expect(answer.code == 404)
        #expect(answer.message == "namespaces \"nowhere\" not found")
    }

    @Test("a write with an old resourceVersion is refused with 409, and a uid that is another's too")
    func conflict() async throws {
        let api = try await APITester()
        var object = try await api.send("POST", maps, APITester.configMap("a")).object
        object[["data", "x"]] = .string("1")
        let body = DocumentWriter.json(object, indent: nil)
        #expect(try await api.send("PUT", "\(maps)/a", body).code == 200)
        let answer = try await api.send("PUT", "\(maps)/a", body)
        #expect(answer.code == 409)
        #expect(answer.reason == "Conflict")
        object[["metadata", "resourceVersion"]] = nil
        object[["metadata", "uid"]] = .string("11111111-1111-1111-1111-111111111111")
        #expect(try await api.send("PUT", "\(maps)/a", DocumentWriter.json(object, indent: nil)).code == 409)
    }

    @Test("a custom kind cannot be replaced without a resourceVersion")
    func unguarded() async throws {
        let api = try await APITester()
        _ = try await api.send("POST", path, APITester.instance("a"))
        let answer = try await api.send("PUT", "\(path)/a", APITester.instance("a"))
        #expect(answer.code == 422)
        #expect(answer.fields == ["metadata.resourceVersion"])
    }

    @Test("a write that changes nothing makes no new version")
    func noChange() async throws {
        let api = try await APITester()
        let object = try await api.send("POST", maps, APITester.configMap("a", #"{"x":"1"}"#)).object
        let again = try await api.send(
            "PATCH", "\(maps)/a", #"{"data":{"x":"1"}}"#, type: "application/merge-patch+json")
        #expect(again.object.resourceVersion == object.resourceVersion)
    }

    @Test("an unknown field is refused, told, or dropped in silence, as the client asks")
    func fieldValidation() async throws {
        let api = try await APITester()
        let body = APITester.instance("a", extra: #","bogus":1"#)
        let strict = try await api.send("POST", "\(path)?fieldValidation=Strict", body)
        #expect(strict.code == 400)
        #expect(strict.message.hasSuffix("strict decoding error: unknown field \"spec.bogus\""))
        let warned = try await api.send("POST", "\(path)?fieldValidation=Warn", body)
        #expect(warned.code == 201)
        #expect(warned.warnings.contains("unknown field \"spec.bogus\""))
        #expect(warned.object[["spec", "bogus"]] == nil)
        let ignored = try await api.send(
            "POST", "\(path)?fieldValidation=Ignore", APITester.instance("b", extra: #","bogus":1"#))
        #expect(ignored.code == 201)
        #expect(!ignored.warnings.contains { $0.contains("bogus") })
    }

    @Test("a dry run answers like a write, and writes nothing")
    func dryRun() async throws {
        let api = try await APITester()
        #expect(try await api.send("POST", "\(maps)?dryRun=All", APITester.configMap("a")).code == 201)
        #expect(try await api.send("GET", "\(maps)/a").code == 404)
        #expect(try await api.send("POST", "\(maps)?dryRun=Some", APITester.configMap("a")).code == 400)
    }

    @Test("status of a VMI is the agent's alone, and does not count as a new generation")
    func status() async throws {
        let api = try await APITester()
        _ = try await api.send("POST", path, APITester.instance("a"))
        let patch = #"{"status":{"phase":"Running","nodeName":"node1"}}"#
        let type = "application/merge-patch+json"
        let user = try await api.send("PATCH", "\(path)/a", patch, type: type)
        #expect(user.code == 200)
        #expect(user.object["status"] == nil)
        let agent = try await api.send("PATCH", "\(path)/a", patch, type: type, isAgent: true)
        #expect(agent.object[["status", "phase"]]?.text == "Running")
        #expect(agent.object[["metadata", "generation"]]?.integer == 1)
        let label = try await api.send("PATCH", "\(path)/a", #"{"metadata":{"labels":{"x":"y"}}}"#, type: type)
        #expect(label.object[["status", "phase"]]?.text == "Running")
    }

    @Test("the spec of a VMI changes until it runs, its metadata always")
    func immutableSpec() async throws {
        let api = try await APITester()
        let type = "application/merge-patch+json"
        _ = try await api.send("POST", path, APITester.instance("a"))
        let change = #"{"spec":{"domain":{"cpu":{"cores":2}}}}"#
        let early = try await api.send("PATCH", "\(path)/a", change, type: type)
        #expect(early.object[["metadata", "generation"]]?.integer == 2)
        _ = try await api.send("PATCH", "\(path)/a", #"{"status":{"phase":"Running"}}"#, type: type, isAgent: true)
        let late = try await api.send(
            "PATCH", "\(path)/a", #"{"spec":{"domain":{"cpu":{"cores":3}}}}"#, type: type)
        #expect(late.code == 422)
        #expect(late.fields == ["spec.domain.cpu.cores"])
        #expect(
            try await api.send("PATCH", "\(path)/a", #"{"metadata":{"annotations":{"a":"b"}}}"#, type: type).code == 200
        )
    }

    @Test("a secret's stringData becomes data, and an immutable one stays as it is")
    func secrets() async throws {
        let api = try await APITester()
        let secrets = "/api/v1/namespaces/default/secrets"
        let body = """
            {"apiVersion":"v1","kind":"Secret","metadata":{"name":"s"},"immutable":true,"stringData":{"a":"b"}}
            """
        let made = try await api.send("POST", secrets, body).object
        #expect(made[["data", "a"]]?.text == "Yg==")
        #expect(made["stringData"] == nil)
        #expect(made["type"]?.text == "Opaque")
        let change = try await api.send(
            "PATCH", "\(secrets)/s", #"{"data":{"a":"Yw=="}}"#, type: "application/merge-patch+json")
        #expect(change.code == 422)
        #expect(change.fields == ["data"])
    }

    @Test("bodies that are no object of the kind are refused with 400")
    func wrongBodies() async throws {
        let api = try await APITester()
        for body in [
            "", "[]", "{", #"{"kind":"Secret","apiVersion":"v1"}"#, #"{"kind":"ConfigMap","apiVersion":"v2"}"#,
        ] {
            #expect(try await api.send("POST", maps, body).code == 400, "\(body)")
        }
        let doubled = #"{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a"},"data":{"x":"1","x":"2"}}"#
        #expect(try await api.send("POST", maps, doubled).code == 400)
    }
}
