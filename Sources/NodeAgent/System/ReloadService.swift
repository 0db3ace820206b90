internal import Logging
internal import ServiceLifecycle
internal import UnixSignals

/// Reads the configuration anew at SIGHUP, and applies what can change while VMs run.
struct ReloadService: Service {
    /// What the daemon was started with.
    let configuration: NodeConfiguration
    let load: @Sendable () throws(ConfigurationError) -> NodeConfiguration
    let apply: @Sendable (NodeConfiguration) -> Void
    let manager: ServiceManager?
    let logger: Logger

    func run() async {
        let signals = await UnixSignalsSequence(trapping: .sighup)
        await cancelWhenGracefulShutdown {
            for await _ in signals {
                manager?.tell(.reloading)
                reload()
                manager?.tell(.ready)
            }
        }
    }

    private func reload() {
        do throws(ConfigurationError) {
            let next = try load()
            apply(next)
            let waiting = ConfigurationKey.all.filter { !$0.isLive && !$0.isSame(configuration, next) }.map(\.path)
            if waiting.isEmpty {
                logger.notice("the configuration was read anew")
            } else {
                logger.warning(
                    "the configuration was read anew; restart virt-node for \(waiting.joined(separator: ", "))")
            }
        } catch {
            logger.error("the configuration stays as it was: \(error)")
        }
    }
}

extension ConfigurationKey {
    /// Whether a running daemon takes a new value.
    var isLive: Bool { Self.live.contains(path) }

    private static let live: Set = ["logLevel", "priorityClasses"]
}
