import NIOCore
import NIOHTTP1

/// What the first request of a connection wants.
enum FirstRequest: Sendable, Equatable {
    case http
    case webSocket
}

/// Reads the first request's head of a connection far enough to know whether it asks for a WebSocket; the handlers that
/// fit are then put behind it, and get every byte when it is removed.
///
/// A connection that serves HTTP never becomes a WebSocket later, as with NIO's own upgrade handler.
///
/// Synchronization: runs on the channel's event loop only.
final class FirstRequestHandler: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer
    typealias OutboundIn = ByteBuffer

    private let limits: ServingLimits
    private let promise: EventLoopPromise<FirstRequest>
    private var received: ByteBuffer?
    private var isDecided = false
    private var wantsRead = false
    private var timeout: Scheduled<Void>?

    init(limits: ServingLimits, promise: EventLoopPromise<FirstRequest>) {
        self.limits = limits
        self.promise = promise
    }

    func handlerAdded(context: ChannelHandlerContext) {
        timeout = context.eventLoop.assumeIsolated().scheduleTask(in: TimeAmount(limits.idleTimeout)) {
            context.close(promise: nil)
        }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var bytes = Self.unwrapInboundIn(data)
        if received == nil { received = bytes } else { received?.writeBuffer(&bytes) }
        guard !isDecided, let received, let kind = Self.kind(of: received, limit: limits.headerBytes) else { return }
        decide(.success(kind))
    }

    /// Once the request is known, nothing more is read until somebody can take it.
    func read(context: ChannelHandlerContext) {
        if isDecided { wantsRead = true } else { context.read() }
    }

    func channelInactive(context: ChannelHandlerContext) {
        decide(.failure(ChannelError.eof))
        context.fireChannelInactive()
    }

    /// Such as a TLS handshake that failed.
    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        decide(.failure(error))
        context.close(promise: nil)
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if event is ChannelShouldQuiesceEvent, !isDecided { context.close(promise: nil) }
        context.fireUserInboundEventTriggered(event)
    }

    func removeHandler(context: ChannelHandlerContext, removalToken: ChannelHandlerContext.RemovalToken) {
        if let received {
            context.fireChannelRead(Self.wrapInboundOut(received))
            context.fireChannelReadComplete()
        }
        if wantsRead { context.read() }
        context.leavePipeline(removalToken: removalToken)
    }

    func handlerRemoved(context: ChannelHandlerContext) { decide(.failure(ChannelError.eof)) }

    private func decide(_ result: Result<FirstRequest, any Error>) {
        guard !isDecided else { return }
        isDecided = true
        timeout?.cancel()
        timeout = nil
        promise.completeWith(result)
    }

    /// Nil while the head is not complete. What is not a GET, or too long, is HTTP's to judge.
    static func kind(of bytes: ByteBuffer, limit: Int) -> FirstRequest? {
        let view = bytes.readableBytesView
        guard view.starts(with: "GET ".utf8.prefix(view.count)) else { return .http }
        guard let end = view.firstRange(of: "\r\n\r\n".utf8) else { return view.count >= limit ? .http : nil }
        for line in view[..<end.lowerBound].split(separator: UInt8(ascii: "\n")).dropFirst() {
            let line = String(decoding: line, as: UTF8.self).lowercased()
            if line.hasPrefix("upgrade:"), line.contains("websocket") { return .webSocket }
        }
        return .http
    }
}
