import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL
import NIOWebSocket
import SystemPackage

/// Opens WebSockets: for the command line's consoles.
package struct WebSocketClient: Sendable {
    package let target: WebSocketTarget
    /// Sent with the request, such as `Authorization`.
    package var headers: [(name: String, value: String)]
    package var limits: ServingLimits
    package var maximumMessageBytes = 1 << 20
    package var connectTimeout = Duration.seconds(60)

    package init(
        _ target: WebSocketTarget, headers: [(name: String, value: String)] = [], token: String? = nil,
        limits: ServingLimits = ServingLimits()
    ) {
        self.target = target
        self.headers = headers + (token.map { [("Authorization", "Bearer \($0)")] } ?? [])
        self.limits = limits
    }

    /// Opens a connection, and closes it when `body` returns or throws.
    ///
    /// - Parameter path: with its query, percent-coded.
    package func connect<Result: Sendable>(
        _ path: String, subprotocols: [String] = [], _ body: (WebSocketConnection) async throws -> Result
    ) async throws -> Result {
        switch try await open(path, subprotocols) {
        case .refused(let answer):
            let refusal = try await answer.get()
            throw WebSocketError.refused(path: path, code: refusal.code, message: refusal.message)
        case .opened(let channel, let subprotocol):
            return try await channel.executeThenClose { inbound, _ in
                let connection = WebSocketConnection(channel.channel, inbound: inbound, subprotocol: subprotocol)
                do {
                    let result = try await body(connection)
                    await connection.close()
                    try? await channel.channel.closeFuture.get()
                    return result
                } catch {
                    await connection.close(code: 1001)
                    throw error
                }
            }
        }
    }

    private enum Outcome: Sendable {
        case opened(NIOAsyncChannel<WebSocketInput, WebSocketOutput>, subprotocol: String?)
        case refused(EventLoopFuture<HTTPRefusal>)
    }

    private func open(_ path: String, _ subprotocols: [String]) async throws(WebSocketError) -> Outcome {
        let bootstrap = ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .connectTimeout(TimeAmount(connectTimeout))
        do {
            let outcome: EventLoopFuture<Outcome> =
                switch target {
                case .unix(let socket):
                    try await bootstrap.connect(unixDomainSocketPath: socket.string) { channel in
                        channel.eventLoop.makeCompletedFuture { try self.configure(channel, path, subprotocols) }
                    }
                case .tcp(let host, let port, _):
                    try await bootstrap.connect(host: host, port: port) { channel in
                        channel.eventLoop.makeCompletedFuture { try self.configure(channel, path, subprotocols) }
                    }
                }
            return try await outcome.get()
        } catch let error as WebSocketError {
            throw error
        } catch {
            throw .cannotConnect(address: "\(target)", reason: Self.text(of: error))
        }
    }

    private static func text(of error: any Error) -> String {
        switch error {
        case let error as IOError: "\(Errno(rawValue: error.errnoCode))"
        case ChannelError.inputClosed, ChannelError.eof: "the server closed the connection"
        default: "\(error)"
        }
    }

    private func configure(
        _ channel: any Channel, _ path: String, _ subprotocols: [String]
    ) throws -> EventLoopFuture<Outcome> {
        if case .tcp(let host, _, let tls?) = target {
            try channel.pipeline.syncOperations.addHandler(try tls.handler(host: host))
        }
        let upgrader = NIOTypedWebSocketClientUpgrader<Outcome>(
            maxFrameSize: maximumMessageBytes, enableAutomaticErrorHandling: false,
            upgradePipelineHandler: { channel, head in
                channel.eventLoop.makeCompletedFuture { try self.didUpgrade(channel, head) }
            })
        var configuration = NIOUpgradableHTTPClientPipelineConfiguration(
            upgradeConfiguration: NIOTypedHTTPClientUpgradeConfiguration(
                upgradeRequestHead: head(path, subprotocols), upgraders: [upgrader],
                notUpgradingCompletionHandler: { Self.readRefusal($0) }))
        configuration.leftOverBytesStrategy = .forwardBytes
        let outcome = try channel.pipeline.syncOperations.configureUpgradableHTTPClientPipeline(
            configuration: configuration)
        let timeout = channel.eventLoop.scheduleTask(in: TimeAmount(connectTimeout)) { channel.close(promise: nil) }
        outcome.whenComplete { _ in timeout.cancel() }
        return outcome
    }

    private func head(_ path: String, _ subprotocols: [String]) -> HTTPRequestHead {
        var head = HTTPRequestHead(version: .http1_1, method: .GET, uri: path)
        let host = if case .tcp = target { "\(target)" } else { "localhost" }
        head.headers.add(name: "Host", value: host)
        for header in headers { head.headers.add(name: header.name, value: header.value) }
        if !subprotocols.isEmpty {
            head.headers.add(name: "Sec-WebSocket-Protocol", value: subprotocols.joined(separator: ", "))
        }
        return head
    }

    private func didUpgrade(_ channel: any Channel, _ head: HTTPResponseHead) throws -> Outcome {
        try channel.pipeline.syncOperations.addHandler(
            WebSocketHandler(isServer: false, maximumMessageBytes: maximumMessageBytes, limits: limits))
        return .opened(
            try NIOAsyncChannel(
                wrappingChannelSynchronously: channel,
                configuration: .init(backPressureStrategy: .init(lowWatermark: 1, highWatermark: 4))),
            subprotocol: head.headers.first(name: "Sec-WebSocket-Protocol"))
    }

    /// The refusal's body comes later than the decision that there is no upgrade.
    private static func readRefusal(_ channel: any Channel) -> EventLoopFuture<Outcome> {
        let promise = channel.eventLoop.makePromise(of: HTTPRefusal.self)
        return channel.eventLoop.makeCompletedFuture {
            try channel.pipeline.syncOperations.addHandler(RefusalReader(promise))
            return .refused(promise.futureResult)
        }
    }
}
