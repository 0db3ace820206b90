/// The node as a value: what the planner and `virt-node host` know of a machine.
package struct Host: Sendable, Hashable, Codable {
    package var kernel: Kernel
    package var cgroup: CgroupLayout
    /// Online CPUs, ascending.
    package var cpus: [HostCPU]
    /// At least one cell: a machine without NUMA is one cell with all its CPUs and memory.
    package var cells: [NUMACell]
    package var memoryKiB: UInt64
    package var memoryAvailableKiB: UInt64
    /// Ascending by address.
    package var pciDevices: [PCIDevice]

    package init(
        kernel: Kernel, cgroup: CgroupLayout, cpus: [HostCPU], cells: [NUMACell], memoryKiB: UInt64,
        memoryAvailableKiB: UInt64, pciDevices: [PCIDevice]
    ) {
        self.kernel = kernel
        self.cgroup = cgroup
        self.cpus = cpus
        self.cells = cells
        self.memoryKiB = memoryKiB
        self.memoryAvailableKiB = memoryAvailableKiB
        self.pciDevices = pciDevices
    }
}

extension Host {
    /// Reads all facts under `root`; what cannot be read is absent or zero, never an error.
    package init(probing root: HostRoot) {
        let meminfo = MemoryInfo(lines: root.lines("/proc/meminfo"))
        let cpus = HostCPU.probe(root)
        self.init(
            kernel: Kernel(probing: root), cgroup: CgroupLayout(probing: root), cpus: cpus,
            cells: NUMACell.probe(root, cpus: CPUSet(cpus.map(\.id)), memory: meminfo),
            memoryKiB: meminfo["MemTotal"] ?? 0,
            memoryAvailableKiB: meminfo["MemAvailable"] ?? meminfo["MemFree"] ?? 0,
            pciDevices: PCIDevice.probe(root))
    }
}
