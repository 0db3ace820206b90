import HTTPTypes
import Hummingbird
import HummingbirdCore
import Logging
import NIOCore
import NIOHTTP1

extension HTTPService {
    /// Serves a connection until either end closes it.
    func serve(_ connection: AcceptedConnection) async {
        let channel = connection.channel
        do {
            let kind = try await connection.firstRequest.get()
            let peer = try await Peer.read(
                channel, isUnix: connection.endpoint.isUnix, hasTLS: connection.endpoint.tls != nil)
            await withTaskGroup { group in
                group.addTask {
                    switch kind {
                    case .http: await self.serveHTTP(connection, peer)
                    case .webSocket: await self.serveWebSocket(connection, peer)
                    }
                }
                group.addTask { try? await channel.closeFuture.get() }
                await group.next()
                channel.close(promise: nil)
                group.cancelAll()
            }
        } catch {
            logger.debug("a connection ended before its first request", metadata: ["error": "\(error)"])
            channel.close(promise: nil)
        }
    }

    private func serveHTTP(_ connection: AcceptedConnection, _ peer: Peer) async {
        var configuration = HTTP1Channel.Configuration(
            idleTimeout: TimeAmount(limits.idleTimeout),
            httpDecoderConfiguration: .init(
                maxHeaderFieldSize: limits.headerBytes, maxHeaderListSize: limits.headerBytes,
                maxHeaderFieldCount: 200))
        configuration.additionalChannelHandlers = { [] }
        let http = HTTP1Channel(
            responder: { request, writer, _ in
                try await self.answer(request, writer, peer, connection.endpoint.authenticator)
            }, configuration: configuration)
        do {
            let value = try await connection.replacingFirstHandler {
                http.setup(channel: connection.channel, logger: self.logger)
            }
            await http.handle(value: value, logger: logger)
        } catch {
            logger.debug("a connection could not be set up", metadata: ["error": "\(error)"])
        }
    }

    @concurrent private func answer(
        _ request: Request, _ writer: consuming ResponseWriter, _ peer: Peer, _ authenticator: Authenticator
    ) async throws {
        let start = ContinuousClock.now
        var user = "-"
        var response: Response
        do {
            let identity = try await authenticator.identify(peer, request.headers)
            user = "\(identity)"
            if request.headers[.expect]?.lowercased() == "100-continue" {
                try await writer.writeInformationalHead(HTTPResponse(status: .continue))
            }
            let context = ServingContext(source: ServingSource(identity: identity, logger: logger))
            response = try await responder.respond(to: request, context: context)
        } catch let error as StatusError {
            response = error.response
        } catch let error as HTTPParserError {
            throw error
        } catch {
            logger.warning(
                "a request failed", metadata: ["path": "\(request.uri.path)", "user": "\(user)", "error": "\(error)"])
            response = StatusError(500, reason: "InternalError", message: "\(error)").response
        }
        if response.status.code >= 400, response.body.contentLength == 0 {
            response = Self.status(for: response, to: request)
        }
        response.headers[.date] = date.text
        logger.debug(
            "request",
            metadata: [
                "method": "\(request.method)", "path": "\(request.head.path ?? "")", "user": "\(user)",
                "peer": "\(peer.address)", "status": "\(response.status.code)",
                "duration": "\(ContinuousClock.now - start)",
            ])
        try await Self.write(response, with: writer)
    }

    /// A parser's error after the head is written must not be answered a second time.
    @concurrent private static func write(_ response: Response, with writer: consuming ResponseWriter) async throws {
        do {
            try await writer.write(response: response.head, body: response.body)
        } catch is HTTPParserError {
            throw ChannelError.eof
        }
    }

    /// Errors of the router have no body: Kubernetes' clients want a Status.
    private static func status(for response: Response, to request: Request) -> Response {
        let path = request.uri.path
        let error =
            response.status == .notFound
            ? StatusError.notFound("there is nothing at \(path) for \(request.method)")
            : StatusError(
                response.status.code, reason: response.status.reasonPhrase.filter { $0 != " " },
                message: "\(request.method) \(path): \(response.status.reasonPhrase)")
        var answer = error.response
        answer.headers.append(contentsOf: response.headers.filter { $0.name != .contentLength })
        return answer
    }
}

extension ServingEndpoint {
    var isUnix: Bool { address.isUnix }
}

extension AcceptedConnection {
    /// Puts the handlers in that `setup` adds, and gives them the bytes that came meanwhile.
    func replacingFirstHandler<Value: Sendable>(
        _ setup: @escaping @Sendable () throws -> EventLoopFuture<Value>
    ) async throws -> Value {
        try await channel.eventLoop.flatSubmit { [channel] in
            do {
                guard channel.isActive else { throw ChannelError.ioOnClosedChannel }
                let pipeline = channel.pipeline.syncOperations
                let first = try pipeline.context(handlerType: FirstRequestHandler.self)
                let value = try setup()
                pipeline.removeHandler(context: first, promise: nil)
                return value
            } catch {
                return channel.eventLoop.makeFailedFuture(error)
            }
        }.get()
    }
}
