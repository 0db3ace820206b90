import Logging
import Serving

/// A guest's serial console over a WebSocket: what the guest prints goes out, what comes in is typed.
///
/// The guest never waits for a slow reader: output that is not taken gives way to new. `recent=true` begins with what was
/// printed last; KubeVirt's clients, which do not ask, begin with what comes.
struct ConsoleStream: Sendable {
    /// KubeVirt's name for a stream of plain bytes.
    static let subprotocol = "plain.kubevirt.io"

    private let hands: any MachineHands
    private let sessions: StreamSessions
    private let logger: Logger

    init(_ hands: any MachineHands, sessions: StreamSessions, logger: Logger) {
        self.hands = hands
        self.sessions = sessions
        self.logger = logger
    }

    func route(_ path: String) -> WebSocketRoute {
        WebSocketRoute(path, subprotocols: [Self.subprotocol]) { [self] request throws(StatusError) in
            let key = try StreamSessions.Key(.serial, request)
            let hub: ConsoleHub
            do throws(HandsError) {
                hub = try await hands.console(namespace: key.namespace, name: key.name)
            } catch {
                throw error.status
            }
            let session = try sessions.open(key, preservingOthers: request.isTrue("preserveSession"))
            return { connection in
                let audit = StreamAudit(key, request, logger)
                await serve(connection, hub, session, replaysRecent: request.isTrue("recent"))
                session.close()
                audit.didClose(connection)
            }
        }
    }

    private func serve(
        _ connection: WebSocketConnection, _ hub: ConsoleHub, _ session: StreamSession, replaysRecent: Bool
    ) async {
        let output = hub.watch(replaysRecent: replaysRecent)
        await withTaskGroup { group in
            group.addTask { await session.closeWhenTaken(connection) }
            group.addTask {
                for await bytes in output {
                    do { try await connection.send(bytes) } catch { return }
                }
                if !Task.isCancelled { await connection.close(reason: "the VM has ended") }
            }
            for await message in connection { hub.type(message) }
            group.cancelAll()
        }
    }
}

extension StreamSessions.Key {
    init(_ kind: StreamSessions.Kind, _ request: WebSocketRequest) throws(StatusError) {
        guard let namespace = request.parameters["namespace"], let name = request.parameters["name"] else {
            throw .badRequest("the path names no namespace and VMI")
        }
        self.init(kind: kind, namespace: namespace, name: name)
    }
}
