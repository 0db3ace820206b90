import Logging
import Serving
import SystemPackage

/// A guest's display over a WebSocket: the VNC protocol of QEMU's socket, byte for byte.
struct VNCStream: Sendable {
    private let hands: any MachineHands
    private let sessions: StreamSessions
    private let logger: Logger

    init(_ hands: any MachineHands, sessions: StreamSessions, logger: Logger) {
        self.hands = hands
        self.sessions = sessions
        self.logger = logger
    }

    func route(_ path: String) -> WebSocketRoute {
        WebSocketRoute(path, subprotocols: [ConsoleStream.subprotocol]) { [self] request throws(StatusError) in
            let key = try StreamSessions.Key(.vnc, request)
            let socket: String
            do throws(HandsError) {
                socket = try await hands.vncSocket(namespace: key.namespace, name: key.name)
            } catch {
                throw error.status
            }
            let session = try sessions.open(key, preservingOthers: request.isTrue("preserveSession"))
            return { connection in
                let audit = StreamAudit(key, request, logger)
                defer {
                    session.close()
                    audit.didClose(connection)
                }
                try await serve(connection, FilePath(socket), session)
            }
        }
    }

    private func serve(
        _ connection: WebSocketConnection, _ socket: FilePath, _ session: StreamSession
    ) async throws(WebSocketError) {
        let result = await withTaskGroup { group -> Result<Void, WebSocketError> in
            group.addTask { await session.closeWhenTaken(connection) }
            defer { group.cancelAll() }
            do throws(WebSocketError) {
                return .success(try await connection.relay(to: socket))
            } catch {
                return .failure(error)
            }
        }
        try result.get()
    }
}
