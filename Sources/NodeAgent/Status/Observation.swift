package import DomainPlan
package import HostModel
package import KubeVirtModel
package import KubernetesModel
package import Libvirt

/// Everything that is known of a VM, from which its status follows.
package struct Observation: Sendable {
    package var nodeName: String
    package var verdict: AcceleratorVerdict?
    package var transitions: [PhaseTransition] = []
    package var isPaused = false
    package var pausedByIOError: String?
    package var agent: AgentObservation?
    package var live: LiveDomain?
    package var warnings: [PlanWarning] = []
    /// The disk sizes by volume name, in bytes.
    package var capacities: [String: Int64] = [:]
    package var runtimeUser: UInt32?
    package var failure: String?

    package init(nodeName: String) { self.nodeName = nodeName }

    package var phase: VMIPhase { transitions.last?.phase ?? .pending }

    /// Enters a phase, once.
    package mutating func enter(_ phase: VMIPhase, at time: Timestamp) {
        guard transitions.last?.phase != phase else { return }
        transitions.append(PhaseTransition(phase, at: time))
    }
}

/// What the guest agent told.
package struct AgentObservation: Sendable, Equatable {
    package var info: GuestInfo?
    package var interfaces: [GuestInterface]

    package init(info: GuestInfo? = nil, interfaces: [GuestInterface] = []) {
        self.info = info
        self.interfaces = interfaces
    }
}
