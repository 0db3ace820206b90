import KubernetesModel
import Logging
import Testing

@testable import LocalAPI

@Suite struct DeletingTests {
    private let path = APITester.instances
    private let maps = "/api/v1/namespaces/default/configmaps"

    @Test("a finalizer holds an object, marked, until it is taken away")
    func finalizers() async throws {
        let api = try await APITester()
        _ = try await api.send("POST", path, APITester.instance("a"))
        let marked = try await api.send("DELETE", "\(path)/a")
        #expect(marked.code == 200)
        #expect(marked.object.isBeingDeleted)
        #expect(marked.object["kind"]?.text == "VirtualMachineInstance")
        let added = try await api.send(
            "PATCH", "\(path)/a", #"{"metadata":{"finalizers":["example.com/more"]}}"#,
            type: "application/merge-patch+json")
        #expect(added.code == 422)
        let released = try await api.send(
            "PATCH", "\(path)/a", #"{"metadata":{"finalizers":null}}"#, type: "application/merge-patch+json")
        #expect(released.code == 200)
        #expect(try await api.send("GET", "\(path)/a").code == 404)
    }

    @Test("an object that nothing holds is gone at once, and a successor of its name is another")
    func immediate() async throws {
        let api = try await APITester()
        let first = try await api.send("POST", maps, APITester.configMap("a")).object.objectUID
        let gone = try await api.send("DELETE", "\(maps)/a")
        #expect(gone.object["status"]?.text == "Success")
        #expect(gone.object[["details", "uid"]]?.text == first)
        let second = try await api.send("POST", maps, APITester.configMap("a")).object.objectUID
        let body = #"{"preconditions":{"uid":"\#(first ?? "")"}}"#
        #expect(try await api.send("DELETE", "\(maps)/a", body).code == 409)
        #expect(try await api.send("GET", "\(maps)/a").object.objectUID == second)
    }

    @Test("a collection is deleted by selector")
    func collection() async throws {
        let api = try await APITester()
        for name in ["a", "b", "c"] {
            let label = #","labels":{"keep":"\#(name == "b")"}"#
            _ = try await api.send("POST", maps, APITester.configMap(name, metadata: label))
        }
        _ = try await api.send("DELETE", "\(maps)?labelSelector=keep%3Dfalse")
        let left = try await api.send("GET", maps).object["items"]?.elements.map(\.objectName)
        #expect(left == ["b"])
    }

    @Test("a namespace goes when what it holds is gone, and takes nothing new meanwhile")
    func namespaces() async throws {
        let api = try await APITester()
        let body = #"{"apiVersion":"v1","kind":"Namespace","metadata":{"name":"web"}}"#
        _ = try await api.send("POST", "/api/v1/namespaces", body)
        _ = try await api.send("POST", "/api/v1/namespaces/web/configmaps", APITester.configMap("a"))
        let path = "/apis/kubevirt.io/v1/namespaces/web/virtualmachineinstances"
        _ = try await api.send("POST", path, APITester.instance("a"))
        var watch = try await api.watch("/api/v1/namespaces?fieldSelector=metadata.name%3Dweb")
        #expect(try await watch.next() == "ADDED web")
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await api.server.run() }
            let marked = try await api.send("DELETE", "/api/v1/namespaces/web")
            #expect(marked.object[["status", "phase"]]?.text == "Terminating")
            #expect(try await watch.next() == "MODIFIED web")
            let refused = try await api.send("POST", "/api/v1/namespaces/web/configmaps", APITester.configMap("b"))
            #expect(refused.code == 403)
            // The housekeeper marks the VMI; its finalizer holds the namespace.
            var instances = try await api.watch(path)
            var instance = try await instances.nextEvent()
            while instance?["object"]?.isBeingDeleted != true { instance = try await instances.nextEvent() }
            _ = try await api.send(
                "PATCH", "\(path)/a", #"{"metadata":{"finalizers":null}}"#, type: "application/merge-patch+json")
            #expect(try await watch.next() == "DELETED web")
            group.cancelAll()
        }
        #expect(try await api.send("GET", "/api/v1/namespaces/web/configmaps/a").code == 404)
        #expect(try await api.send("DELETE", "/api/v1/namespaces/default").code == 403)
    }

    @Test(
        "dependents go with their owner, or stay without it, as the client asks", arguments: ["Background", "Orphan"])
    func dependents(_ policy: String) async throws {
        let api = try await APITester()
        let uid = try await api.send("POST", maps, APITester.configMap("owner")).object.objectUID ?? ""
        let owner =
            #","ownerReferences":[{"apiVersion":"v1","kind":"ConfigMap","name":"owner","uid":"\#(uid)"}]"#
        _ = try await api.send("POST", maps, APITester.configMap("child", metadata: owner))
        var watch = try await api.watch("\(maps)?fieldSelector=metadata.name%3Dchild")
        #expect(try await watch.next() == "ADDED child")
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await api.server.run() }
            _ = try? await api.send("DELETE", "\(maps)/owner", #"{"propagationPolicy":"\#(policy)"}"#)
            let event = try? await watch.nextEvent()
            if policy == "Orphan" {
                #expect(event?["type"]?.text == "MODIFIED")
                #expect(event?[["object", "metadata", "ownerReferences"]] == nil)
            } else {
                #expect(event?["type"]?.text == "DELETED")
            }
            group.cancelAll()
        }
    }
}
