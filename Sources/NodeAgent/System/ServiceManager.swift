internal import Glibc
internal import Serving

/// The service manager that started the process and wants to hear how it fares: systemd's `Type=notify`.
///
/// Source: `sd_notify(3)`, a datagram to the socket that `NOTIFY_SOCKET` names. What cannot be delivered is left: nothing
/// depends on it.
package struct ServiceManager: Sendable {
    package enum Message: Sendable, Equatable {
        case ready
        /// Until the next `ready`.
        case reloading
        case stopping
        case alive
        /// For `systemctl status`.
        case status(String)

        var line: String {
            switch self {
            case .ready: "READY=1"
            case .reloading: "RELOADING=1"
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
        let descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { return }
        defer { close(descriptor) }
        let text = messages.map(\.line).joined(separator: "\n")
        _ = UnixAddress.withAddress(of: path) {
            sendto(descriptor, text, text.utf8.count, Int32(MSG_NOSIGNAL) | Int32(MSG_DONTWAIT), $0, $1)
        }
    }
}
