/// How much memory QEMU must be allowed to lock: devices of VFIO reach all of the guest's memory at any time, so none
/// of it may move.
package enum LockedMemory {
    /// What libvirt adds for the regions of the devices themselves (`qemuDomainGetMemLockLimitBytes`).
    package static let extraBytes: UInt64 = 1 << 30

    /// Bytes; 0 where no device needs it. A virtual IOMMU gives each device an address space of its own, each of which
    /// counts the guest's memory again.
    package static func bytes(guestMemory: UInt64, vfioDevices: Int, hasVirtualIOMMU: Bool = false) -> UInt64 {
        guard vfioDevices > 0 else { return 0 }
        let (memory, overflow) = guestMemory.multipliedReportingOverflow(
            by: hasVirtualIOMMU ? UInt64(vfioDevices) : 1)
        let (sum, sumOverflow) = memory.addingReportingOverflow(extraBytes)
        return overflow || sumOverflow ? .max : sum
    }
}
