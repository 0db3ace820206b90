import HTTPTypes
import Logging
import NIOCore
import NIOHTTP1
import NIOWebSocket
import ServiceLifecycle
import Synchronization

/// What became of a request for a WebSocket.
enum UpgradeOutcome: Sendable {
    case opened(NIOAsyncChannel<WebSocketInput, WebSocketOutput>, AcceptedWebSocket)
    case refused
}

/// A request that a route has accepted.
struct AcceptedWebSocket: Sendable {
    let route: WebSocketRoute
    let handler: WebSocketRoute.Handler
    let subprotocol: String?
}

extension HTTPService {
    func serveWebSocket(_ connection: AcceptedConnection, _ peer: Peer) async {
        let attempt = UpgradeAttempt(service: self, peer: peer, authenticator: connection.endpoint.authenticator)
        do {
            let outcome = try await connection.replacingFirstHandler {
                try attempt.configure(connection.channel)
            }
            guard case .opened(let channel, let accepted) = outcome else { return }
            try await serve(channel, accepted)
        } catch {
            logger.debug("a WebSocket ended", metadata: ["error": "\(error)"])
        }
    }

    private func serve(
        _ channel: NIOAsyncChannel<WebSocketInput, WebSocketOutput>, _ accepted: AcceptedWebSocket
    ) async throws {
        try await channel.executeThenClose { inbound, _ in
            let connection = WebSocketConnection(
                channel.channel, inbound: inbound, subprotocol: accepted.subprotocol)
            await withGracefulShutdownHandler {
                do {
                    try await accepted.handler(connection)
                    await connection.close()
                } catch {
                    await connection.close(code: 1011, reason: "\(error)")
                }
            } onGracefulShutdown: {
                let goodbye = WebSocketOutput.close(code: 1001, reason: "the server ends")
                channel.channel.writeAndFlush(goodbye, promise: nil)
            }
            try await channel.channel.closeFuture.get()
        }
    }
}

/// The upgrade of one connection: the handshake is NIO's, who may have which route is decided here.
///
/// Synchronization: what was decided is behind one mutex.
private final class UpgradeAttempt: Sendable {
    private let service: HTTPService
    private let peer: Peer
    private let authenticator: Authenticator
    private let decision = Mutex<Result<AcceptedWebSocket, StatusError>?>(nil)

    init(service: HTTPService, peer: Peer, authenticator: Authenticator) {
        self.service = service
        self.peer = peer
        self.authenticator = authenticator
    }

    /// Adds NIO's handlers; on the event loop.
    func configure(_ channel: any Channel) throws -> EventLoopFuture<UpgradeOutcome> {
        let upgrader = NIOTypedWebSocketServerUpgrader<UpgradeOutcome>(
            maxFrameSize: service.webSockets.map(\.maximumMessageBytes).max() ?? 0,
            enableAutomaticErrorHandling: false,
            shouldUpgrade: { channel, head in
                channel.eventLoop.makeFutureWithTask { try await self.decide(head) }
            },
            upgradePipelineHandler: { channel, _ in
                channel.eventLoop.makeCompletedFuture { try self.open(channel) }
            })
        var configuration = NIOUpgradableHTTPServerPipelineConfiguration(
            upgradeConfiguration: NIOTypedHTTPServerUpgradeConfiguration(
                upgraders: [upgrader], notUpgradingCompletionHandler: { self.refuse($0) }))
        configuration.enablePipelining = false
        configuration.decoderConfiguration.maxHeaderListSize = service.limits.headerBytes
        return try channel.pipeline.syncOperations.configureUpgradableHTTPServerPipeline(configuration: configuration)
    }

    private func decide(_ head: HTTPRequestHead) async throws(StatusError) -> HTTPHeaders? {
        let result: Result<AcceptedWebSocket, StatusError>
        do throws(StatusError) {
            result = .success(try await accept(head))
        } catch {
            result = .failure(error)
        }
        decision.withLock { $0 = result }
        service.logger.debug(
            "websocket", metadata: ["path": "\(head.uri)", "peer": "\(peer.address)", "result": "\(result)"])
        let subprotocol = try result.get().subprotocol
        return subprotocol.map { ["Sec-WebSocket-Protocol": $0] } ?? [:]
    }

    private func accept(_ head: HTTPRequestHead) async throws(StatusError) -> AcceptedWebSocket {
        var headers = HTTPFields()
        for header in head.headers {
            if let name = HTTPField.Name(header.name) { headers.append(HTTPField(name: name, value: header.value)) }
        }
        let identity = try await authenticator.identify(peer, headers)
        let parts = head.uri.split(separator: "?", maxSplits: 1)
        let path = parts.first ?? ""
        for route in service.webSockets {
            guard let parameters = route.pattern.match(path) else { continue }
            let request = WebSocketRequest(
                path: String(path), parameters: parameters, query: PercentCoding.query(parts.dropFirst().first ?? ""),
                headers: headers, identity: identity, peer: peer, logger: service.logger)
            let handler = try await route.accept(request)
            let offered = head.headers[canonicalForm: "Sec-WebSocket-Protocol"].map(String.init)
            return AcceptedWebSocket(
                route: route, handler: handler, subprotocol: offered.first { route.subprotocols.contains($0) })
        }
        throw .notFound("there is no WebSocket at \(path)")
    }

    private func open(_ channel: any Channel) throws -> UpgradeOutcome {
        guard case .success(let accepted)? = decision.withLock({ $0 }) else { return .refused }
        try channel.pipeline.syncOperations.addHandler(
            WebSocketHandler(
                isServer: true, maximumMessageBytes: accepted.route.maximumMessageBytes, limits: service.limits))
        return .opened(
            try NIOAsyncChannel(
                wrappingChannelSynchronously: channel,
                configuration: .init(backPressureStrategy: .init(lowWatermark: 1, highWatermark: 4))),
            accepted)
    }

    /// Answers with the refusal, and closes.
    private func refuse(_ channel: any Channel) -> EventLoopFuture<UpgradeOutcome> {
        var refusal = StatusError.badRequest("this is no WebSocket handshake of version 13")
        if case .failure(let error)? = decision.withLock({ $0 }) { refusal = error }
        let body = ByteBuffer(string: refusal.json)
        var head = HTTPResponseHead(version: .http1_1, status: HTTPResponseStatus(statusCode: refusal.code))
        head.headers = [
            "Content-Type": "application/json", "Content-Length": "\(body.readableBytes)", "Connection": "close",
        ]
        channel.write(HTTPServerResponsePart.head(head), promise: nil)
        channel.write(HTTPServerResponsePart.body(.byteBuffer(body)), promise: nil)
        return channel.writeAndFlush(HTTPServerResponsePart.end(nil)).flatMap { channel.close() }.map { .refused }
    }
}
