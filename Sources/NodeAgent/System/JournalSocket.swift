internal import Glibc
internal import Serving
internal import SystemPackage

/// The socket of systemd's journal.
///
/// Synchronization: a datagram is sent by one system call.
package final class JournalSocket: Sendable {
    private let descriptor: CInt

    private static let path = "/run/systemd/journal/socket"

    /// Nil where nobody listens.
    package init?(path: String = JournalSocket.path) {
        descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { return nil }
        guard UnixAddress.withAddress(of: path, { connect(descriptor, $0, $1) }) == 0 else {
            close(descriptor)
            return nil
        }
        // A journal that hangs must not stop the daemon.
        var patience = timeval(tv_sec: 0, tv_usec: 200_000)
        setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
    }

    deinit { close(descriptor) }

    /// Whether standard error is read by the journal. Source: `systemd.exec(5)`, `$JOURNAL_STREAM`.
    static func isStandardError(environment: [String: String]) -> Bool {
        guard let stream = environment["JOURNAL_STREAM"], let status = try? FileDescriptor.standardError.stat() else {
            return false
        }
        return stream == "\(status.deviceID.rawValue):\(status.inode.rawValue)"
    }

    /// False where the journal did not take it.
    func send(_ entry: JournalEntry) -> Bool {
        entry.bytes.withUnsafeBytes { Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) } >= 0
    }

    /// Standard error, which the journal reads too.
    func sendPlainly(_ message: String) {
        let line = message + "\n"
        _ = write(STDERR_FILENO, line, line.utf8.count)
    }
}
