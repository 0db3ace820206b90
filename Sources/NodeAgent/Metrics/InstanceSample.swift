internal import KubeVirtModel
package import Libvirt

/// What the metrics need to know of a VM besides its counters.
package struct InstanceSample: Sendable {
    package var namespace: String
    package var name: String
    /// libvirt's name of the domain.
    package var domain: String
    package var phase: String
    /// The VMI's names of disks by target, such as `vda`.
    package var drives: [String: String] = [:]
    /// The VMI's names of interfaces by the host's device, such as `tap0`.
    package var interfaces: [String: String] = [:]
    /// What the agent in the guest last told.
    package var guest: GuestInfo?
    /// The domain's memory.
    package var memoryBytes: Int64?
    /// How many CPUs of the host its vCPUs may run on, summed over them, where they are pinned.
    package var cpuAffinities: Int?

    package init(namespace: String, name: String, domain: String, phase: String) {
        self.namespace = namespace
        self.name = name
        self.domain = domain
        self.phase = phase
    }

    /// The VM as its owner knows it.
    init(of owner: MachineOwner) {
        let seen = owner.observation
        let phase = seen.unknown != nil && !seen.phase.isFinal ? .unknown : seen.phase
        self.init(namespace: owner.namespace, name: owner.name, domain: owner.domain, phase: phase.rawValue)
        guest = seen.agent?.info
        guard let live = seen.live, !seen.phase.isFinal else { return }
        drives = Dictionary(live.targets.map { ($0.value, $0.key) }) { first, _ in first }
        for interface in live.interfaces {
            if let device = interface.device { interfaces[device] = interface.name }
        }
        memoryBytes = live.memoryBytes
        cpuAffinities = live.cpuAffinities
    }
}
