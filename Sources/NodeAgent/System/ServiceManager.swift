internal import Glibc

/// The service manager that started the process and wants to hear how it fares: systemd's `Type=notify`.
///
/// Source: `sd_notify(3)`, a datagram to the socket that `NOTIFY_SOCKET` names. What cannot be delivered is left: nothing
/// depends on it.
package struct ServiceManager: Sendable {
    package enum Message: Sendable, Equatable {
        case ready
        case stopping
        case alive
        /// For `systemctl status`.
        case status(String)

        var line: String {
            switch self {
            case .ready: "READY=1"
            case .stopping: "STOPPING=1"
            case .alive: "WATCHDOG=1"
            case .status(let text): "STATUS=" + text.split(whereSeparator: \.isNewline).joined(separator: " ")
            }
        }
    }

    /// How often it wants to hear `alive`; it restarts a process that is silent for so long. Nil: never.
    package let watchdog: Duration?
    private let path: String

    /// Nil where nobody wants to hear.
    package init?(environment: [String: String], processID: Int32) {
        guard let path = environment["NOTIFY_SOCKET"], path.hasPrefix("/") || path.hasPrefix("@") else { return nil }
        self.path = path
        let isMeant = environment["WATCHDOG_PID"].flatMap(Int32.init).map { $0 == processID } ?? true
        let microseconds = environment["WATCHDOG_USEC"].flatMap(Int64.init).flatMap { $0 > 0 ? $0 : nil }
        watchdog = isMeant ? microseconds.map { .microseconds($0) } : nil
    }

    /// The one of this process. No child is to speak for it.
    package static func take(environment: [String: String]) -> ServiceManager? {
        let manager = ServiceManager(environment: environment, processID: getpid())
        for name in ["NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID"] { unsetenv(name) }
        return manager
    }

    package func tell(_ messages: Message...) {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        var bytes = Array(path.utf8)
        guard bytes.count < MemoryLayout.size(ofValue: address.sun_path) else { return }
        // Of an abstract socket the first byte is NUL.
        if bytes.first == UInt8(ascii: "@") { bytes[0] = 0 }
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
        let size = socklen_t(MemoryLayout<sa_family_t>.size + bytes.count)
        let descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { return }
        defer { close(descriptor) }
        let text = messages.map(\.line).joined(separator: "\n")
        _ = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                sendto(
                    descriptor, text, text.utf8.count, Int32(MSG_NOSIGNAL) | Int32(MSG_DONTWAIT), address,
                    size)
            }
        }
    }
}
