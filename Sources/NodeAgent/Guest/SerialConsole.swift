internal import Dispatch
internal import Glibc
internal import Serving
internal import Synchronization
package import SystemPackage

/// A guest's serial console: what it prints, as a stream, and what is typed, on the way back.
///
/// Owns one connection to QEMU's socket. QEMU drops what a guest prints while nobody is connected, so this connects while
/// the guest is still paused, and reads all the time: a reader that waits would halt the guest.
///
/// Synchronization: one dispatch source reads, on a queue of its own; writes go straight to the socket.
package final class SerialConsole: Sendable {
    package let output: AsyncStream<[UInt8]>
    private let descriptor: FileDescriptor
    // SAFETY: a dispatch source is thread-safe; it is made once, and cancelled once.
    nonisolated(unsafe) private let source: any DispatchSourceRead

    package init(path: String) throws(Errno) {
        let descriptor = try GuestSocket.connect(FilePath(path))
        _ = fcntl(descriptor.rawValue, F_SETFL, O_NONBLOCK)
        // Old output gives way to new where nobody takes it: the guest must never wait.
        let (output, continuation) = AsyncStream.makeStream(of: [UInt8].self, bufferingPolicy: .bufferingNewest(4096))
        self.output = output
        self.descriptor = descriptor
        let queue = DispatchQueue(label: "serial")
        source = DispatchSource.makeReadSource(fileDescriptor: descriptor.rawValue, queue: queue)
        source.setEventHandler { [source] in
            var buffer = [UInt8](repeating: 0, count: 4096)
            let count = read(descriptor.rawValue, &buffer, buffer.count)
            if count > 0 {
                continuation.yield(Array(buffer.prefix(count)))
            } else if count == 0 || (errno != EAGAIN && errno != EINTR) {
                continuation.finish()
                source.cancel()
            }
        }
        source.setCancelHandler {
            continuation.finish()
            try? descriptor.close()
        }
        source.activate()
    }

    /// Types into the guest; what the guest does not take at once is dropped.
    package func type(_ bytes: [UInt8]) {
        _ = bytes.withUnsafeBytes { write(descriptor.rawValue, $0.baseAddress, $0.count) }
    }

    package func close() { source.cancel() }
}
