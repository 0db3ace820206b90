import NIOCore
import NIOHTTP1

/// An HTTP answer that is no upgrade.
struct HTTPRefusal: Sendable {
    var code: Int
    var message: String
}

/// Reads the answer of a server that does not open the WebSocket, up to 64 KiB, and closes.
///
/// Synchronization: runs on the channel's event loop only.
final class RefusalReader: ChannelInboundHandler {
    typealias InboundIn = HTTPClientResponsePart

    private static let limit = 64 * 1024
    private let promise: EventLoopPromise<HTTPRefusal>
    private var code = 0
    private var body = ByteBuffer()

    init(_ promise: EventLoopPromise<HTTPRefusal>) { self.promise = promise }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch Self.unwrapInboundIn(data) {
        case .head(let head): code = Int(head.status.code)
        case .body(var part):
            if body.readableBytes < Self.limit { body.writeBuffer(&part) }
        case .end: context.close(promise: nil)
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }

    /// However it ends, what came is the answer.
    func handlerRemoved(context: ChannelHandlerContext) {
        promise.succeed(HTTPRefusal(code: code, message: StatusMessage.read(String(buffer: body))))
    }
}
