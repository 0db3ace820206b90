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
    /// What the plan had to adapt; nil where this process did not plan the domain.
    package var warnings: [PlanWarning]? = []
    /// The disk sizes by volume name, in bytes.
    package var capacities: [String: Int64] = [:]
    package var runtimeUser: UInt32?
    package var failure: String?
    /// One word for why the VM does not run, for conditions.
    package var failureReason: String?
    /// What would end the VM together with the daemon's pod.
    package var ties: [ProcessTie] = []
    /// Whether nobody knows what became of the domain, and why.
    package var unknown: String?
    /// Whether the VM is on its way to its first instruction.
    package var isStarting = false
    package var fsFreezeStatus: String?

    package init(nodeName: String) { self.nodeName = nodeName }

    /// Takes up what an earlier process told of the VM.
    package init(nodeName: String, resuming status: VirtualMachineInstanceStatus?) {
        self.nodeName = nodeName
        transitions = status?.phaseTransitionTimestamps ?? []
        if let phase = status?.phase, transitions.last?.phase != phase {
            transitions.append(PhaseTransition(phase, at: .now))
        }
        warnings = nil
        runtimeUser = status?.runtimeUser.map { UInt32(clamping: $0) }
        fsFreezeStatus = status?.fsFreezeStatus
        for volume in status?.volumeStatus ?? [] { capacities[volume.name] = volume.size }
    }

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
