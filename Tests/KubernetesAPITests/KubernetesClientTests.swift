import KubernetesModel
import SystemPackage
import TestSupport
import Testing

@testable import KubernetesAPI

@Suite struct KubernetesClientTests {
    @Test("an object is read, with the token of a file that is replaced meanwhile")
    func tokenFile() async throws {
        let folder = try TemporaryFolder()
        let token = try folder.write("token", "one\n")
        try await ScriptedServer.serving({ try await $0.answer(200, Sample.object("a", 1)) }) { server in
            let client = try Sample.client(ServerConfiguration(server: server.url, user: .init(token: .file(token))))
            let object = try await client.get(.configMaps, namespace: "default", name: "a")
            #expect(object.objectName == "a")
            // As the kubelet does it: another file, another link.
            let next = try folder.write("next", "two")
            _ = try await output(of: "mv", [next.string, token.string])
            _ = try await client.get(.configMaps, namespace: "default", name: "a")
            #expect(server.requests.map { $0.headers["authorization"] } == ["Bearer one", "Bearer two"])
            #expect(server.requests.first?.path == "/api/v1/namespaces/default/configmaps/a")
            #expect(server.requests.first?.headers["user-agent"] == "test/1")
        }
    }

    @Test("a refused token is read anew once, and no more often")
    func refused() async throws {
        let folder = try TemporaryFolder()
        let token = try folder.write("token", "old")
        try await ScriptedServer.serving({ exchange in
            if exchange.number == 0 { try folder.write("token", "new") }
            let isNew = exchange.request.headers["authorization"] == "Bearer new" && exchange.number == 1
            try await exchange.answer(
                isNew ? 200 : 401, isNew ? Sample.object("a", 1) : Sample.status(401, "Unauthorized"))
        }) { server in
            let client = try Sample.client(ServerConfiguration(server: server.url, user: .init(token: .file(token))))
            _ = try await client.get(.configMaps, namespace: "default", name: "a")
            await #expect { try await client.get(.configMaps, namespace: "default", name: "a") } throws: {
                ($0 as? APIError)?.isUnauthorized ?? false
            }
            #expect(server.requests.count == 3)
        }
    }

    @Test("a Unix socket is spoken to with a token")
    func socket() async throws {
        let folder = try TemporaryFolder()
        let path = folder.path.appending("api server.sock").string
        try await ScriptedServer.serving(at: .socket(path), { try await $0.answer(200, Sample.object("a", 1)) }) {
            server in
            let client = try Sample.client(.unixSocket(path, token: "secret"))
            _ = try await client.get(.nodes, name: "a")
            let request = try #require(server.requests.first)
            #expect(request.path == "/api/v1/nodes/a")
            #expect(request.headers["authorization"] == "Bearer secret")
            #expect(request.headers["host"] == "localhost")
        }
    }

    @Test("the server's own words become the error")
    func status() async throws {
        try await ScriptedServer.serving({ exchange in
            switch exchange.request.path {
            case "/html": try await exchange.answer(502, "\n <html>Bad Gateway</html>\n")
            default: try await exchange.answer(409, Sample.status(409, "Conflict"))
            }
        }) { server in
            let client = try Sample.client(server)
            let conflict = APIError.status(code: 409, reason: "Conflict", message: "because", retryAfter: nil)
            await #expect(throws: conflict) {
                try await client.replace(Sample.node(Sample.object("a", 1)), of: .configMaps, name: "a")
            }
            await #expect { try await client.send("GET", path: "/html") } throws: {
                ($0 as? APIError)?.code == 502 && "\($0)".contains("<html>Bad Gateway</html>")
            }
        }
    }

    @Test("a busy server is asked again after as long as it says, and for writes as well")
    func busy() async throws {
        let time = NotedTime()
        try await ScriptedServer.serving({ exchange in
            if exchange.number < 2 {
                try await exchange.answer(429, Sample.status(429, "TooManyRequests"), headers: ["Retry-After": "7"])
            } else {
                try await exchange.answer(201, Sample.object("a", 1))
            }
        }) { server in
            let client = try Sample.client(server, time: time.source())
            _ = try await client.create(Sample.node(Sample.object("a", 1)), as: .configMaps)
            #expect(time.waits == [.seconds(7), .seconds(7)])
            #expect(client.counts.total(verb: "create", resource: "configmaps") == 3)
            #expect(client.counts.entries.first { $0.key.code == 429 }?.value == 2)
        }
    }

    @Test("a server that stays busy is given up")
    func staysBusy() async throws {
        let time = NotedTime()
        try await ScriptedServer.serving({
            try await $0.answer(429, Sample.status(429, "TooManyRequests"))
        }) { server in
            let client = try Sample.client(server, time: time.source())
            await #expect { try await client.get(.nodes, name: "a") } throws: {
                ($0 as? APIError)?.isTooManyRequests ?? false
            }
            #expect(server.requests.count == RetryPolicy.tries)
        }
    }

    @Test("a read over a connection that the server closed is done again, a write is not")
    func closed() async throws {
        try await ScriptedServer.serving({ exchange in
            if exchange.request.method == "POST" || exchange.number == 0 { throw ScriptedServer.Cut() }
            try await exchange.answer(200, Sample.object("a", 1))
        }) { server in
            let client = try Sample.client(server)
            _ = try await client.get(.nodes, name: "a")
            #expect(server.requests.count == 2)
            await #expect { try await client.create(Sample.node(Sample.object("a", 1)), as: .configMaps) } throws: {
                if case APIError.unreachable = $0 { true } else { false }
            }
            #expect(server.requests.count == 3)
        }
    }

    @Test("an answer that does not end is given up, and so is one that does not begin", arguments: [false, true])
    func hangs(begins: Bool) async throws {
        try await ScriptedServer.serving({ exchange in
            if begins {
                try await exchange.begin()
                try await exchange.piece("{")
            }
            try await exchange.hang()
        }) { server in
            // The limit of 30 s is the one wait that this clock shortens.
            var time = TimeSource.system
            time.sleep = { try await Task.sleep(for: $0 > .seconds(20) ? .milliseconds(300) : $0) }
            let client = try Sample.client(server, time: time)
            await #expect(throws: APIError.timedOut(server: server.url, after: .seconds(30))) {
                try await client.get(.nodes, name: "a")
            }
        }
    }

    @Test("nobody at the address is said at once")
    func nobody() async throws {
        let client = try Sample.client(ServerConfiguration(server: "http://127.0.0.1:1"))
        await #expect { try await client.get(.nodes, name: "a") } throws: { "\($0)".contains("http://127.0.0.1:1") }
    }

    @Test("a name that would change a path's meaning is refused", arguments: ["", ".", "..", "a/b", "a?b", "a b", "ä"])
    func names(name: String) async throws {
        let client = try Sample.client(ServerConfiguration(server: "http://127.0.0.1:1"))
        await #expect(throws: APIError.invalidName(resource: "nodes", name: name)) {
            try await client.delete(.nodes, name: name)
        }
    }

    @Test("a long list comes in pages")
    func pages() async throws {
        try await ScriptedServer.serving({ exchange in
            switch exchange.request.query["continue"] {
            case nil: try await exchange.answer(200, Sample.list(5, [Sample.object("a", 1)], next: "p2"))
            case "p2": try await exchange.answer(200, Sample.list(5, [Sample.object("b", 2)], next: "p3"))
            default: try await exchange.answer(200, Sample.list(5, [Sample.object("c", 3)]))
            }
        }) { server in
            let list = try await Sample.client(server).list(.configMaps, labelSelector: "a=b")
            #expect(list.items.map(\.objectName) == ["a", "b", "c"])
            #expect(list.resourceVersion == "5")
            #expect(server.requests.allSatisfy { $0.query["limit"] == "500" && $0.query["labelSelector"] == "a%3Db" })
        }
    }

    @Test("pages that the server forgot are read again, all in one")
    func forgottenPages() async throws {
        try await ScriptedServer.serving({ exchange in
            switch exchange.request.query["continue"] {
            case nil where exchange.request.query["limit"] != nil:
                try await exchange.answer(200, Sample.list(5, [Sample.object("a", 1)], next: "p2"))
            case nil: try await exchange.answer(200, Sample.list(9, [Sample.object("a", 7), Sample.object("b", 8)]))
            default: try await exchange.answer(410, Sample.status(410, "Expired"))
            }
        }) { server in
            let list = try await Sample.client(server).list(.configMaps)
            #expect(list == ObjectList(resourceVersion: "9", items: list.items))
            #expect(list.items.map(\.resourceVersion) == ["7", "8"])
        }
    }

    @Test("patches go with their types and parameters")
    func patches() async throws {
        try await ScriptedServer.serving({ try await $0.answer(200, Sample.object("a", 1)) }) { server in
            let client = try Sample.client(server)
            let body = DocumentNode.object([])
            for patch in [
                Patch.merge(body), .json(.array([])), .strategic(body), .apply(body, fieldManager: "me", force: true),
            ] {
                _ = try await client.patch(.nodes, name: "a", subresource: "status", patch)
            }
            #expect(
                server.requests.map { $0.headers["content-type"] } == [
                    "application/merge-patch+json", "application/json-patch+json",
                    "application/strategic-merge-patch+json", "application/apply-patch+yaml",
                ])
            #expect(server.requests.last?.query == ["fieldManager": "me", "force": "true"])
            #expect(client.counts.total(verb: "patch", resource: "nodes/status") == 4)
        }
    }

    @Test("a deletion may be bound to a uid")
    func deletes() async throws {
        try await ScriptedServer.serving({ try await $0.answer(200, #"{"kind":"Status","status":"Success"}"#) }) {
            server in
            try await Sample.client(server).delete(
                .configMaps, namespace: "default", name: "a", uid: "u1", gracePeriodSeconds: 5)
            let body = try Sample.node(try #require(server.requests.first?.body))
            #expect(body[["preconditions", "uid"]]?.text == "u1")
            #expect(body["gracePeriodSeconds"] == .number(5))
        }
    }

    @Test("discovery tells whether there is a status subresource", arguments: [true, false])
    func discovery(has: Bool) async throws {
        let names = has ? ["widgets", "widgets/status"] : ["widgets"]
        let resources = names.map { #"{"name":"\#($0)"}"# }.joined(separator: ",")
        try await ScriptedServer.serving({
            try await $0.answer(200, #"{"kind":"APIResourceList","resources":[\#(resources)]}"#)
        }) { server in
            let client = try Sample.client(server)
            let widgets = APIResource(group: "example.test", version: "v1", plural: "widgets", kind: "Widget")
            #expect(try await client.hasStatusSubresource(widgets) == has)
            #expect(server.requests.first?.path == "/apis/example.test/v1")
            await #expect { try await client.hasStatusSubresource(.instances) } throws: {
                ($0 as? APIError)?.isNotFound ?? false
            }
        }
    }
}
