internal import ServiceLifecycle

/// Tells the service manager that the daemon listens, that its loops turn, and that it ends.
///
/// A loop that hangs keeps the watchdog's word back: the process is restarted then, and the VMs run on.
struct ServiceManagerReports: Service {
    let manager: ServiceManager
    let health: HealthBoard
    /// One line on the node.
    let status: @Sendable () -> String
    /// What moves when the line may have changed.
    let changes: [Counter]
    let listening: Counter

    func run() async {
        await cancelWhenGracefulShutdown {
            // Before the first socket listens nobody can use the daemon.
            await listening.pass(0)
            guard !Task.isCancelled else { return }
            manager.tell(.ready)
            await withTaskGroup(of: Void.self) { group in
                for counter in changes { group.addTask { await follow(counter) } }
                if let watchdog = manager.watchdog { group.addTask { await feed(watchdog) } }
            }
        }
        manager.tell(.stopping, .status("ends; the VMs run on"))
    }

    private func follow(_ counter: Counter) async {
        while !Task.isCancelled {
            let seen = counter.value
            manager.tell(.status(status()))
            await counter.pass(seen)
        }
    }

    /// Tells twice as often as it is asked, as systemd advises.
    private func feed(_ watchdog: Duration) async {
        while (try? await Task.sleep(for: watchdog / 2)) != nil {
            if health.liveness.allSatisfy(\.isGood) { manager.tell(.alive) }
        }
    }
}
