import NIOCore
import NIOPosix
import Serving

/// Takes viewers on a port, and joins each with the display's WebSocket, byte for byte.
struct DisplayProxy: Sendable {
    private let connection: NodeConnection
    private let namespace: String
    private let name: String
    private let preservesSession: Bool
    private let servesMany: Bool

    init(
        _ connection: NodeConnection, namespace: String, name: String, preservesSession: Bool, servesMany: Bool
    ) {
        self.connection = connection
        self.namespace = namespace
        self.name = name
        self.preservesSession = preservesSession
        self.servesMany = servesMany
    }

    private typealias Viewer = NIOAsyncChannel<ByteBuffer, ByteBuffer>

    /// Listens, tells the port, and serves one viewer, or one after the other.
    func run(address: String, port: Int, onListening: @Sendable (Int) -> Void) async throws {
        let listener: NIOAsyncChannel<Viewer, Never>
        do {
            listener = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
                .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
                .bind(host: address, port: port) { channel in
                    channel.eventLoop.makeCompletedFuture {
                        try NIOAsyncChannel(
                            wrappingChannelSynchronously: channel,
                            configuration: .init(backPressureStrategy: .init(lowWatermark: 1, highWatermark: 4)))
                    }
                }
        } catch {
            throw CommandFailure.cannotListen(address: "\(address):\(port)", reason: "\(error)")
        }
        try await listener.executeThenClose { viewers in
            onListening(listener.channel.localAddress?.port ?? port)
            for try await viewer in viewers {
                do { try await serve(viewer) } catch {
                    guard servesMany, !Task.isCancelled else { throw error }
                    Standard.error("virt-node: \(error)")
                }
                if !servesMany { return }
            }
        }
    }

    private func serve(_ viewer: Viewer) async throws {
        try await viewer.executeThenClose { inbound, _ in
            let subresource = "vnc" + (preservesSession ? "?preserveSession=true" : "")
            try await connection.connect(namespace, name, subresource) { display in
                await withTaskGroup { group in
                    group.addTask {
                        do {
                            for try await bytes in inbound { try await display.send(Array(buffer: bytes)) }
                        } catch {
                            // Either side has gone away, which the close tells the other.
                        }
                        await display.close()
                    }
                    for await message in display {
                        guard (try? await viewer.channel.writeAndFlush(ByteBuffer(bytes: message)).get()) != nil else {
                            break
                        }
                    }
                    group.cancelAll()
                }
                if let reason = display.closeReason, !reason.isEmpty {
                    Standard.error("virt-node: the display was closed: \(reason)")
                }
            }
        }
    }
}
