import Dispatch
import Glibc
import Hummingbird
import LocalAPI
import Logging
import Serving
import SystemPackage
import TestSupport
import Testing

/// Bytes of any kind at the socket of the local API: requests that are none, and frames of WebSockets.
@Suite struct ServingFuzzTests {
    private static let instance =
        #"{"apiVersion":"kubevirt.io/v1","kind":"VirtualMachineInstance","metadata":{"name":"a"},"spec":{"domain":{}}}"#
    private static let heads = [
        "GET /version HTTP/1.1\r\nHost: localhost\r\n\r\n",
        "GET /api/v1/namespaces?limit=1 HTTP/1.1\r\nHost: x\r\nAccept: application/json;as=Table;v=v1;g=meta.k8s.io\r\n\r\n",
        "POST /apis/kubevirt.io/v1/namespaces/default/virtualmachineinstances HTTP/1.1\r\nHost: x\r\n"
            + "Content-Type: application/json\r\nContent-Length: \(instance.utf8.count)\r\n\r\n\(instance)",
        "PUT /api/v1/namespaces/default HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n",
        "POST /api/v1/nodes HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n{}",
        "GET /healthz HTTP/1.0\r\n\r\nGET /readyz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
        "DELETE /api/v1/namespaces/default/configmaps/%2e%2e HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer x\r\n\r\n",
        "GET /api/v1/configmaps?watch=true&timeoutSeconds=1 HTTP/1.1\r\nHost: x\r\n\r\n",
    ]
    private static let handshake =
        "GET /echo/x HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
        + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
    private static let tokens = [
        "\r\n", "\r\n\r\n", "Content-Length: -1\r\n", "Content-Length: 99999999999999999999\r\n", "HTTP/9.9",
        "PRI * HTTP/2.0",
        "Transfer-Encoding: chunked\r\n", "ffffffffffffffff\r\n", ": ", "\u{0}", "%00", "../..",
        "Upgrade: websocket\r\n",
        "Host: \r\n", String(repeating: "X-H: y\r\n", count: 300), String(repeating: "a", count: 40_000),
    ].map { Array($0.utf8) }

    /// A frame as a client sends it.
    private static func frame(_ opcode: UInt8, _ payload: [UInt8], isMasked: Bool = true) -> [UInt8] {
        var frame: [UInt8] = [0x80 | opcode]
        let mask: UInt8 = isMasked ? 0x80 : 0
        if payload.count < 126 {
            frame.append(mask | UInt8(payload.count))
        } else {
            frame += [mask | 126, UInt8(payload.count >> 8), UInt8(payload.count & 0xFF)]
        }
        return frame + (isMasked ? [0, 0, 0, 0] : []) + payload
    }

    private static let frames: [[UInt8]] = [
        frame(1, Array("hello".utf8)), frame(2, [UInt8](repeating: 7, count: 300)), frame(9, [1]), frame(10, []),
        frame(8, [3, 0xE8]), frame(0, [1]), frame(1, [0xFF, 0xFE]), frame(1, [1], isMasked: false), frame(3, [1]),
        [0x01, 0x81, 0, 0, 0, 0, 0x61], [0x82, 0xFF, 0x7F, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0, 0, 0, 0],
    ]

    @Test("bytes of any kind get an answer of HTTP or none, and hold up nobody else")
    func requests() async throws {
        try await Self.serving { socket in
            var mutator = ByteMutator(
                seed: FuzzSettings.seed, donors: Self.heads.map { Array($0.utf8) }, tokens: Self.tokens)
            var log = FuzzLog("HTTP requests")
            for await round in FuzzSettings.rounds(150) {
                let input = mutator.next()
                await log.run(round, input) { await Self.outcome(socket, input, isWebSocket: false) }
            }
            #expect(log.faults.isEmpty, "\(log.report)")
            #expect(log.accepted > log.rounds / 20, "\(log.report)")
            #expect(log.grownMiB < FuzzSettings.mostGrowthMiB, "\(log.report)")
            log.printFigures()
        }
    }

    @Test("frames of any kind end a WebSocket at most, and no message is longer than was agreed")
    func frames() async throws {
        try await Self.serving { socket in
            var mutator = ByteMutator(seed: FuzzSettings.seed, donors: Self.frames, tokens: Self.frames)
            var log = FuzzLog("WebSocket frames")
            for await round in FuzzSettings.rounds(100) {
                var input = Array(Self.handshake.utf8)
                for _ in 0...mutator.draw(6) { input += mutator.next() }
                await log.run(round, input) { await Self.outcome(socket, input, isWebSocket: true) }
            }
            #expect(log.faults.isEmpty, "\(log.report)")
            #expect(log.accepted > log.rounds / 2, "\(log.report)")
            #expect(log.grownMiB < FuzzSettings.mostGrowthMiB, "\(log.report)")
            log.printFigures()
        }
    }

    private static func outcome(_ socket: String, _ input: [UInt8], isWebSocket: Bool) async -> Outcome {
        var outcome = Outcome.refused
        // A handshake comes whole, and is answered.
        switch await exchange(socket, input, firstByte: isWebSocket ? 30_000 : 200) {
        case .failure(let problem): outcome.faults.append("\(problem)")
        case .success(let bytes):
            let head = String(decoding: bytes.prefix(12), as: UTF8.self)
            let code = head.hasPrefix("HTTP/1.") ? Int(head.dropFirst(9)) : nil
            outcome.isAccepted = isWebSocket ? code == 101 : code.map { $0 < 300 } ?? false
            if !bytes.isEmpty, code == nil { outcome.faults.append("the answer is no HTTP: \(head.debugDescription)") }
            if let code, code >= 500, ![501, 504, 505].contains(code) {
                outcome.faults.append("the answer is \(code)")
            }
        }
        // Somebody else is served as ever.
        let other = Array("GET /version HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".utf8)
        if case .success(let bytes) = await exchange(socket, other, firstByte: 30_000, isPatient: true),
            String(decoding: bytes, as: UTF8.self).hasPrefix("HTTP/1.1 200")
        {
            return outcome
        }
        outcome.faults.append("others are not served any more")
        return outcome
    }

    private enum Problem: Error {
        case notConnected, neverEnds
    }

    /// Sends bytes and reads until the other end closes. Where it stays silent it is told that no more will come: it may wait
    /// for the rest.
    private static func exchange(
        _ path: String, _ input: [UInt8], firstByte milliseconds: Int, isPatient: Bool = false
    ) async -> Result<[UInt8], Problem> {
        await withCheckedContinuation { continuation in
            DispatchQueue.global().async {
                continuation.resume(returning: blocking(path, input, milliseconds, isPatient))
            }
        }
    }

    private static func wait(at descriptor: CInt, _ direction: CInt, milliseconds: Int) {
        var limit = timeval(tv_sec: milliseconds / 1000, tv_usec: milliseconds % 1000 * 1000)
        setsockopt(descriptor, SOL_SOCKET, direction, &limit, socklen_t(MemoryLayout<timeval>.size))
    }

    private static func blocking(
        _ path: String, _ input: [UInt8], _ firstByte: Int, _ isPatient: Bool
    ) -> Result<[UInt8], Problem> {
        let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        guard descriptor >= 0 else { return .failure(.notConnected) }
        defer { close(descriptor) }
        let isConnected = UnixAddress.withAddress(of: path) { connect(descriptor, $0, $1) == 0 } ?? false
        guard isConnected else { return .failure(.notConnected) }
        wait(at: descriptor, SO_SNDTIMEO, milliseconds: 30_000)
        wait(at: descriptor, SO_RCVTIMEO, milliseconds: firstByte)
        // The other end may close before it has read all.
        _ = input.withUnsafeBytes { send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
        var isEnded = isPatient
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 16_384)
        while true {
            let count = recv(descriptor, &chunk, chunk.count, 0)
            if count < 0, errno == EAGAIN {
                guard !isEnded else { return .failure(.neverEnds) }
                isEnded = true
                shutdown(descriptor, Int32(SHUT_WR))
                wait(at: descriptor, SO_RCVTIMEO, milliseconds: 30_000)
                continue
            }
            // A reset is an end too: what was sent is not read by somebody who has refused it.
            if count <= 0 { return .success(bytes) }
            if bytes.isEmpty, !isPatient { wait(at: descriptor, SO_RCVTIMEO, milliseconds: 50) }
            bytes += chunk[..<count]
        }
    }

    private static func serving(_ body: (String) async throws -> Void) async throws {
        let folder = try FuzzFolder()
        let api = try await LocalAPIFuzzTests.open(folder)
        let router = Router(context: ServingContext.self)
        api.addRoutes(to: router)
        let echo = WebSocketRoute("/echo/:name", maximumMessageBytes: 1 << 16) { _ throws(StatusError) in
            { connection in for await message in connection { try await connection.send(message) } }
        }
        var limits = ServingLimits()
        limits.idleTimeout = .seconds(2)
        limits.closeTimeout = .seconds(1)
        let path = folder("socket")
        let (bound, continuation) = AsyncStream.makeStream(of: Void.self)
        let service = HTTPService(
            endpoints: [ServingEndpoint(.unix(path: path), authenticator: api.socketAuthenticator)], router: router,
            webSockets: [echo], limits: limits, logger: Logger(label: "fuzz") { _ in SwiftLogNoOpLogHandler() },
            onListening: { _ in continuation.finish() })
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                defer { continuation.finish() }
                try await service.run()
            }
            for await _ in bound {}
            try await body(path.string)
            group.cancelAll()
            try await group.waitForAll()
        }
    }
}
