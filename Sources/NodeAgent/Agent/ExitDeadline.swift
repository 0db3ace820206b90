internal import Dispatch
internal import Glibc
internal import Logging
internal import ServiceLifecycle
internal import Synchronization

/// Ends a process that was told to end and cannot: calls to a libvirt that is silent do not return. Nothing is lost by
/// it, since a daemon may die at any moment.
///
/// Synchronization: one flag behind a mutex.
final class ExitDeadline: Service {
    private let isDisarmed = Mutex(false)
    private let logger: Logger
    /// Seconds from the signal.
    private static let patience = 10

    init(logger: Logger) { self.logger = logger }

    func run() async throws {
        guard (try? await gracefulShutdown()) != nil else { return }
        DispatchQueue.global().asyncAfter(deadline: .now() + .seconds(Self.patience)) { [self] in
            guard !isDisarmed.withLock({ $0 }) else { return }
            logger.warning("not all ended within \(Self.patience) s, libvirt's calls perhaps: the process leaves them")
            _exit(0)
        }
    }

    /// Everything ended by itself.
    func disarm() { isDisarmed.withLock { $0 = true } }
}
