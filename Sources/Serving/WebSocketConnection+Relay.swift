import NIOCore
import NIOPosix
package import SystemPackage

extension WebSocketConnection {
    /// Joins the connection and a Unix socket of a QEMU, byte for byte, until either ends. Both sides wait for a slow
    /// other: no more than a few buffers are held. A link is not followed.
    ///
    /// When the socket ends, what it sent arrives, and then a close with 1000.
    package func relay(to path: FilePath) async throws(WebSocketError) {
        let socket: SystemPackage.FileDescriptor
        do throws(Errno) { socket = try GuestSocket.connect(path, nonBlocking: true) } catch {
            throw .cannotConnect(address: "\(path)", reason: "\(error)")
        }
        let channel: NIOAsyncChannel<ByteBuffer, ByteBuffer>
        do {
            // From here on the descriptor is the channel's.
            channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
                .channelOption(.allowRemoteHalfClosure, value: true)
                .withConnectedSocket(socket.rawValue) { channel in
                    channel.eventLoop.makeCompletedFuture {
                        try NIOAsyncChannel(
                            wrappingChannelSynchronously: channel,
                            configuration: .init(
                                backPressureStrategy: .init(lowWatermark: 1, highWatermark: 4),
                                isOutboundHalfClosureEnabled: true))
                    }
                }
        } catch {
            throw .cannotConnect(address: "\(path)", reason: "\(error)")
        }
        try? await channel.executeThenClose { inbound, outbound in
            await withTaskGroup { group in
                group.addTask {
                    do {
                        for try await bytes in inbound { try await self.send(Array(buffer: bytes)) }
                    } catch {
                        // Either side has gone away: the close says the rest.
                    }
                    await self.close()
                }
                for await message in self {
                    // Once the socket takes no more, messages are only read until the other end closes.
                    try? await channel.channel.writeAndFlush(ByteBuffer(bytes: message)).get()
                }
                outbound.finish()
                group.cancelAll()
            }
        }
    }
}
