package import HostModel

/// What living VMs hold of a host: the books that a granter keeps.
///
/// ``take(_:)`` and ``release(_:)`` are exact inverses: what is released leaves no trace, and what was not taken
/// cannot be released. An error changes nothing.
package struct PlacementUse: Sendable, Hashable {
    package static let none = PlacementUse()

    private(set) var cpuMask = CPUMask()
    private var pages: [PageSlot: Int] = [:]
    private var devices: Set<GrantedDevice> = []
    /// How often each placement is held: VMs without CPUs and devices of their own may have equal ones.
    private var held: [Placement: Int] = [:]

    package init() {}

    package var cpus: CPUSet { CPUSet(cpuMask.ids) }

    package func holds(_ device: GrantedDevice) -> Bool { devices.contains(device) }

    /// Pages held in this cell; `nil`: those that may lie in any.
    package func pages(cell: Int?, size: Int64) -> Int { pages[PageSlot(cell: cell, size: size)] ?? 0 }

    /// Throws ``PlacementError/alreadyTaken(cpus:devices:)`` where a CPU or a device has a holder.
    package mutating func take(_ placement: Placement) throws(PlacementError) {
        if let odd = placement.ownCPUs.first(where: { !CPUMask.bounds.contains($0) }) { throw .impossibleCPU(odd) }
        var (cpuMask, devices, pages) = (self.cpuMask, self.devices, self.pages)
        let cpus = placement.ownCPUs.filter { !cpuMask.insert($0) }
        let double = placement.devices.map(\.device).filter { !devices.insert($0).inserted }
        guard cpus.isEmpty, double.isEmpty else { throw .alreadyTaken(cpus: CPUSet(cpus), devices: double) }
        for use in placement.pages {
            let slot = PageSlot(cell: use.cell, size: use.pageSizeBytes)
            let held = pages[slot] ?? 0
            guard use.count >= 0, use.count <= Self.mostPages - held else { throw .impossiblePages(use) }
            pages[slot] = held + use.count == 0 ? nil : held + use.count
        }
        held[placement, default: 0] += 1
        (self.cpuMask, self.devices, self.pages) = (cpuMask, devices, pages)
    }

    /// Throws ``PlacementError/notTaken(cpus:devices:)`` where exactly this placement is not held.
    package mutating func release(_ placement: Placement) throws(PlacementError) {
        guard let count = held[placement] else {
            throw .notTaken(cpus: CPUSet(placement.ownCPUs), devices: placement.devices.map(\.device))
        }
        held[placement] = count == 1 ? nil : count - 1
        for cpu in placement.ownCPUs { cpuMask.remove(cpu) }
        for device in placement.devices { devices.remove(device.device) }
        for use in placement.pages {
            let slot = PageSlot(cell: use.cell, size: use.pageSizeBytes)
            let left = (pages[slot] ?? 0) - use.count
            pages[slot] = left == 0 ? nil : left
        }
    }

    /// More pages than any machine has: a placement that says so was not made here.
    private static let mostPages = 1 << 40

    private struct PageSlot: Hashable {
        var cell: Int?
        var size: Int64
    }
}
