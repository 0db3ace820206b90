import NIOCore
import NIOWebSocket

/// What comes out of a WebSocket.
enum WebSocketInput: Sendable {
    case message([UInt8])
    case closed(code: UInt16, reason: String)
}

/// What goes into a WebSocket.
enum WebSocketOutput: Sendable {
    case message([UInt8])
    case ping
    case close(code: UInt16, reason: String)
}

/// The protocol of a WebSocket above its frames: messages, pings, and both closes.
///
///     open ──close sent──▶ closing ──close received──▶ closed
///       └──close received, answered──────────────────────▲
///
/// A closing connection that hears nothing for `closeTimeout` is closed. One that is silent for two `pingInterval`s,
/// while this side reads, is dead.
///
/// Synchronization: runs on the channel's event loop only.
final class WebSocketHandler: ChannelDuplexHandler {
    typealias InboundIn = WebSocketFrame
    typealias InboundOut = WebSocketInput
    typealias OutboundIn = WebSocketOutput
    typealias OutboundOut = WebSocketFrame

    /// Longer messages are sent in fragments, so that the other end need not take a frame of any length.
    static let fragmentBytes = 64 * 1024

    private let isServer: Bool
    private let limits: ServingLimits
    private var assembler: MessageAssembler
    private var sentClose = false
    private var receivedClose = false
    /// Whether bytes are asked for: at first they are, from before this handler came.
    private var isReading = true
    private var lastHeard = NIODeadline.now()
    private var pinger: Scheduled<Void>?
    private var closer: Scheduled<Void>?

    init(isServer: Bool, maximumMessageBytes: Int, limits: ServingLimits) {
        self.isServer = isServer
        self.limits = limits
        assembler = MessageAssembler(limit: maximumMessageBytes, expectsMask: isServer)
    }

    func handlerAdded(context: ChannelHandlerContext) { schedulePing(context) }

    func handlerRemoved(context: ChannelHandlerContext) {
        pinger?.cancel()
        closer?.cancel()
    }

    func read(context: ChannelHandlerContext) {
        if !isReading { lastHeard = .now() }
        isReading = true
        context.read()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        isReading = false
        lastHeard = .now()
        guard !receivedClose else { return }
        let frame = Self.unwrapInboundIn(data)
        switch frame.opcode {
        case .ping:
            // A flood of pings is not answered ping by ping.
            if !sentClose, context.channel.isWritable { send(.pong, frame.unmaskedData, context, nil) }
        case .pong: break
        case .connectionClose: didReceiveClose(frame.unmaskedData, context)
        case .binary, .text, .continuation:
            switch assembler.add(frame) {
            case .wait: break
            case .message(let message): context.fireChannelRead(Self.wrapInboundOut(.message(message)))
            case .violation(let code, let reason): fail(code, reason, context)
            }
        default: fail(1002, "an unknown kind of frame", context)
        }
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        guard !sentClose else {
            promise?.fail(ChannelError.outputClosed)
            return
        }
        switch Self.unwrapOutboundIn(data) {
        case .message(let bytes): send(message: bytes, context, promise)
        case .ping: send(.ping, ByteBuffer(), context, promise)
        case .close(let code, let reason): sendClose(code, reason, context, promise)
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        switch error {
        case NIOWebSocketError.invalidFrameLength: fail(1009, "the frame is too long", context)
        case is NIOWebSocketError: fail(1002, "a wrong control frame", context)
        default: context.close(promise: nil)
        }
    }

    private func didReceiveClose(_ data: ByteBuffer, _ context: ChannelHandlerContext) {
        var data = data
        let code = data.readInteger(as: UInt16.self)
        end(code ?? 1005, String(buffer: data), answer: code ?? 1000, "", context)
    }

    /// The other end broke the protocol.
    private func fail(_ code: UInt16, _ reason: String, _ context: ChannelHandlerContext) {
        end(code, reason, answer: code, reason, context)
    }

    /// Nothing more comes: says so to the reader first, since the answer may close the channel at once.
    private func end(
        _ code: UInt16, _ reason: String, answer: UInt16, _ answerReason: String, _ context: ChannelHandlerContext
    ) {
        receivedClose = true
        context.fireChannelRead(Self.wrapInboundOut(.closed(code: code, reason: reason)))
        context.fireChannelReadComplete()
        if sentClose { context.close(promise: nil) } else { sendClose(answer, answerReason, context, nil) }
    }

    private func sendClose(
        _ code: UInt16, _ reason: String, _ context: ChannelHandlerContext, _ promise: EventLoopPromise<Void>?
    ) {
        sentClose = true
        pinger?.cancel()
        var data = ByteBuffer(integer: code)
        data.writeBytes(reason.utf8.prefix(123))
        let written = promise ?? context.eventLoop.makePromise()
        if receivedClose {
            written.futureResult.assumeIsolated().whenComplete { _ in context.close(promise: nil) }
        }
        send(.connectionClose, data, context, written)
        context.flush()
        closer = context.eventLoop.assumeIsolated().scheduleTask(in: TimeAmount(limits.closeTimeout)) {
            context.close(promise: nil)
        }
    }

    private func send(message: [UInt8], _ context: ChannelHandlerContext, _ promise: EventLoopPromise<Void>?) {
        var opcode = WebSocketOpcode.binary
        var rest = message[...]
        repeat {
            let part = rest.prefix(Self.fragmentBytes)
            rest = rest.dropFirst(Self.fragmentBytes)
            let isLast = rest.isEmpty
            send(opcode, ByteBuffer(bytes: part), fin: isLast, context, isLast ? promise : nil)
            opcode = .continuation
        } while !rest.isEmpty
    }

    private func send(
        _ opcode: WebSocketOpcode, _ data: ByteBuffer, fin: Bool = true, _ context: ChannelHandlerContext,
        _ promise: EventLoopPromise<Void>?
    ) {
        let frame = WebSocketFrame(fin: fin, opcode: opcode, maskKey: isServer ? nil : .random(), data: data)
        context.write(Self.wrapOutboundOut(frame), promise: promise)
        if opcode == .ping || opcode == .pong { context.flush() }
    }

    private func schedulePing(_ context: ChannelHandlerContext) {
        pinger = context.eventLoop.assumeIsolated().scheduleTask(in: TimeAmount(limits.pingInterval)) {
            self.ping(context)
        }
    }

    private func ping(_ context: ChannelHandlerContext) {
        if isReading, NIODeadline.now() - lastHeard > TimeAmount(limits.pingInterval * 2) {
            context.close(promise: nil)
            return
        }
        if context.channel.isWritable { send(.ping, ByteBuffer(), context, nil) }
        schedulePing(context)
    }
}
