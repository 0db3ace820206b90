import Glibc
import Hummingbird
import HummingbirdCore
import NIOCore
import NIOPosix
import NIOSSL
import SystemPackage

/// A connection that came, before its first request is known.
struct AcceptedConnection: Sendable {
    let channel: any Channel
    let endpoint: ServingEndpoint
    let firstRequest: EventLoopFuture<FirstRequest>
}

/// An address that is listened on.
struct Listener: Sendable {
    let bound: BoundAddress
    let accepted: AsyncStream<AcceptedConnection>
    private let channel: any Channel

    static func open(_ endpoint: ServingEndpoint, for service: HTTPService) async throws(ServingError) -> Listener {
        let contexts = try endpoint.tls.map { files throws(ServingError) in
            try TLSContexts(files, logger: service.logger)
        }
        let (accepted, continuation) = AsyncStream.makeStream(of: AcceptedConnection.self)
        let limits = service.limits
        let connections = service.connections
        var bootstrap = ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(.backlog, value: 256)
            // One at a time, so that the limit of connections is kept exactly.
            .serverChannelOption(.maxMessagesPerRead, value: 1)
            .serverChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(
                        AvailableConnectionsChannelHandler(maxConnections: limits.connections))
                }
            }
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    if let contexts {
                        try channel.pipeline.syncOperations.addHandler(
                            NIOSSLServerHandler(context: contexts.current()))
                    }
                    let promise = channel.eventLoop.makePromise(of: FirstRequest.self)
                    try channel.pipeline.syncOperations.addHandler(
                        FirstRequestHandler(limits: limits, promise: promise))
                    connections.add(channel)
                    continuation.yield(
                        AcceptedConnection(channel: channel, endpoint: endpoint, firstRequest: promise.futureResult))
                }
            }
        if !endpoint.address.isUnix { bootstrap = withTCPOptions(bootstrap) }
        let channel = try await bind(bootstrap, to: endpoint.address)
        channel.closeFuture.whenComplete { _ in continuation.finish() }
        return Listener(bound: bound(endpoint.address, channel), accepted: accepted, channel: channel)
    }

    /// Accepts no more. The file of a Unix socket stays: it is replaced by the next who listens there.
    func close() async { try? await channel.close() }

    /// Half-open connections end after about two minutes, also where nothing is sent.
    private static func withTCPOptions(_ bootstrap: ServerBootstrap) -> ServerBootstrap {
        bootstrap
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelOption(.socketOption(.so_keepalive), value: 1)
            .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
            .childChannelOption(.tcpOption(NIOBSDSocket.Option(rawValue: TCP_KEEPIDLE)), value: 60)
            .childChannelOption(.tcpOption(NIOBSDSocket.Option(rawValue: TCP_KEEPINTVL)), value: 15)
            .childChannelOption(.tcpOption(NIOBSDSocket.Option(rawValue: TCP_KEEPCNT)), value: 4)
    }

    private static func bind(
        _ bootstrap: ServerBootstrap, to address: ListenAddress
    ) async throws(ServingError) -> any Channel {
        do {
            switch address {
            case .tcp(let host, let port): return try await bootstrap.bind(host: host, port: port).get()
            case .unix(let path, let mode, let group):
                let socket = UnixListener(path: path, mode: mode, group: group)
                let opened = try await NIOThreadPool.singleton.runIfActive {
                    Result { () throws(ServingError) in try socket.open() }
                }
                return try await bootstrap.withBoundSocket(try opened.get()).get()
            case .inherited(let descriptor, _): return try await bootstrap.withBoundSocket(descriptor).get()
            }
        } catch let error as ServingError {
            throw error
        } catch {
            throw .cannotListen(address: "\(address)", reason: "\(error)")
        }
    }

    private static func bound(_ address: ListenAddress, _ channel: any Channel) -> BoundAddress {
        switch address {
        case .unix(let path, _, _): .unix(path: path)
        case .tcp(let host, let port): .tcp(host: host, port: channel.localAddress?.port ?? port)
        case .inherited(_, let name):
            if let path = channel.localAddress?.pathname {
                .unix(path: FilePath(path))
            } else {
                .tcp(host: channel.localAddress?.ipAddress ?? name, port: channel.localAddress?.port ?? 0)
            }
        }
    }
}
