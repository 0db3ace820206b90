import KubernetesModel
import NIOCore
import Synchronization
import TestSupport
import Testing

@testable import KubernetesAPI

/// Watch streams that are cut, damaged, late, twice and wrong: what a reflector tells is what the server has, in the end,
/// and it calls nothing gone that the server did not delete.
@Suite struct WatchFuzzTests {
    @Test("a stream gives the same lines wherever it is cut, and no bytes make its reader fall")
    func lines() async {
        let donors = [
            #"{"type":"ADDED","object":{"metadata":{"name":"a","resourceVersion":"6"}}}"# + "\n",
            #"{"type":"BOOKMARK","object":{"metadata":{"resourceVersion":"60"}}}"# + "\n\n",
            #"{"type":"ERROR","object":{"kind":"Status","code":410,"message":"too old"}}"# + "\r\n",
            #"{"type":"DELETED","object":{"metadata":{"name":"é","labels":{"a":"b","a":"c"}}}}"# + "\n",
        ].map { Array($0.utf8) }
        var mutator = ByteMutator(
            seed: FuzzSettings.seed, donors: donors + [donors.flatMap { $0 }],
            tokens: ["\n", "{", "[[[[", "}"].map { Array($0.utf8) })
        var log = FuzzLog("watch lines")
        for await round in FuzzSettings.rounds(1500) {
            let input = mutator.next()
            let cuts = (0..<1 + mutator.draw(8)).map { _ in mutator.draw(input.count + 1) }.sorted()
            log.run(round, input) {
                var whole = LineSplitter(limit: 500)
                var pieces = LineSplitter(limit: 500)
                let lines = whole.append(input)
                var parts: [LineSplitter.Line] = []
                var start = 0
                for cut in cuts + [input.count] {
                    parts += pieces.append(input[start..<cut])
                    start = cut
                }
                var outcome = Outcome(faults: lines == parts ? [] : ["other lines when it is cut at \(cuts)"])
                for case .text(let text) in lines {
                    do throws(APIError) {
                        let event = try WatchLine.read(text, maximumBytes: 500)
                        outcome.isAccepted = true
                        if let object = event.object, object.objectName.isEmpty {
                            outcome.faults.append("no name: \(text)")
                        }
                    } catch { outcome.faults += Outcome.refused(error, mustName: "watch").faults }
                }
                return outcome
            }
        }
        #expect(log.faults.isEmpty, "\(log.report)")
        #expect(log.accepted > log.rounds / 4, "\(log.report)")
        log.printFigures()
    }

    @Test("after any faults a reflector knows what the server has, and calls nothing gone that was not deleted")
    func histories() async {
        var random = SeededRandom(seed: FuzzSettings.seed)
        var log = FuzzLog("watches")
        for await round in FuzzSettings.rounds(40) {
            let plan = WatchPlan(seed: random.next())
            await log.run(round, "\(plan.seed)".utf8) { await plan.outcome() }
        }
        #expect(log.faults.isEmpty, "\(log.report)")
        #expect(log.accepted == log.rounds, "\(log.report)")
        log.printFigures()
    }

    /// What broke something once: a change that cannot be read, followed by others that can.
    @Test("a change that cannot be read is not lost", arguments: ["{\"type\":\"DELETED\",\"obj", "LONG", "{}"])
    func unreadable(line: String) async throws {
        let text = line == "LONG" ? String(repeating: "x", count: 5000) : line
        let isDeleted = Mutex(false)
        let names = try await ScriptedServer.serving { exchange in
            guard exchange.request.isWatch else {
                let gone = isDeleted.withLock { $0 }
                return try await exchange.answer(200, WatchPlan.list(gone ? 9 : 5, gone ? [("b", 8)] : [("a", 3)]))
            }
            try await exchange.begin()
            if exchange.request.query["resourceVersion"] == "5" {
                isDeleted.withLock { $0 = true }
                try await exchange.line(text)
                try await exchange.line(WatchPlan.event("ADDED", "b", 8))
            }
            try await exchange.hang()
        } _: { server in
            var settings = ReflectorSettings()
            settings.backoff = Backoff(initial: .milliseconds(1), limit: .milliseconds(5))
            settings.maximumLine = 2000
            return try await WatchPlan.follow(server, settings) { $0.keys.sorted() == ["b"] }
        }
        #expect(names.keys.sorted() == ["b"])
    }
}

/// A server's history, and what goes wrong on the way to a reflector.
struct WatchPlan {
    let seed: UInt64

    struct Change: Sendable {
        var type: String
        var name: String
        var version: Int
    }

    /// Synchronization: one mutex around the random numbers and the number of faults that are left.
    private final class Server: Sendable {
        struct State {
            var random: SeededRandom
            var faults: Int
            /// Up to where the server's history has come.
            var present = 5
        }
        let state: Mutex<State>
        let history: [Change]

        init(seed: UInt64) {
            var random = SeededRandom(seed: seed)
            var alive: Set<String> = ["a", "b"]
            var history = [Change(type: "ADDED", name: "a", version: 3), Change(type: "ADDED", name: "b", version: 4)]
            for version in 6..<6 + Int.random(in: 5...30, using: &random) {
                let name = ["a", "b", "c", "d", "e"][Int.random(in: 0..<5, using: &random)]
                let isThere = alive.contains(name)
                let ends = isThere && Int.random(in: 0..<3, using: &random) == 0
                history.append(
                    Change(type: ends ? "DELETED" : isThere ? "MODIFIED" : "ADDED", name: name, version: version))
                if ends { alive.remove(name) } else { alive.insert(name) }
            }
            self.history = history
            state = Mutex(State(random: random, faults: Int.random(in: 1...12, using: &random)))
        }

        var last: Int { history.last?.version ?? 5 }

        func objects(at version: Int) -> [(String, Int)] {
            var alive: [String: Int] = [:]
            for change in history where change.version <= version {
                alive[change.name] = change.type == "DELETED" ? nil : change.version
            }
            return alive.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
        }

        /// The name of a fault for this answer; nil once all have happened.
        func fault() -> Int? {
            state.withLock { state in
                guard state.faults > 0 else { return nil }
                state.faults -= 1
                return Int.random(in: 0..<14, using: &state.random)
            }
        }

        func draw(_ count: Int) -> Int { state.withLock { Int.random(in: 0..<count, using: &$0.random) } }

        func advance() -> Int {
            state.withLock { state in
                state.present = min(last, state.present + Int.random(in: 0...12, using: &state.random))
                if state.faults == 0 { state.present = last }
                return state.present
            }
        }

        func script(_ exchange: ScriptedServer.Exchange) async throws {
            if exchange.request.isWatch { try await watch(exchange) } else { try await list(exchange) }
        }

        private func list(_ exchange: ScriptedServer.Exchange) async throws {
            let present = advance()
            let body = WatchPlan.list(present, objects(at: present))
            switch fault() {
            case 0: try await exchange.answer(500, WatchPlan.status(500))
            case 1: throw ScriptedServer.Cut()
            case 2: try await exchange.answer(200, String(body.prefix(draw(body.count))))
            case 3: try await exchange.answer(200, body.replacing("\"name\"", with: "\"nome\""))
            case 4: try await exchange.answer(200, WatchPlan.status(200))
            case 5: try await exchange.answer(200, #"{"kind":"ConfigMapList","metadata":{},"items":[]}"#)
            case 6: try await exchange.answer(200, body.replacing("\"items\"", with: "\"item\""))
            case 7: try await exchange.answer(429, WatchPlan.status(429), headers: ["Retry-After": "99999999999"])
            default: try await exchange.answer(200, body)
            }
        }

        private func watch(_ exchange: ScriptedServer.Exchange) async throws {
            let from = Int(exchange.request.query["resourceVersion"] ?? "") ?? 0
            switch draw(4) == 0 ? fault() : nil {
            case 0: return try await exchange.answer(500, WatchPlan.status(500))
            case 1: return try await exchange.answer(410, WatchPlan.status(410))
            case 2: return try await exchange.answer(504, WatchPlan.status(504))
            case 3: return try await exchange.answer(400, "<html>")
            default: break
            }
            try await exchange.begin()
            let present = advance()
            for change in history where change.version > from && change.version <= present {
                let line = WatchPlan.event(change.type, change.name, change.version)
                switch draw(3) == 0 ? fault() : nil {
                case 0:
                    try await exchange.piece(String(line.prefix(draw(line.count))))
                    throw ScriptedServer.Cut()
                case 1: return try await exchange.end()
                case 2: try await exchange.line(String(line.prefix(draw(line.count))))
                case 3: try await exchange.line(String(repeating: "x", count: 3000))
                case 4:
                    try await exchange.line(line)
                    try await exchange.line(line)
                case 5:
                    try await exchange.line(WatchPlan.event("ERROR", WatchPlan.status(410)))
                    return try await exchange.end()
                case 6: try await exchange.line(line.replacing("\"name\"", with: "\"nome\""))
                case 7: try await exchange.line(#"{"type":"LATER","object":{"metadata":{"name":"x"}}}"#)
                case 8:
                    try await exchange.line(line.replacing("{\"metadata\"", with: "{\"metadata\":{},\"metadata\""))
                case 9: try await exchange.line("\u{0}\u{FFFD}" + line)
                case 10:
                    for character in line + "\n" { try await exchange.piece(String(character)) }
                case 11:
                    let old = history[draw(history.count)]
                    if old.version < change.version, old.type != "DELETED" {
                        try await exchange.line(WatchPlan.event("MODIFIED", old.name, old.version))
                    }
                    try await exchange.line(line)
                case 12:
                    try await exchange.line(#"{"type":"ERROR","object":"# + String(repeating: "[", count: 200) + "}")
                default: try await exchange.line(line)
                }
                if draw(6) == 0 { try await exchange.line(WatchPlan.bookmark(change.version)) }
            }
            if present < last || draw(3) > 0 && state.withLock({ $0.faults > 0 }) { return try await exchange.end() }
            try await exchange.hang()
        }
    }

    func outcome() async -> Outcome {
        let server = Server(seed: seed)
        let goal = Dictionary(uniqueKeysWithValues: server.objects(at: server.last))
        var settings = ReflectorSettings()
        settings.random = { 0.5 }
        settings.maximumLine = 2000
        // Pauses are short, and the watch's own watchdog looks as often as ever.
        let look = settings.bookmarkSilence / 8
        settings.time.sleep = { duration in
            try await Task.sleep(for: duration == look ? duration : .milliseconds(2))
        }
        do {
            return try await ScriptedServer.serving({ try await server.script($0) }) { scripted in
                var faults: [String] = []
                let found = try await Self.follow(scripted, settings) { known in
                    known == goal
                } check: { event in
                    if case .removed(let object) = event {
                        let wasDeleted = server.history.contains {
                            $0.name == object.objectName && $0.type == "DELETED"
                        }
                        if !wasDeleted { faults.append("\(object.objectName) is called gone, and never was") }
                    }
                    if case .replaced(let objects) = event {
                        let names = objects.map(\.objectName).sorted()
                        let was = (0...server.last).contains { version in server.objects(at: version).map(\.0) == names
                        }
                        if !was { faults.append("there never were just \(names)") }
                    }
                }
                if found != goal { faults.append("the server has \(goal), and \(found) is known") }
                return .accepted(faults)
            }
        } catch {
            return Outcome(faults: ["\(error)"])
        }
    }

    /// Runs a reflector until what it told is enough, or for two minutes.
    static func follow(
        _ server: ScriptedServer, _ settings: ReflectorSettings,
        until isEnough: @escaping @Sendable ([String: Int]) -> Bool,
        check: (ReflectorEvent) -> Void = { _ in }
    ) async throws -> [String: Int] {
        let client = try KubernetesClient(
            ServerConfiguration(server: server.url), userAgent: "fuzz/1", logger: AnswerFuzzTests.logger,
            time: FuzzTime().source)
        let reflector = Reflector(client, .configMaps, settings: settings, logger: AnswerFuzzTests.logger)
        let task = Task { await reflector.run() }
        let end = Task {
            try await Task.sleep(for: .seconds(120))
            task.cancel()
        }
        var known: [String: Int] = [:]
        for await event in reflector.events {
            check(event)
            switch event {
            case .replaced(let objects):
                known = Dictionary(objects.map { ($0.objectName, version($0)) }) { _, last in last }
            case .changed(let object): known[object.objectName] = version(object)
            case .removed(let object): known[object.objectName] = nil
            case .interrupted, .resumed: break
            }
            if isEnough(known) { break }
        }
        end.cancel()
        task.cancel()
        await task.value
        await client.close()
        return known
    }

    private static func version(_ object: DocumentNode) -> Int { Int(object.resourceVersion ?? "") ?? 0 }

    static func object(_ name: String, _ version: Int) -> String {
        #"{"metadata":{"name":"\#(name)","namespace":"n","resourceVersion":"\#(version)"}}"#
    }
    static func event(_ type: String, _ name: String, _ version: Int) -> String { event(type, object(name, version)) }
    static func event(_ type: String, _ object: String) -> String { #"{"type":"\#(type)","object":\#(object)}"# }
    static func bookmark(_ version: Int) -> String {
        event("BOOKMARK", #"{"metadata":{"resourceVersion":"\#(version)"}}"#)
    }
    static func status(_ code: Int) -> String {
        #"{"kind":"Status","message":"Too large resource version","reason":"Odd","code":\#(code)}"#
    }
    static func list(_ version: Int, _ objects: [(String, Int)]) -> String {
        let items = objects.map { object($0.0, $0.1) }.joined(separator: ",")
        return
            #"{"kind":"ConfigMapList","apiVersion":"v1","metadata":{"resourceVersion":"\#(version)"},"items":[\#(items)]}"#
    }
}
