internal import CLibvirt
internal import Dispatch
internal import Glibc

/// Tells when a process is gone, whoever's child it is: libvirt's own word may be late, or never come, where it lost
/// QEMU's monitor.
package enum ProcessExit {
    /// Ends when the process does, or at once where there is no such process (or no pidfd: a kernel before 5.3). The
    /// caller checks what became of it: the number may be another's by now.
    package static func wait(for pid: Int32) -> AsyncStream<Void> {
        let (stream, continuation) = AsyncStream.makeStream(of: Void.self)
        let descriptor = virt_node_pidfd_open(pid)
        guard descriptor >= 0 else {
            continuation.finish()
            return stream
        }
        let handle = ExitSource(descriptor) { continuation.finish() }
        continuation.onTermination = { _ in handle.cancel() }
        return stream
    }
}

/// Owns the pidfd, closed when the source is cancelled.
private final class ExitSource: Sendable {
    // SAFETY: a dispatch source is thread-safe; it is made once, and cancelled once or more, which is the same.
    nonisolated(unsafe) private let source: any DispatchSourceRead

    init(_ descriptor: Int32, onExit: @escaping @Sendable () -> Void) {
        unsafe source = DispatchSource.makeReadSource(fileDescriptor: descriptor, queue: .global())
        unsafe source.setEventHandler(handler: onExit)
        unsafe source.setCancelHandler { close(descriptor) }
        unsafe source.activate()
    }

    func cancel() { unsafe source.cancel() }
}
