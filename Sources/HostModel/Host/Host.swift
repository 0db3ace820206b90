/// The node as a value: what the planner and `virt-node host` know of a machine.
package struct Host: Sendable, Hashable, Codable {
    package var kernel: Kernel
    package var cgroup: CgroupLayout
    /// Every CPU that is plugged in, the offline ones too, ascending. `onlineCPUs` are those that can run a VM.
    package var cpus: [HostCPU]
    /// With the slots for CPUs that could be plugged in while the machine runs.
    package var possibleCPUs: CPUSet
    /// Left out by the scheduler's balancing (`isolcpus=`).
    package var isolatedCPUs: CPUSet
    /// Without a scheduler tick while they run one task (`nohz_full=`).
    package var nohzFullCPUs: CPUSet
    /// At least one cell: a machine without NUMA is one cell with all its CPUs and memory. Ascending by id.
    package var cells: [NUMACell]
    package var memoryKiB: UInt64
    package var memoryAvailableKiB: UInt64
    /// Of the whole host, ascending by size.
    package var hugepages: [HugepagePool]
    /// Ascending by address.
    package var pciDevices: [PCIDevice]
    /// The mediated devices that exist, ascending by UUID.
    package var mediatedDevices: [MediatedDevice]

    package init(
        kernel: Kernel, cgroup: CgroupLayout, cpus: [HostCPU], cells: [NUMACell], memoryKiB: UInt64,
        memoryAvailableKiB: UInt64, pciDevices: [PCIDevice], hugepages: [HugepagePool] = [],
        mediatedDevices: [MediatedDevice] = [], possibleCPUs: CPUSet? = nil, isolatedCPUs: CPUSet = CPUSet([]),
        nohzFullCPUs: CPUSet = CPUSet([])
    ) {
        self.kernel = kernel
        self.cgroup = cgroup
        self.cpus = cpus
        self.possibleCPUs = possibleCPUs ?? CPUSet(cpus.map(\.id))
        self.isolatedCPUs = isolatedCPUs
        self.nohzFullCPUs = nohzFullCPUs
        self.cells = cells
        self.memoryKiB = memoryKiB
        self.memoryAvailableKiB = memoryAvailableKiB
        self.hugepages = hugepages
        self.pciDevices = pciDevices
        self.mediatedDevices = mediatedDevices
    }
}

extension Host {
    /// Reads all facts under `root`; what cannot be read is absent or zero, never an error.
    package init(probing root: HostRoot) {
        let meminfo = MemoryInfo(lines: root.lines("/proc/meminfo"))
        let lists = CPULists(probing: root)
        let cells = NUMACell.probe(root, cpus: lists.online, memory: meminfo)
        let total = meminfo["MemTotal"] ?? 0
        self.init(
            kernel: Kernel(probing: root), cgroup: CgroupLayout(probing: root),
            cpus: HostCPU.probe(
                root, lists: lists, cells: NUMACell.map(root, cells: cells, present: lists.present)),
            cells: cells, memoryKiB: total,
            memoryAvailableKiB: min(meminfo["MemAvailable"] ?? meminfo["MemFree"] ?? 0, total),
            pciDevices: PCIDevice.probe(root),
            hugepages: HugepagePool.probe(root, folder: "/sys/kernel/mm/hugepages"),
            mediatedDevices: MediatedDevice.probe(root), possibleCPUs: lists.possible,
            isolatedCPUs: lists.isolated, nohzFullCPUs: lists.nohzFull)
    }

    package var onlineCPUs: CPUSet { CPUSet(cpus.lazy.filter(\.isOnline).map(\.id)) }
}
