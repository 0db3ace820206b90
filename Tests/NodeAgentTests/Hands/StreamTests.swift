import Foundation
import NodeAgent
import Serving
import Synchronization
import SystemPackage
import Testing

/// Consoles and displays over WebSockets.
@Suite struct StreamTests {
    private func path(_ rest: String, name: String = "vm") -> String {
        "/apis/subresources.kubevirt.io/v1/namespaces/default/virtualmachineinstances/\(name)/\(rest)"
    }

    @Test("the console shows what is printed, and types what is sent")
    func console() async throws {
        let hands = FakeHands()
        let (typed, didType) = AsyncStream.makeStream(of: [UInt8].self)
        hands.hub.connect { didType.yield($0) }
        hands.hub.didPrint(Array("old ".utf8))
        try await servingHands(hands) { socket, _ in
            let client = WebSocketClient(.unix(path: socket))
            try await client.connect(path("console"), subprotocols: ["plain.kubevirt.io"]) { connection in
                #expect(connection.subprotocol == "plain.kubevirt.io")
                while !hands.hub.isWatched { await Task.yield() }
                hands.hub.didPrint(Array("new".utf8))
                var output = connection.makeAsyncIterator()
                #expect(await output.next() == Array("new".utf8))
                try await connection.send(Array("root\r".utf8))
                for await bytes in typed {
                    #expect(bytes == Array("root\r".utf8))
                    break
                }
                hands.hub.close()
                #expect(await output.next() == nil)
                #expect(connection.closeCode == 1000)
            }
        }
    }

    @Test("recent output comes first where it is asked for")
    func recent() async throws {
        let hands = FakeHands()
        hands.hub.didPrint(Array("old".utf8))
        try await servingHands(hands) { socket, _ in
            try await WebSocketClient(.unix(path: socket)).connect(path("console?recent=true")) { connection in
                var output = connection.makeAsyncIterator()
                #expect(await output.next() == Array("old".utf8))
            }
        }
    }

    @Test("a second session ends the first, unless it asks to preserve it")
    func sessions() async throws {
        let hands = FakeHands()
        hands.hub.didPrint(Array("x".utf8))
        try await servingHands(hands) { socket, _ in
            let client = WebSocketClient(.unix(path: socket))
            try await client.connect(path("console?recent=true")) { first in
                var output = first.makeAsyncIterator()
                #expect(await output.next() == Array("x".utf8))
                do {
                    try await client.connect(path("console?preserveSession=true")) { _ in }
                    Issue.record("it was opened")
                } catch WebSocketError.refused(_, let code, let message) {
                    #expect(code == 503)
                    #expect(message.contains("the serial console is in use"))
                }
                try await client.connect(path("console?recent=true")) { second in
                    #expect(await output.next() == nil)
                    #expect(first.closeCode == 4001)
                    var output = second.makeAsyncIterator()
                    #expect(await output.next() == Array("x".utf8))
                }
            }
        }
    }

    @Test("a place is free again when its session has ended")
    func placeIsFree() async throws {
        let hands = FakeHands()
        try await servingHands(hands) { socket, _ in
            let client = WebSocketClient(.unix(path: socket))
            for _ in 0..<3 { try await client.connect(path("console?preserveSession=true")) { _ in } }
        }
    }

    @Test(
        "what cannot be opened is refused before the upgrade",
        arguments: [("console", "x", 404), ("vnc", "x", 404), ("console", "none", 400), ("vnc", "none", 400)])
    func refused(kind: String, name: String, code: Int) async throws {
        try await servingHands(FakeHands()) { socket, _ in
            do {
                try await WebSocketClient(.unix(path: socket)).connect(path(kind, name: name)) { _ in }
                Issue.record("it was opened")
            } catch WebSocketError.refused(_, let refusal, let message) {
                #expect(refusal == code)
                #expect(message.contains("default/\(name)"))
            }
        }
    }

    @Test("VNC is carried byte for byte, both ways, more than any buffer holds, and QEMU's end is the stream's")
    func vnc() async throws {
        let server = try FakeVNC()
        try await servingHands(FakeHands(vnc: server.path)) { socket, _ in
            try await WebSocketClient(.unix(path: socket)).connect(path("vnc")) { connection in
                var output = connection.makeAsyncIterator()
                var received: [UInt8] = []
                while received.count < 12, let bytes = await output.next() { received += bytes }
                #expect(received == Array("RFB 003.008\n".utf8))
                let sent = (0..<5_000_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
                async let sending: Void = {
                    var rest = sent[...]
                    while !rest.isEmpty {
                        try await connection.send(Array(rest.prefix(100_000)))
                        rest = rest.dropFirst(100_000)
                    }
                }()
                received = []
                while received.count < sent.count, let bytes = await output.next() { received += bytes }
                try await sending
                #expect(received == sent)
                server.hangUp()
                #expect(await output.next() == nil)
                #expect(connection.closeCode == 1000)
            }
        }
    }

    @Test("a display that QEMU does not serve ends the stream with the reason")
    func noVNC() async throws {
        try await servingHands(FakeHands(vnc: "/tmp/no-such-socket")) { socket, _ in
            try await WebSocketClient(.unix(path: socket)).connect(path("vnc")) { connection in
                for await _ in connection {}
                #expect(connection.closeCode == 1011)
                #expect(connection.closeReason?.contains("/tmp/no-such-socket") == true)
            }
        }
    }
}
