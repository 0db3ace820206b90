import KubernetesModel
import Synchronization
import TestSupport
import Testing

@testable import KubernetesAPI

@Suite struct ReflectorTests {
    private func settings(_ change: (inout ReflectorSettings) -> Void = { _ in }) -> ReflectorSettings {
        var settings = ReflectorSettings()
        settings.random = { 0 }
        settings.backoff = Backoff(initial: .milliseconds(5), limit: .milliseconds(20))
        change(&settings)
        return settings
    }

    /// Runs a reflector against a script, and gives back its first `count` events.
    private func events(
        _ count: Int, _ settings: ReflectorSettings? = nil, _ script: @escaping ScriptedServer.Script,
        check: (ScriptedServer) -> Void = { _ in }
    ) async throws -> [ReflectorEvent] {
        try await ScriptedServer.serving(script) { server in
            let client = try Sample.client(server)
            let reflector = Reflector(
                client, .configMaps, labelSelector: "node=n1", settings: settings ?? self.settings(),
                logger: Sample.logger)
            let task = Task { await reflector.run() }
            var events: [ReflectorEvent] = []
            for await event in reflector.events {
                events.append(event)
                if events.count == count { break }
            }
            check(server)
            task.cancel()
            await task.value
            return events
        }
    }

    /// In short: `+a5` changed, `-a6` removed, `=a5,b6` replaced.
    private func summary(_ events: [ReflectorEvent]) -> [String] {
        func name(_ object: DocumentNode) -> String { object.objectName + (object.resourceVersion ?? "") }
        return events.map { event in
            switch event {
            case .replaced(let objects): "=" + objects.map(name).joined(separator: ",")
            case .changed(let object): "+" + name(object)
            case .removed(let object): "-" + name(object)
            case .interrupted: "lost"
            case .resumed: "back"
            }
        }
    }

    private func added(_ name: String, _ version: Int) -> String { Sample.event("ADDED", Sample.object(name, version)) }
    private func modified(_ name: String, _ version: Int) -> String {
        Sample.event("MODIFIED", Sample.object(name, version))
    }
    private func deleted(_ name: String, _ version: Int) -> String {
        Sample.event("DELETED", Sample.object(name, version))
    }

    @Test("a list is followed by a watch from there, with selector, bookmarks and an end")
    func listsAndWatches() async throws {
        let found = try await events(4) { exchange in
            guard exchange.request.isWatch else {
                return try await exchange.answer(200, Sample.list(5, [Sample.object("a", 3)]))
            }
            try await exchange.begin()
            try await exchange.line(self.added("b", 6))
            try await exchange.line(self.modified("a", 7))
            try await exchange.line(self.deleted("b", 8))
            try await exchange.hang()
        } check: { server in
            let query = server.requests.last?.query ?? [:]
            #expect(query["resourceVersion"] == "5")
            #expect(query["allowWatchBookmarks"] == "true")
            #expect(query["timeoutSeconds"] == "240")
            #expect(query["labelSelector"] == "node%3Dn1")
        }
        #expect(summary(found) == ["=a3", "+b6", "+a7", "-b8"])
    }

    @Test("a watch that is cut in the middle of a line goes on from the last whole one", arguments: [false, true])
    func cutMidLine(ends: Bool) async throws {
        let found = try await events(3) { exchange in
            guard exchange.request.isWatch else { return try await exchange.answer(200, Sample.list(5)) }
            try await exchange.begin()
            if exchange.request.query["resourceVersion"] == "5" {
                try await exchange.line(self.added("a", 6))
                try await exchange.piece(String(self.added("b", 7).prefix(40)))
                if ends { return try await exchange.end() }
                throw ScriptedServer.Cut()
            }
            #expect(exchange.request.query["resourceVersion"] == "6")
            try await exchange.line(self.added("b", 7))
            try await exchange.hang()
        }
        #expect(summary(found) == ["=", "+a6", "+b7"])
    }

    @Test("a line that comes in many pieces is one event")
    func pieces() async throws {
        let found = try await events(2) { exchange in
            guard exchange.request.isWatch else { return try await exchange.answer(200, Sample.list(5)) }
            try await exchange.begin()
            for character in self.added("a", 6) + "\n" { try await exchange.piece(String(character)) }
            try await exchange.hang()
        }
        #expect(summary(found) == ["=", "+a6"])
    }

    @Test("a 410 leads to a new list, as an answer and as an event", arguments: [false, true])
    func gone(asEvent: Bool) async throws {
        let found = try await events(3) { exchange in
            guard exchange.request.isWatch else {
                let isFirst = exchange.number == 0
                return try await exchange.answer(
                    200, Sample.list(isFirst ? 5 : 9, [Sample.object(isFirst ? "a" : "b", isFirst ? 3 : 8)]))
            }
            if exchange.request.query["resourceVersion"] == "5" {
                if !asEvent { return try await exchange.answer(410, Sample.status(410, "Expired")) }
                try await exchange.begin()
                try await exchange.line(Sample.event("ERROR", Sample.status(410, "Expired")))
                return try await exchange.end()
            }
            try await exchange.begin()
            try await exchange.line(self.added("c", 10))
            try await exchange.hang()
        }
        #expect(summary(found) == ["=a3", "=b8", "+c10"])
    }

    @Test("after a bookmark the watch goes on from there")
    func bookmarks() async throws {
        let found = try await events(2) { exchange in
            guard exchange.request.isWatch else { return try await exchange.answer(200, Sample.list(5)) }
            try await exchange.begin()
            if exchange.request.query["resourceVersion"] == "5" {
                try await exchange.line(Sample.bookmark(70))
                return try await exchange.end()
            }
            #expect(exchange.request.query["resourceVersion"] == "70")
            try await exchange.line(self.added("a", 71))
            try await exchange.hang()
        }
        #expect(summary(found) == ["=", "+a71"])
    }

    @Test("events that come twice, or late, are dropped")
    func duplicates() async throws {
        let found = try await events(5) { exchange in
            guard exchange.request.isWatch else {
                return try await exchange.answer(200, Sample.list(5, [Sample.object("a", 5)]))
            }
            try await exchange.begin()
            for line in [
                self.added("a", 5), self.modified("a", 7), self.modified("a", 6), self.modified("a", 7),
                self.deleted("a", 4),
                self.deleted("a", 9), self.deleted("a", 9), self.modified("a", 8), self.added("a", 10),
                self.added("z", 11),
            ] { try await exchange.line(line) }
            try await exchange.hang()
        }
        #expect(summary(found) == ["=a5", "+a7", "-a9", "+a10", "+z11"])
    }

    @Test(
        "a connection on which nothing comes any more is dropped, and the watch goes on elsewhere",
        arguments: [false, true])
    func halfOpen(hasBookmarks: Bool) async throws {
        let settings = settings { settings in
            settings.watchSeconds = hasBookmarks ? 300 : 0
            settings.slack = .milliseconds(200)
            settings.bookmarkSilence = .milliseconds(200)
        }
        let found = try await events(2, settings) { exchange in
            guard exchange.request.isWatch else { return try await exchange.answer(200, Sample.list(5)) }
            try await exchange.begin()
            if exchange.number == 1 {
                if hasBookmarks { try await exchange.line(Sample.bookmark(6)) }
                try await exchange.hang()
            }
            #expect(exchange.request.query["resourceVersion"] == (hasBookmarks ? "6" : "5"))
            try await exchange.line(self.added("a", 7))
            try await exchange.hang()
        }
        #expect(summary(found) == ["=", "+a7"])
    }

    @Test("a busy server is waited for as long as it says, and is not called lost")
    func busy() async throws {
        let time = NotedTime()
        let settings = settings { settings in
            settings.time = time.source(real: .seconds(15))
            settings.watchSeconds = 240
        }
        let found = try await events(2, settings) { exchange in
            guard exchange.request.isWatch else { return try await exchange.answer(200, Sample.list(5)) }
            if exchange.number < 3 {
                return try await exchange.answer(
                    429, Sample.status(429, "TooManyRequests"), headers: ["Retry-After": "9"])
            }
            try await exchange.begin()
            try await exchange.line(self.added("a", 6))
            try await exchange.hang()
        }
        #expect(summary(found) == ["=", "+a6"])
        #expect(time.waits.filter { $0 == .seconds(9) }.count == 2)
    }

    @Test("a lost API is told once, and once when it is back; what was known is not taken back")
    func lost() async throws {
        let found = try await events(5) { exchange in
            guard exchange.request.isWatch else {
                return try await exchange.answer(200, Sample.list(5, [Sample.object("a", 5)]))
            }
            switch exchange.number {
            case 1:
                try await exchange.begin()
                try await exchange.line(self.modified("a", 6))
                throw ScriptedServer.Cut()
            case 2..<6:
                if exchange.number % 2 == 0 { throw ScriptedServer.Cut() }
                try await exchange.answer(500, "no JSON at all")
            default:
                try await exchange.begin()
                try await exchange.line(self.modified("a", 9))
                try await exchange.hang()
            }
        }
        #expect(summary(found) == ["=a5", "+a6", "lost", "back", "+a9"])
    }

    @Test("a list that fails, or that is none, says nothing is gone")
    func listFails() async throws {
        let found = try await events(4) { exchange in
            switch exchange.number {
            case 0: try await exchange.answer(500, "{}")
            case 1: try await exchange.answer(200, "{}")
            case 2: try await exchange.answer(200, "<html>maintenance</html>")
            case 3: try await exchange.answer(403, Sample.status(403, "Forbidden"))
            default:
                if !exchange.request.isWatch {
                    return try await exchange.answer(200, Sample.list(5, [Sample.object("a", 5)]))
                }
                try await exchange.begin()
                try await exchange.line(self.modified("a", 6))
                try await exchange.hang()
            }
        }
        #expect(summary(found) == ["lost", "back", "=a5", "+a6"])
        guard case .interrupted(let error)? = found.first else { return }
        #expect(error.code == 500)
    }

    @Test(
        "what cannot be read, or is too long, may be any change: all is listed anew",
        arguments: [
            "no JSON", "{}", #"{"type":"ADDED"}"#, #"{"type":"ADDED","object":{}}"#, #"{"type":"NEW","object":{}}"#,
            #"{"type":"ADDED","object":{"metadata":{"name":3}}}"#, "[1,2]", "{\"a\":", Sample.event("BOOKMARK", "{}"),
            String(repeating: "x", count: 5000),
        ])
    func unreadable(line: String) async throws {
        let settings = settings { $0.maximumLine = 2000 }
        let found = try await events(4, settings) { exchange in
            guard exchange.request.isWatch else {
                return try await exchange.answer(200, Sample.list(exchange.number == 0 ? 5 : 7))
            }
            try await exchange.begin()
            if exchange.request.query["resourceVersion"] == "5" {
                try await exchange.line(self.added("a", 6))
                try await exchange.line(line)
            }
            try await exchange.line(self.added("b", 8))
            try await exchange.hang()
        }
        #expect(summary(found) == ["=", "+a6", "=", "+b8"])
    }

    @Test("who wrote which field is not kept")
    func slim() async throws {
        let object = #"{"metadata":{"name":"a","resourceVersion":"4","managedFields":[{"manager":"m"}]}}"#
        let found = try await events(2) { exchange in
            guard exchange.request.isWatch else { return try await exchange.answer(200, Sample.list(5, [object])) }
            try await exchange.begin()
            try await exchange.line(Sample.event("MODIFIED", object.replacing("\"4\"", with: "\"6\"")))
            try await exchange.hang()
        }
        guard case .replaced(let objects)? = found.first, case .changed(let changed)? = found.last else {
            Issue.record("\(found)")
            return
        }
        #expect(objects.allSatisfy { $0["metadata"]?["managedFields"] == nil })
        #expect(changed["metadata"]?["managedFields"] == nil)
    }
}
