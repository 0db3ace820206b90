package import HostModel

/// Who may use which CPUs of the node.
///
///     all that the daemon may use
///     ├─ reserved    the host's own, and whatever has no CPU of its own: never dedicated
///     ├─ dedicated   given out one by one; while nobody holds one, it is shared too, unless the pools are fixed
///     └─ shared      VMs without dedicated CPUs, and the emulator threads of those with
///
/// Pools are fixed where the configuration names the dedicated or the shared CPUs, or the kernel keeps some from its
/// scheduler (`isolcpus=`): then what nobody holds stays idle.
package struct CPUPools: Sendable, Equatable {
    package var dedicated: CPUSet
    /// What is always shared.
    package var shared: CPUSet
    /// Whether shared work may use dedicated CPUs that nobody holds.
    package var lendsDedicated: Bool
    /// Those that were set aside for the host.
    package var reserved: CPUSet

    /// What the configuration says; nil stands for a choice by the host.
    package struct Settings: Sendable, Equatable {
        package var reserved: CPUSet?
        package var dedicated: CPUSet?
        package var shared: CPUSet?
        /// What is done with dedicated CPUs that nobody holds.
        package var idle: IdleCPUPolicy

        package init(
            reserved: CPUSet? = nil, dedicated: CPUSet? = nil, shared: CPUSet? = nil, idle: IdleCPUPolicy = .awake
        ) {
            self.reserved = reserved
            self.dedicated = dedicated
            self.shared = shared
            self.idle = idle
        }
    }

    /// `allowed` are the CPUs that this process, and so QEMU, may run on: those that the kernel isolates are no part of
    /// them, and may be used all the same.
    package init(_ host: Host, allowed: CPUSet?, _ settings: Settings = Settings()) {
        let online = host.onlineCPUs
        let isolated = host.isolatedCPUs.intersection(online)
        let usable = (allowed ?? online).union(isolated).intersection(online)
        let reserved = (settings.reserved ?? Self.firstCore(host, usable.subtracting(isolated))).intersection(usable)
        let isFixed = settings.dedicated != nil || settings.shared != nil || !isolated.isEmpty
        var dedicated = settings.dedicated ?? (isolated.isEmpty ? nil : isolated) ?? usable
        if let shared = settings.shared, settings.dedicated == nil { dedicated = usable.subtracting(shared) }
        self.dedicated = dedicated.intersection(usable).subtracting(reserved)
        let rest = usable.subtracting(self.dedicated)
        shared = settings.shared?.intersection(usable).subtracting(self.dedicated) ?? rest
        // A host of one CPU has nothing to give away, and its VMs must run somewhere.
        if shared.isEmpty { shared = reserved.isEmpty ? usable : reserved }
        lendsDedicated = !isFixed
        self.reserved = reserved
    }

    /// What shared work may use while these CPUs are held.
    package func shared(held: CPUSet) -> CPUSet {
        let now = (lendsDedicated ? shared.union(dedicated) : shared).subtracting(held)
        return now.isEmpty ? shared : now
    }

    /// The host keeps a core for itself, so that dedicated VMs never leave it without any: as the kubelet demands it of
    /// a node with the static CPU manager.
    private static func firstCore(_ host: Host, _ usable: CPUSet) -> CPUSet {
        guard usable.count > 1, let first = usable.first else { return CPUSet([]) }
        let siblings = host.cpus.first { $0.id == first }?.siblings ?? CPUSet([first])
        let core = siblings.intersection(usable)
        return core.count < usable.count ? core : CPUSet([first])
    }
}
