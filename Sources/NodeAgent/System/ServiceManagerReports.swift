internal import ServiceLifecycle

/// Tells the service manager that the daemon listens, that its loops turn, and that it ends.
///
/// A loop that hangs keeps the watchdog's word back: the process is restarted then, and the VMs run on.
struct ServiceManagerReports: Service {
    let manager: ServiceManager
    let health: HealthBoard
    /// One line on the node.
    let status: @Sendable () -> String
    /// Waits until the first socket listens.
    let listening: @Sendable () async -> Void

    func run() async {
        await cancelWhenGracefulShutdown {
            await listening()
            guard !Task.isCancelled else { return }
            manager.tell(.ready, .status(status()))
            // Half of what is allowed, as systemd advises; without a watchdog the status alone is kept fresh.
            let pause = manager.watchdog.map { $0 / 2 } ?? .seconds(30)
            while (try? await Task.sleep(for: pause)) != nil {
                if health.liveness.allSatisfy(\.isGood) { manager.tell(.alive, .status(status())) }
            }
        }
        manager.tell(.stopping, .status("ends; the VMs run on"))
    }
}
