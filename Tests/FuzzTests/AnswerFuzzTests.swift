import KubernetesModel
import Logging
import NIOCore
import NIOHTTP1
import NodeAgent
import Synchronization
import TestSupport
import Testing

@testable import KubernetesAPI

/// What may answer in an API server's place: proxies, half-dead servers, and whoever can write an object.
@Suite struct AnswerFuzzTests {
    static let logger = Logger(label: "fuzz") { _ in SwiftLogNoOpLogHandler() }

    private static let bodies = [
        #"{"kind":"ConfigMapList","apiVersion":"v1","metadata":{"resourceVersion":"7","continue":""},"items":[{"metadata":{"#
            + #""name":"a","namespace":"n","uid":"u","resourceVersion":"3"},"data":{"k":"v"}},{"metadata":{"name":"b"}}]}"#,
        #"{"kind":"ConfigMap","apiVersion":"v1","metadata":{"name":"a","resourceVersion":"3"},"data":{"k":"é👩‍👩‍👧"}}"#,
        #"{"kind":"Status","apiVersion":"v1","status":"Failure","message":"the object has been modified","reason":"Conflict","#
            + #""details":{"name":"a","retryAfterSeconds":2},"code":409}"#,
        #"{"kind":"Lease","apiVersion":"coordination.k8s.io/v1","metadata":{"name":"virt-node-n1"},"spec":{"holderIdentity":"#
            + #""n1","leaseDurationSeconds":40,"renewTime":"2026-01-31T12:00:00.000001Z","leaseTransitions":3}}"#,
        "<html><body>502 Bad Gateway</body></html>", "",
    ]
    private static let heads = [
        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n", "HTTP/1.1 429 Slow\r\nRetry-After: 1\r\n",
        "HTTP/1.1 503 No\r\nRetry-After: 9223372036854775807\r\n", "HTTP/1.1 429 No\r\nRetry-After: -1\r\n",
        "HTTP/1.1 401 No\r\nWWW-Authenticate: Bearer\r\n", "HTTP/1.1 301 Away\r\nLocation: http://127.0.0.1:1/\r\n",
        "HTTP/1.1 204 Nothing\r\n", "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\n", "HTTP/1.0 500 Old\r\n",
        "HTTP/1.1 409 No\r\nContent-Type: text/html; charset=utf-16\r\n",
        "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n",
        "HTTP/1.1 999 Odd\r\n", "HTTP/1.1 200 OK\r\nX: \(String(repeating: "x", count: 9000))\r\n",
    ]

    /// An answer as bytes: most are whole, some are cut, and some are no HTTP.
    private struct Answers {
        var bodies: ByteMutator
        var whole: ByteMutator

        init(seed: UInt64) {
            bodies = ByteMutator(seed: seed, donors: AnswerFuzzTests.bodies.map { Array($0.utf8) })
            whole = ByteMutator(
                seed: seed,
                donors: zip(AnswerFuzzTests.heads, AnswerFuzzTests.bodies + AnswerFuzzTests.bodies).map {
                    Array("\($0)Content-Length: \($1.utf8.count)\r\n\r\n\($1)".utf8)
                },
                tokens: ["\r\n", "Transfer-Encoding: chunked\r\n", "Content-Length: 1\r\n", "ffffffffffffffff\r\n"].map
                {
                    Array($0.utf8)
                })
        }

        mutating func next() -> [UInt8] {
            guard bodies.draw(6) > 0 else { return whole.next() }
            let body = bodies.next()
            let head = bodies.draw(3) == 0 ? bodies.pick(AnswerFuzzTests.heads) : AnswerFuzzTests.heads[0]
            guard bodies.draw(2) == 0 else {
                let lie = bodies.draw(10) == 0 ? bodies.draw(3) - 1 : 0
                return Array("\(head)Content-Length: \(max(0, body.count + lie))\r\n\r\n".utf8) + body
            }
            var answer = Array("\(head)Transfer-Encoding: chunked\r\n\r\n".utf8)
            var rest = body[...]
            while !rest.isEmpty {
                let piece = rest.prefix(1 + bodies.draw(40))
                answer += Array("\(String(piece.count, radix: 16))\r\n".utf8) + piece + [0x0D, 0x0A]
                rest = rest.dropFirst(piece.count)
            }
            return answer + Array("0\r\n\r\n".utf8)
        }
    }

    @Test(
        "whatever comes in place of an answer is one, or an error in a sentence, and nobody waits longer than he should"
    )
    func answers() async throws {
        var answers = Answers(seed: FuzzSettings.seed)
        let answer = Mutex<[UInt8]>([])
        let log = try await ScriptedServer.serving { exchange in
            try await exchange.out.write(ByteBuffer(bytes: answer.withLock { $0 }))
            throw ScriptedServer.Cut()
        } _: { server in
            var log = FuzzLog("API answers")
            let time = FuzzTime()
            let client = try KubernetesClient(
                ServerConfiguration(server: server.url), userAgent: "fuzz/1", logger: Self.logger, time: time.source,
                random: { 0.5 })
            for await round in FuzzSettings.rounds(150) {
                let input = answers.next()
                answer.withLock { $0 = input }
                await log.run(round, input) { await Self.outcome(round, client, time) }
            }
            await client.close()
            return log
        }
        #expect(log.faults.isEmpty, "\(log.report)")
        #expect(log.accepted > log.rounds / 20, "too few are answers: \(log.report)")
        #expect(log.grownMiB < FuzzSettings.mostGrowthMiB, "\(log.report)")
        log.printFigures()
    }

    private static func outcome(_ round: Int, _ client: KubernetesClient, _ time: FuzzTime) async -> Outcome {
        time.clear()
        var outcome = Outcome.refused
        do throws(APIError) {
            switch round % 4 {
            case 0:
                let object = try await client.get(.configMaps, namespace: "n", name: "a")
                outcome = .accepted(object.isObject ? [] : ["no object came"])
            case 1:
                let list = try await client.list(.configMaps)
                outcome = .accepted(list.items.contains { $0.objectName.isEmpty } ? ["an object has no name"] : [])
            case 2:
                _ = try await client.create(.object([]), as: .configMaps, namespace: "n")
                outcome = .accepted()
            default:
                _ = try await client.hasStatusSubresource(.instances)
                outcome = .accepted()
            }
        } catch {
            outcome = .refused(error)
            if let after = error.retryAfter, after > .seconds(600) {
                outcome.faults.append("it says to wait for \(after)")
            }
        }
        if let pause = time.waits.max(), pause > .seconds(30) { outcome.faults.append("a request waited for \(pause)") }
        return outcome
    }

    @Test("an object that somebody else wrote decides nothing by numbers that are none")
    func leases() async {
        let donors = Self.bodies.compactMap { try? DocumentReader().read($0).first }.filter {
            $0["kind"]?.text == "Lease"
        }
        var mutator = TreeMutator(seed: FuzzSettings.seed, donors: donors, schema: nil)
        var log = FuzzLog("leases")
        for await round in FuzzSettings.rounds(2000) {
            let lease = mutator.next()
            log.run(round, DocumentWriter.jsonBytes(lease)) {
                let record = LeaseRecord(lease)
                var election = LeaderElection(identity: "me", renewDeadline: .seconds(10))
                var faults: [String] = []
                for second in [0, 1, 100, 1_000_000] {
                    if case .acquire(let transitions, _) = election.observed(record, at: .seconds(second)),
                        transitions < 0
                    {
                        faults.append("it would be the \(transitions)th holder")
                    }
                }
                var nodes = UnresponsiveNodes()
                nodes.observe([lease], at: .zero)
                _ = nodes.nodes(at: .seconds(100), wall: WallTime(seconds: 1_800_000_000))
                let again = LeaseRecord(record.written(into: lease))
                if again != record { faults.append("it is another lease once it is written: \(again)") }
                return .accepted(faults)
            }
        }
        #expect(log.faults.isEmpty, "\(log.report)")
        log.printFigures()
    }

    @Test(
        "a holder's number that has no successor ends no process",
        arguments: ["9223372036854775807", "-9223372036854775808"])
    func endlessTransitions(number: String) throws {
        let lease = try #require(
            try DocumentReader().read(
                #"{"metadata":{"name":"l"},"spec":{"leaseTransitions":\#(number),"leaseDurationSeconds":\#(number)}}"#
            ).first)
        var election = LeaderElection(identity: "me", renewDeadline: .seconds(10))
        guard case .acquire(let transitions, _) = election.observed(LeaseRecord(lease), at: .zero) else {
            Issue.record("a free lease is not taken")
            return
        }
        #expect(transitions > 0)
    }

    @Test("a list that has lost a name is no list: who is missing from it would count as gone")
    func nameless() throws {
        let list = try #require(try DocumentReader().read(Self.bodies[0]).first)
        #expect(try ListPage(list, of: .configMaps).items.count == 2)
        for item in [#"{"metadata":{"nam":"a"}}"#, "null", "3", #"{"metadata":{"name":""}}"#] {
            var damaged = list
            damaged[["items"]] = try DocumentReader().read("[\(item)]").first
            #expect(throws: APIError.self, "\(item)") { try ListPage(damaged, of: .configMaps) }
        }
    }

    @Test("a server that asks for a year is asked again within minutes")
    func patience() {
        for text in ["31536000", "9223372036854775807"] {
            let error = StatusAnswer.error(code: 503, headers: ["Retry-After": text], body: "")
            #expect(error.retryAfter == .seconds(300))
        }
    }

    @Test("pages that never end are given up")
    func endlessPages() async throws {
        let error = try await ScriptedServer.serving { exchange in
            let body =
                #"{"kind":"ConfigMapList","metadata":{"resourceVersion":"1","continue":"\#(exchange.number)"},"items":[]}"#
            try await exchange.answer(200, body)
        } _: { server in
            let client = try KubernetesClient(
                ServerConfiguration(server: server.url), userAgent: "fuzz/1", logger: Self.logger)
            let error = await #expect(throws: APIError.self) { try await client.list(.configMaps) }
            await client.close()
            return error
        }
        #expect("\(try #require(error))".contains("pages"))
    }
}

/// Time that does not pass: short waits end at once and are noted, limits of requests take their time.
///
/// Synchronization: one mutex.
final class FuzzTime: Sendable {
    private let state = Mutex<[Duration]>([])
    private let limit: Duration

    /// Waits of `limit` and more are those of requests.
    init(limit: Duration = .seconds(30)) { self.limit = limit }

    var waits: [Duration] { state.withLock { $0 } }
    func clear() { state.withLock { $0 = [] } }

    var source: TimeSource {
        TimeSource(
            monotonic: TimeSource.system.monotonic, wall: TimeSource.system.wall,
            sleep: { [self] duration in
                // Requests have 30 or 60 seconds; what waits for anything else longer than that is a fault.
                if duration == limit || duration == limit * 2 { return try await Task.sleep(for: duration) }
                state.withLock { $0.append(duration) }
                try Task.checkCancellation()
                await Task.yield()
            })
    }
}
