import NIOCore
import Synchronization

/// An open WebSocket: the messages that come, and what is sent.
///
/// A message is received only when it is asked for, and `send` waits while the other end is slow: a connection holds no
/// more than a few messages. The messages end when either end closes; then `closeCode` says why. One task may read, any
/// may send.
///
/// Synchronization: NIO's channel; the close code is behind a mutex.
package final class WebSocketConnection: AsyncSequence, Sendable {
    package typealias Element = [UInt8]
    package typealias Failure = Never

    /// The subprotocol that was agreed on.
    package let subprotocol: String?
    private let inbound: NIOAsyncChannelInboundStream<WebSocketInput>
    private let channel: any Channel
    private let ending = Mutex<(code: UInt16, reason: String)?>(nil)

    init(
        _ channel: any Channel, inbound: NIOAsyncChannelInboundStream<WebSocketInput>, subprotocol: String?
    ) {
        self.inbound = inbound
        self.channel = channel
        self.subprotocol = subprotocol
    }

    /// The code of the other end's close, once the messages have ended; 1006 where it just went away.
    package var closeCode: UInt16? { ending.withLock { $0?.code } }
    package var closeReason: String? { ending.withLock { $0?.reason } }

    /// Sends a message; returns when there is room for the next.
    package func send(_ bytes: [UInt8]) async throws(WebSocketError) { try await write(.message(bytes)) }

    /// Asks the other end for a sign of life.
    package func ping() async throws(WebSocketError) { try await write(.ping) }

    /// Says that nothing more will be sent. The other end answers, and the messages end.
    package func close(code: UInt16 = 1000, reason: String = "") async {
        try? await write(.close(code: code, reason: reason))
    }

    private func write(_ output: WebSocketOutput) async throws(WebSocketError) {
        do {
            // Until the kernel has it: NIO's own writer takes more and more while the event loop is busy.
            try await channel.writeAndFlush(output).get()
        } catch {
            throw .closed
        }
    }

    private func didEnd(_ code: UInt16, _ reason: String) {
        ending.withLock { $0 = $0 ?? (code, reason) }
    }

    /// Once only: a connection has one reader.
    package func makeAsyncIterator() -> AsyncIterator {
        AsyncIterator(connection: self, inbound: inbound.makeAsyncIterator())
    }

    package struct AsyncIterator: AsyncIteratorProtocol {
        let connection: WebSocketConnection
        var inbound: NIOAsyncChannelInboundStream<WebSocketInput>.AsyncIterator

        package mutating func next() async -> [UInt8]? { await next(isolation: #isolation) }

        package mutating func next(isolation actor: isolated (any Actor)?) async -> [UInt8]? {
            switch try? await inbound.next(isolation: actor) {
            case .message(let message)?: return message
            case .closed(let code, let reason)?:
                connection.didEnd(code, reason)
                return nil
            case nil:
                connection.didEnd(1006, "")
                return nil
            }
        }
    }
}
