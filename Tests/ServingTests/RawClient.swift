import Glibc
import NIOCore
import NIOPosix
import SystemPackage

/// A WebSocket client that writes its bytes by hand. It answers nothing by itself.
struct RawClient: Sendable {
    let channel: any Channel
    private let bytes: Bytes

    /// What came, and who waits for it.
    private actor Bytes {
        private var received: [UInt8] = []
        private var waiting: (count: Int, CheckedContinuation<Void, Never>)?
        private var isClosed = false

        func add(_ new: [UInt8]?) {
            if let new { received += new } else { isClosed = true }
            guard let waiting, isClosed || received.count >= waiting.count else { return }
            self.waiting = nil
            waiting.1.resume()
        }

        func take(_ count: Int) async -> [UInt8] {
            if received.count < count, !isClosed { await withCheckedContinuation { waiting = (count, $0) } }
            defer { received.removeFirst(min(count, received.count)) }
            return Array(received.prefix(count))
        }

        /// Up to and with the empty line.
        func takeHead() async -> String {
            var head: [UInt8] = []
            while !head.suffix(4).elementsEqual("\r\n\r\n".utf8) {
                let next = await take(1)
                if next.isEmpty { break }
                head += next
            }
            return String(decoding: head, as: UTF8.self)
        }
    }

    private final class Reader: ChannelInboundHandler, Sendable {
        typealias InboundIn = ByteBuffer
        let stream: AsyncStream<[UInt8]>.Continuation

        init(_ stream: AsyncStream<[UInt8]>.Continuation) { self.stream = stream }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            stream.yield(Array(buffer: Self.unwrapInboundIn(data)))
        }

        func channelInactive(context: ChannelHandlerContext) { stream.finish() }
    }

    struct NotUpgraded: Error { let head: String }

    static func open(_ path: FilePath, _ target: String, early: [UInt8] = []) async throws -> RawClient {
        let (stream, continuation) = AsyncStream.makeStream(of: [UInt8].self)
        let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .channelInitializer { $0.pipeline.addHandler(Reader(continuation)) }
            .connect(unixDomainSocketPath: path.string).get()
        let bytes = Bytes()
        Task {
            for await part in stream { await bytes.add(part) }
            await bytes.add(nil)
        }
        let client = RawClient(channel: channel, bytes: bytes)
        let head =
            "GET \(target) HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
        try await client.write(Array(head.utf8) + early)
        let answer = await bytes.takeHead()
        guard answer.hasPrefix("HTTP/1.1 101"), answer.contains("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=") else {
            throw NotUpgraded(head: answer)
        }
        return client
    }

    func write(_ bytes: [UInt8]) async throws { try await channel.writeAndFlush(ByteBuffer(bytes: bytes)) }

    func read(_ count: Int) async throws -> [UInt8] { await bytes.take(count) }
}
