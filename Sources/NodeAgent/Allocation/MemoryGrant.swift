package import HostModel
package import KubeVirtModel
internal import KubernetesModel

/// What a VM needs of the node's memory, in bytes.
package struct MemoryNeed: Sendable, Equatable {
    /// The guest's own, out of hugepages.
    package var hugepages: Int64
    /// The guest's own, out of ordinary pages.
    package var ordinary: Int64
    /// QEMU's, beside the guest's.
    package var overhead: Int64
    /// The guest's memory is pinned as a whole at the start: for devices, or for realtime.
    package var isPinned: Bool

    package init(hugepages: Int64 = 0, ordinary: Int64, overhead: Int64, isPinned: Bool = false) {
        self.hugepages = hugepages
        self.ordinary = ordinary
        self.overhead = overhead
        self.isPinned = isPinned
    }

    /// Of ordinary memory.
    package var total: Int64 { ordinary + overhead }

    package init(_ instance: VirtualMachineInstance, isEmulated: Bool) {
        let domain = instance.spec.domain
        let guest = domain.memory?.guest?.roundedDown ?? 0
        let isHuge = domain.memory?.hugepages != nil
        let vcpus = Int64(clamping: domain.cpu?.vcpus ?? 1)
        let hasHostDevices =
            !domain.devices.gpus.isEmpty || !domain.devices.hostDevices.isEmpty
            || domain.devices.interfaces.contains { $0.sriov != nil && $0.state != .absent }
        self.init(
            hugepages: isHuge ? guest : 0, ordinary: isHuge ? 0 : guest,
            overhead: (isEmulated ? Self.emulatedBase : Self.base) + vcpus * Self.perVCPU + guest
                / Self.guestBytesPerByte,
            isPinned: hasHostDevices || domain.cpu?.realtime != nil)
    }

    // Measured on QEMU 7.2 with KVM and with emulation, q35, virtio disks, a NIC and VGA: see docs/hardware.md. Far from
    // KubeVirt's guess, which bills its launcher pod too.
    private static let base: Int64 = 56 << 20
    /// With the translated code, which is 40 MiB after a Linux boot and grows.
    private static let emulatedBase: Int64 = 128 << 20
    private static let perVCPU: Int64 = 3 << 20
    /// Page tables of the guest's memory.
    private static let guestBytesPerByte: Int64 = 512
}

/// How much of the node's memory VMs may be promised.
package struct MemoryPolicy: Sendable, Equatable {
    /// What stays with the host.
    package var reserve: Int64
    /// 100 promises each byte once; 150 promises half of them twice.
    package var overcommitPercent: Int

    package init(reserve: Int64 = 512 << 20, overcommitPercent: Int = 100) {
        self.reserve = reserve
        self.overcommitPercent = overcommitPercent
    }

    /// Bytes of ordinary memory that VMs may be promised in all: hugepages are set aside from the rest already.
    package func budget(_ host: Host) -> Int64 {
        let total = Int64(clamping: host.memoryKiB) * 1024
        let huge = host.hugepages.reduce(Int64(0)) { $0 + Int64(clamping: $1.sizeKiB) * 1024 * Int64($1.total) }
        let free = max(0, total - huge - reserve)
        return free * Int64(overcommitPercent) / 100
    }

    /// Refuses a VM that the node's memory is too small for, with the numbers.
    package func check(_ need: MemoryNeed, promised: Int64, host: Host, name: String) throws(AgentError) {
        let budget = budget(host)
        let available = Int64(clamping: host.memoryAvailableKiB) * 1024
        if need.total > budget - promised {
            throw .memory(
                instance: name,
                reason: "needs \(mebibytes(need.total)) (\(mebibytes(need.ordinary)) of the guest, "
                    + "\(mebibytes(need.overhead)) of QEMU), and \(mebibytes(max(0, budget - promised))) of the node's "
                    + "\(mebibytes(budget)) for VMs are not promised yet: lower spec.domain.memory.guest, stop other VMs, "
                    + "or raise memory.overcommitPercent, which is \(overcommitPercent)")
        }
        if need.isPinned, need.total > available {
            throw .memory(
                instance: name,
                reason:
                    "needs \(mebibytes(need.total)) at once, since its memory is pinned for its devices, and the host "
                    + "has \(mebibytes(available)) available: stop what uses it, or lower spec.domain.memory.guest")
        }
    }

    private func mebibytes(_ bytes: Int64) -> String { "\(bytes >> 20) MiB" }
}

/// Which process the kernel ends first where memory runs out: as the kubelet rates containers, by how much of the node's
/// memory each was promised, and those with CPUs of their own last.
package enum OOMScore {
    /// For `/proc/PID/oom_score_adj`.
    package static func adjustment(isDedicated: Bool, promised: Int64, nodeMemory: Int64) -> Int {
        guard !isDedicated else { return -997 }
        guard nodeMemory > 0 else { return 2 }
        return min(999, max(2, 1000 - Int(1000 * promised / nodeMemory)))
    }
}
