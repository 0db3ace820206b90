package import KubeVirtModel

/// The life of one VM: a pure machine that turns (state, input) into (state, actions).
///
///     idle ──start──▶ starting ──started──▶ running ──stop──▶ stopping ──grace over──▶ killing
///                        │  ╲                  │                  │                       │
///                     failed  stop: cancel     └── domain stopped ┴───────────────────────┤
///                        ▼                                                                ▼
///                      ended ◀────────────────────────────────────────────────────────  ended
///
/// Only positive evidence ends a VM: libvirt's event, or a start that failed and was undone.
package struct MachineStateMachine: Sendable {
    package enum State: Sendable, Equatable {
        case idle
        case starting(stopWanted: Bool)
        case running
        case stopping
        case killing(byUser: Bool)
        case ended(Ending)
    }

    /// How a VM ended.
    package struct Ending: Sendable, Equatable {
        package var phase: VMIPhase
        package var reason: String
        /// Whether a user asked for the end.
        package var wasRequested: Bool
    }

    package enum Input: Sendable, Equatable {
        case startRequested
        case startSucceeded
        case startFailed(reason: String)
        case stopRequested
        case killRequested
        case signalDue
        case graceExpired
        /// libvirt could not end the domain: it does not answer, or QEMU cannot die.
        case destroyFailed(reason: String)
        case domainStopped(DomainStop)
    }

    /// Why libvirt says that the domain stopped.
    package enum DomainStop: Sendable, Equatable {
        case shutdown, destroyed, crashed, failed, unknown
    }

    package enum Action: Sendable, Equatable {
        case start
        case cancelStart
        case sendShutdown
        /// Repeat the signal after this many seconds: a guest that boots misses the first.
        case scheduleSignal(seconds: Int)
        case scheduleKill(seconds: Int64)
        case destroy(gracefully: Bool)
        case finish(Ending)
    }

    /// Seconds between two signals.
    package static let signalInterval = 5

    package private(set) var state = State.idle
    private let gracePeriod: Int64
    private let hasACPI: Bool

    package init(gracePeriod: Int64, hasACPI: Bool) {
        self.gracePeriod = gracePeriod
        self.hasACPI = hasACPI
    }

    package mutating func handle(_ input: Input) -> [Action] {
        switch (state, input) {
        case (.idle, .startRequested):
            state = .starting(stopWanted: false)
            return [.start]
        case (.idle, .stopRequested), (.idle, .killRequested):
            return end(.failed, "stopped before it was started", requested: true)
        case (.starting, .stopRequested), (.starting, .killRequested):
            state = .starting(stopWanted: true)
            return [.cancelStart]
        case (.starting(let stopWanted), .startFailed(let reason)):
            return end(.failed, stopWanted ? "stopped while it started" : reason, requested: stopWanted)
        case (.starting(let stopWanted), .startSucceeded):
            state = .running
            return stopWanted ? beginStop() : []
        case (.starting(let stopWanted), .domainStopped(let stop)):
            return end(phase(of: stop), reason(of: stop), requested: stopWanted)
        case (.running, .stopRequested): return beginStop()
        case (.running, .killRequested), (.stopping, .stopRequested), (.stopping, .killRequested):
            state = .killing(byUser: true)
            return [.destroy(gracefully: false)]
        case (.stopping, .signalDue): return [.sendShutdown, .scheduleSignal(seconds: Self.signalInterval)]
        case (.stopping, .graceExpired):
            state = .killing(byUser: false)
            return [.destroy(gracefully: true)]
        case (.running, .domainStopped(let stop)):
            return end(phase(of: stop), reason(of: stop), requested: false)
        case (.stopping, .domainStopped(let stop)):
            return end(phase(of: stop), reason(of: stop), requested: true)
        case (.killing(let byUser), .domainStopped(let stop)):
            return end(phase(of: stop), killReason(stop, byUser: byUser), requested: true)
        case (.killing, .destroyFailed(let reason)):
            // Nobody knows whether the guest still runs, and that is what the status says.
            return end(.unknown, reason, requested: true)
        default: return []
        }
    }

    private mutating func beginStop() -> [Action] {
        guard gracePeriod > 0, hasACPI else {
            state = .killing(byUser: false)
            return [.destroy(gracefully: true)]
        }
        state = .stopping
        return [.sendShutdown, .scheduleSignal(seconds: Self.signalInterval), .scheduleKill(seconds: gracePeriod)]
    }

    private mutating func end(_ phase: VMIPhase, _ reason: String, requested: Bool) -> [Action] {
        let ending = Ending(phase: phase, reason: reason, wasRequested: requested)
        state = .ended(ending)
        return [.finish(ending)]
    }

    /// KubeVirt's rule: a kill after a grace period that ran out is a failure, one without a period is not.
    private func phase(of stop: DomainStop) -> VMIPhase {
        switch stop {
        case .shutdown: .succeeded
        case .destroyed: hasACPI && gracePeriod > 0 ? .failed : .succeeded
        case .crashed, .failed, .unknown: .failed
        }
    }

    private func reason(of stop: DomainStop) -> String {
        switch stop {
        case .shutdown: "the guest powered off"
        case .destroyed: "the domain was destroyed"
        case .crashed: "the guest or QEMU crashed"
        case .failed: "QEMU failed"
        case .unknown: "the domain stopped for a reason that libvirt does not name"
        }
    }

    private func killReason(_ stop: DomainStop, byUser: Bool) -> String {
        guard stop == .destroyed else { return reason(of: stop) }
        if byUser { return "killed at the user's word" }
        return gracePeriod > 0 && hasACPI
            ? "killed, since the guest did not power off within \(gracePeriod) s"
            : "killed at once, as its grace period asks"
    }
}
