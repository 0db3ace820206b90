package import Hummingbird
package import Logging
import NIOCore
import NIOPosix
import ServiceLifecycle

/// Serves a router's routes, and WebSockets, on several addresses.
///
/// Owns its listening sockets and connections. One task accepts at each address, and each connection has a task, in which
/// its requests are answered one after another; when the other end goes away, that task is cancelled, and with it a watch
/// that would be silent. A graceful shutdown stops accepting, lets requests end within `limits.shutdownTimeout`, and closes
/// the rest.
///
/// Synchronization: what changes is in `Connections` and in NIO's channels.
package final class HTTPService: Service, Sendable {
    let endpoints: [ServingEndpoint]
    let responder: RouterResponder<ServingContext>
    let webSockets: [WebSocketRoute]
    let limits: ServingLimits
    let logger: Logger
    let connections = Connections()
    let date = HTTPDate()
    private let onListening: @Sendable ([BoundAddress]) -> Void

    package init(
        endpoints: [ServingEndpoint], router: Router<ServingContext>, webSockets: [WebSocketRoute] = [],
        limits: ServingLimits = ServingLimits(), logger: Logger,
        onListening: @escaping @Sendable ([BoundAddress]) -> Void = { _ in }
    ) {
        self.endpoints = endpoints
        self.responder = router.buildResponder()
        self.webSockets = webSockets
        self.limits = limits
        self.logger = logger
        self.onListening = onListening
    }

    /// How many connections are open.
    package var connectionCount: Int { connections.count }

    /// Listens on every address, or on none; returns after a graceful shutdown, or when cancelled.
    package func run() async throws(ServingError) {
        guard !endpoints.isEmpty else { throw .noAddress }
        var listeners: [Listener] = []
        do throws(ServingError) {
            for endpoint in endpoints { listeners.append(try await Listener.open(endpoint, for: self)) }
        } catch {
            for listener in listeners { await listener.close() }
            throw error
        }
        for listener in listeners { logger.info("listening", metadata: ["address": "\(listener.bound)"]) }
        onListening(listeners.map(\.bound))
        await serve(listeners)
    }

    private func serve(_ listeners: [Listener]) async {
        await withTaskGroup { group in
            group.addTask {
                await withDiscardingTaskGroup { connections in
                    for listener in listeners {
                        connections.addTask { await self.accept(from: listener) }
                    }
                }
            }
            group.addTask {
                try? await gracefulShutdown()
                for listener in listeners { await listener.close() }
                self.connections.quiesce()
                try? await Task.sleep(for: self.limits.shutdownTimeout)
                self.connections.close()
            }
            await group.next()
            group.cancelAll()
        }
        for listener in listeners { await listener.close() }
    }

    private func accept(from listener: Listener) async {
        await withDiscardingTaskGroup { group in
            for await connection in listener.accepted {
                group.addTask { await self.serve(connection) }
            }
        }
    }
}
