import KubernetesModel
import Testing

@testable import LocalAPI

@Suite struct WatchingTests {
    private let maps = "/api/v1/namespaces/default/configmaps"
    private let merge = "application/merge-patch+json"

    @Test("a watch begins with what is there, and tells what changes")
    func changes() async throws {
        let api = try await APITester()
        _ = try await api.send("POST", maps, APITester.configMap("a"))
        var watch = try await api.watch(maps)
        #expect(try await watch.next() == "ADDED a")
        _ = try await api.send("POST", maps, APITester.configMap("b"))
        _ = try await api.send("PATCH", "\(maps)/a", #"{"data":{"x":"1"}}"#, type: merge)
        _ = try await api.send("DELETE", "\(maps)/b")
        #expect(try await watch.next() == "ADDED b")
        #expect(try await watch.next() == "MODIFIED a")
        #expect(try await watch.next() == "DELETED b")
    }

    @Test("an object that comes to match a selector is added, and one that no longer does is deleted")
    func selectors() async throws {
        let api = try await APITester()
        _ = try await api.send("POST", maps, APITester.configMap("a"))
        var watch = try await api.watch("\(maps)?labelSelector=on")
        _ = try await api.send("PATCH", "\(maps)/a", #"{"metadata":{"labels":{"on":"1"}}}"#, type: merge)
        _ = try await api.send("PATCH", "\(maps)/a", #"{"metadata":{"labels":{"on":"2"}}}"#, type: merge)
        _ = try await api.send("PATCH", "\(maps)/a", #"{"metadata":{"labels":{"on":null}}}"#, type: merge)
        #expect(try await watch.next() == "ADDED a")
        #expect(try await watch.next() == "MODIFIED a")
        #expect(try await watch.next() == "DELETED a")
    }

    @Test("a watch goes on from its version after a restart of the server, and versions go on counting")
    func restart() async throws {
        let folder = APITester.makeFolder()
        var version = ""
        do {
            let api = try await APITester(in: folder)
            _ = try await api.send("POST", maps, APITester.configMap("a", metadata: #","labels":{"on":"1"}"#))
            version = try await api.send("GET", maps).object[["metadata", "resourceVersion"]]?.text ?? ""
            _ = try await api.send("PATCH", "\(maps)/a", #"{"metadata":{"labels":{"on":null}}}"#, type: merge)
            _ = try await api.send("POST", maps, APITester.configMap("b", metadata: #","labels":{"on":"1"}"#))
            _ = try await api.send("DELETE", "\(maps)/b")
        }
        let api = try await APITester(in: folder)
        var watch = try await api.watch("\(maps)?labelSelector=on&resourceVersion=\(version)")
        #expect(try await watch.next() == "DELETED a")
        #expect(try await watch.next() == "ADDED b")
        #expect(try await watch.next() == "DELETED b")
        let made = try await api.send("POST", maps, APITester.configMap("c")).object.resourceVersion.flatMap(Int.init)
        #expect(try #require(made) > Int(version) ?? .max)
    }

    @Test("a watch from a version that is forgotten is told 410, one from the future 504")
    func forgotten() async throws {
        let api = try await APITester(limits: ObjectStore.LogLimits(changes: 20, bytes: 1 << 20))
        let version = try await api.send("POST", maps, APITester.configMap("a")).object.resourceVersion ?? ""
        for index in 0..<40 {
            _ = try await api.send("PATCH", "\(maps)/a", #"{"data":{"x":"\#(index)"}}"#, type: merge)
        }
        var watch = try await api.watch("\(maps)?resourceVersion=\(version)")
        #expect(try await watch.next() == "ERROR 410")
        #expect(try await watch.next() == nil)
        #expect(try await api.send("GET", "\(maps)?watch=1&resourceVersion=999999").code == 504)
        #expect(try await api.send("GET", "\(maps)?watch=1&resourceVersion=x").code == 400)
    }

    @Test("a silent watch says by bookmarks up to where it has seen everything, and ends at its time")
    func bookmarks() async throws {
        let api = try await APITester(bookmarkInterval: .milliseconds(20))
        _ = try await api.send("POST", maps, APITester.configMap("a"))
        var watch = try await api.watch("\(maps)?allowWatchBookmarks=true&timeoutSeconds=1")
        #expect(try await watch.next() == "ADDED a")
        let bookmark = try await watch.nextEvent()
        #expect(bookmark?["type"]?.text == "BOOKMARK")
        let listed = try await api.send("GET", maps).object[["metadata", "resourceVersion"]]?.text
        #expect(bookmark?[["object", "metadata", "resourceVersion"]]?.text == listed)
        while try await watch.next() != nil {}
    }

    @Test("initial events end with a bookmark that says so")
    func initialEvents() async throws {
        let api = try await APITester()
        _ = try await api.send("POST", maps, APITester.configMap("a"))
        var watch = try await api.watch(
            "\(maps)?sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true")
        #expect(try await watch.next() == "ADDED a")
        let end = try await watch.nextEvent()
        #expect(end?[["object", "metadata", "annotations", "k8s.io/initial-events-end"]]?.text == "true")
        #expect(try await api.send("GET", "\(maps)?watch=1&sendInitialEvents=true").code == 422)
    }

    @Test("a watch of tables tells the columns once")
    func tables() async throws {
        let api = try await APITester()
        _ = try await api.send("POST", APITester.instances, APITester.instance("a"))
        _ = try await api.send("POST", APITester.instances, APITester.instance("b"))
        var watch = try await api.watch(APITester.instances, accept: "application/json;as=Table;v=v1;g=meta.k8s.io")
        let first = try await watch.nextEvent()?["object"]
        let names = first?["columnDefinitions"]?.elements.compactMap { $0["name"]?.text }
        #expect(names == ["Name", "Age", "Phase", "IP", "NodeName", "Ready", "Live-Migratable", "Paused"])
        #expect(try await watch.nextEvent()?[["object", "columnDefinitions"]] == nil)
    }

    @Test("a list comes in pages of one version, and a token that is forgotten is told 410")
    func pages() async throws {
        let api = try await APITester()
        for name in ["a", "b", "c", "d", "e"] { _ = try await api.send("POST", maps, APITester.configMap(name)) }
        let first = try await api.send("GET", "\(maps)?limit=2").object
        #expect(first[["metadata", "remainingItemCount"]]?.integer == 3)
        _ = try await api.send("DELETE", "\(maps)/d")
        let token = first[["metadata", "continue"]]?.text ?? ""
        let rest = try await api.send("GET", "\(maps)?limit=9&continue=\(token)").object
        #expect(rest["items"]?.elements.map(\.objectName) == ["c", "d", "e"])
        #expect(rest[["metadata", "resourceVersion"]] == first[["metadata", "resourceVersion"]])
        #expect(try await api.send("GET", "\(maps)?limit=2&continue=nonsense").code == 410)
    }
}
