import NIOCore
import NIOPosix
import Serving
import Synchronization
import SystemPackage
import Testing

/// WebSockets, from our client to our server, and from a client that writes its bytes by hand.
@Suite struct WebSocketTests {
    private static let echo = WebSocketRoute("/echo/:name", subprotocols: ["plain"]) { request throws(StatusError) in
        if request.parameters["name"] == "refused" { throw .conflict("not \"now\"") }
        let name = request.parameters["name"] ?? ""
        return { connection in
            try await connection.send(Array("hello \(name) \(request.query("x") ?? "-")".utf8))
            for await message in connection { try await connection.send(message) }
        }
    }

    private func endpoint(_ path: FilePath) -> ServingEndpoint {
        ServingEndpoint(.unix(path: path), authenticator: .socketPeer)
    }

    @Test("messages of all sizes come back in order, with the parameters and the subprotocol")
    func echo() async throws {
        let folder = try TestFolder()
        try await serving([endpoint(folder["s"])], webSockets: [Self.echo]) { _, _ in
            let client = WebSocketClient(.unix(path: folder["s"]))
            try await client.connect("/echo/a%20b?x=1%2B1", subprotocols: ["other", "plain"]) { connection in
                #expect(connection.subprotocol == "plain")
                var messages = connection.makeAsyncIterator()
                #expect(await messages.next() == Array("hello a b 1+1".utf8))
                for size in [0, 1, 125, 126, 65535, 65536, 70_000, 1 << 20] {
                    let message = [UInt8](repeating: UInt8(size % 251), count: size)
                    try await connection.send(message)
                    #expect(await messages.next() == message)
                }
                try await connection.ping()
            }
        }
    }

    @Test("a refusal is an HTTP status with a Status body, also for paths and users that are unknown")
    func refused() async throws {
        let folder = try TestFolder()
        try await serving([endpoint(folder["s"])], webSockets: [Self.echo]) { _, _ in
            let client = WebSocketClient(.unix(path: folder["s"]))
            let refusals = [("/echo/refused", 409, "not \"now\""), ("/other", 404, "there is no WebSocket at /other")]
            for (path, code, message) in refusals {
                await #expect(throws: WebSocketError.refused(path: path, code: code, message: message)) {
                    try await client.connect(path) { _ in }
                }
            }
            let answer1 = try await get(url(ofSocket: folder["s"].string, "/echo/x"))
            #expect(answer1.status == 404)
        }
        let nobody = Authenticator { _, _ throws(StatusError) in throw .forbidden("nobody") }
        try await serving(
            [ServingEndpoint(.unix(path: folder["s"]), authenticator: nobody)], webSockets: [Self.echo]
        ) { _, _ in
            await #expect(throws: WebSocketError.refused(path: "/echo/x", code: 403, message: "nobody")) {
                try await WebSocketClient(.unix(path: folder["s"])).connect("/echo/x") { _ in }
            }
        }
    }

    @Test("a message above the limit ends the connection with 1009")
    func tooLong() async throws {
        let folder = try TestFolder()
        let route = WebSocketRoute("/small", maximumMessageBytes: 1000) { _ throws(StatusError) in
            { connection in for await message in connection { try await connection.send(message) } }
        }
        try await serving([endpoint(folder["s"])], webSockets: [route]) { _, _ in
            try await WebSocketClient(.unix(path: folder["s"])).connect("/small") { connection in
                var messages = connection.makeAsyncIterator()
                try await connection.send([UInt8](repeating: 1, count: 1000))
                #expect(await messages.next()?.count == 1000)
                try await connection.send([UInt8](repeating: 1, count: 1001))
                #expect(await messages.next() == nil)
                #expect(connection.closeCode == 1009)
            }
        }
    }

    @Test("codes and reasons of a close arrive at the other end, from both sides")
    func closeCodes() async throws {
        let folder = try TestFolder()
        struct Broken: Error, CustomStringConvertible { let description = "it broke" }
        let (codes, didClose) = AsyncStream.makeStream(of: UInt16?.self)
        let routes = [
            WebSocketRoute("/ends") { _ throws(StatusError) in { _ in } },
            WebSocketRoute("/throws") { _ throws(StatusError) in { _ in throw Broken() } },
            WebSocketRoute("/waits") { _ throws(StatusError) in
                { connection in
                    for await _ in connection {}
                    didClose.yield(connection.closeCode)
                }
            },
        ]
        try await serving([endpoint(folder["s"])], webSockets: routes) { _, _ in
            let client = WebSocketClient(.unix(path: folder["s"]))
            for (path, code, reason) in [("/ends", UInt16(1000), ""), ("/throws", 1011, "it broke")] {
                try await client.connect(path) { connection in
                    for await _ in connection {}
                    #expect(connection.closeCode == code)
                    #expect(connection.closeReason == reason)
                }
            }
            try await client.connect("/waits") { await $0.close(code: 4001) }
            for await code in codes {
                #expect(code == 4001)
                break
            }
        }
    }

    @Test("a slow reader makes the sender wait, and gets everything")
    func slowReader() async throws {
        let folder = try TestFolder()
        let sent = Mutex(0)
        let total = 400
        let route = WebSocketRoute("/flood") { _ throws(StatusError) in
            { connection in
                for number in 0..<total {
                    try await connection.send([UInt8](repeating: UInt8(number % 256), count: 64 * 1024))
                    sent.withLock { $0 += 1 }
                }
            }
        }
        try await serving([endpoint(folder["s"])], webSockets: [route]) { _, _ in
            try await WebSocketClient(.unix(path: folder["s"])).connect("/flood") { connection in
                // Until nothing moves any more: the buffers between are full.
                var last = -1
                while sent.withLock({ $0 }) != last {
                    last = sent.withLock { $0 }
                    try await Task.sleep(for: .milliseconds(100))
                }
                #expect(last < total / 4)
                var count = 0
                for await message in connection {
                    #expect(message.first == UInt8(count % 256))
                    count += 1
                }
                #expect(count == total)
            }
        }
    }

    @Test("a dead client is given up after two pings without an answer")
    func dead() async throws {
        let folder = try TestFolder()
        var limits = ServingLimits()
        limits.pingInterval = .milliseconds(50)
        limits.closeTimeout = .milliseconds(50)
        let (codes, didClose) = AsyncStream.makeStream(of: UInt16?.self)
        let route = WebSocketRoute("/waits") { _ throws(StatusError) in
            { connection in
                for await _ in connection {}
                didClose.yield(connection.closeCode)
            }
        }
        try await serving([endpoint(folder["s"])], webSockets: [route], limits: limits) { _, _ in
            let client = try await RawClient.open(folder["s"], "/waits")
            for await code in codes {
                #expect(code == 1006)
                break
            }
            try await client.channel.closeFuture.get()
        }
    }

    @Test("fragments are put together, a ping between them is answered, and unmasked frames end the connection")
    func fragments() async throws {
        let folder = try TestFolder()
        try await serving([endpoint(folder["s"])], webSockets: [Self.echo]) { _, _ in
            let client = try await RawClient.open(folder["s"], "/echo/x")
            let greeting: [UInt8] = [0x82, 9] + Array("hello x -".utf8)
            #expect(try await client.read(greeting.count) == greeting)
            try await client.write([0x02, 0x82, 0, 0, 0, 0, 1, 2])
            try await client.write([0x89, 0x81, 0, 0, 0, 0, 7])
            #expect(try await client.read(3) == [0x8A, 1, 7])
            try await client.write([0x00, 0x80, 0, 0, 0, 0, 0x80, 0x81, 1, 1, 1, 1, 2])
            #expect(try await client.read(5) == [0x82, 3, 1, 2, 3])
            try await client.write([0x82, 1, 1])
            #expect(try await client.read(4).prefix(1) == [0x88])
        }
    }

    @Test("frames that come in one piece with the request are not lost")
    func early() async throws {
        let folder = try TestFolder()
        try await serving([endpoint(folder["s"])], webSockets: [Self.echo]) { _, _ in
            let client = try await RawClient.open(folder["s"], "/echo/x", early: [0x82, 0x81, 0, 0, 0, 0, 42])
            let expected: [UInt8] = [0x82, 9] + Array("hello x -".utf8) + [0x82, 1, 42]
            #expect(try await client.read(expected.count) == expected)
        }
    }
}
