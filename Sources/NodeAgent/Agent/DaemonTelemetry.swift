internal import KubeVirtModel
internal import KubernetesAPI
internal import Libvirt
internal import Synchronization

/// What the daemon tells of itself: counts for `/metrics`, and parts for `/readyz`.
///
/// Synchronization: all parts guard themselves.
final class DaemonTelemetry: Sendable {
    let registry = MetricsRegistry()
    let health: HealthBoard
    let statistics: StatisticsCache
    private let box = KeeperBox()
    private let found = Mutex<NodeFacts?>(nil)

    init() {
        let clock = ContinuousClock()
        let origin = clock.now
        let now: @Sendable () -> Duration = { origin.duration(to: clock.now) }
        health = HealthBoard(now: now)
        statistics = StatisticsCache(now: now) { [box] in try? await box.value?.connection?.statistics() }
    }

    /// Where the counters of VMs come from.
    func attach(_ keeper: LibvirtKeeper) { box.value = keeper }

    /// What the Node object was last told.
    var facts: NodeFacts? {
        get { found.withLock { $0 } }
        set { found.withLock { $0 = newValue } }
    }

    /// Where the agent's own events go.
    var observer: AgentObserver {
        AgentObserver { [registry, health] event in
            switch event {
            case .step(let step, let seconds): registry.observe(seconds, in: AgentMetrics.startStep, step.rawValue)
            case .ended(let ending): registry.add(to: AgentMetrics.stops, ending.phase.rawValue)
            case .startFailed(let reason): registry.add(to: AgentMetrics.startFailures, reason)
            case .started: registry.add(to: AgentMetrics.starts)
            case .adopted: registry.add(to: AgentMetrics.adopted)
            case .panicked(let namespace, let name):
                registry.add(to: AgentMetrics.guestPanics, namespace, name, "", "")
            case .statusWritten: registry.add(to: AgentMetrics.statusWrites, "sent")
            case .statusWriteFailed(let code): registry.add(to: AgentMetrics.statusWrites, "failed \(code)")
            case .phase(let phase, let seconds): registry.observe(seconds, in: AgentMetrics.phaseFromCreation, phase)
            case .waited(let queue, let seconds): registry.observe(seconds, in: AgentMetrics.queueWait, queue)
            case .statusTold(let seconds): registry.observe(seconds, in: AgentMetrics.statusLag)
            case .part(let part, let isGood, let detail): health.set(part, isGood, detail)
            case .beat: health.beat("agent", silence: .seconds(60))
            case .forgotten(let namespace, let name): registry.forget(namespace: namespace, name: name)
            }
        }
    }
}

/// The keeper is made after those who ask it.
private final class KeeperBox: Sendable {
    private let keeper = Mutex<LibvirtKeeper?>(nil)

    var value: LibvirtKeeper? {
        get { keeper.withLock { $0 } }
        set { keeper.withLock { $0 = newValue } }
    }
}
