import HostModel

extension Host {
    /// Two NUMA cells of eight cores with two threads: cell 0 has the CPUs 0-7 and 16-23, cell 1 the others, and CPU i
    /// has the sibling i + 16. Each cell has 4096 free pages of 2Mi.
    static func twoCells(pci: [PCIDevice] = [], mediated: [MediatedDevice] = []) -> Host {
        let cells = (0..<2).map { id in
            NUMACell(
                id: id, cpus: CPUSet(Array(id * 8..<id * 8 + 8) + Array(id * 8 + 16..<id * 8 + 24)),
                memoryKiB: 64 << 20, memoryFreeKiB: 60 << 20, distances: [id: 10, 1 - id: 21],
                hugepages: [HugepagePool(sizeKiB: 2048, total: 4096, free: 4096)])
        }
        let cpus = (0..<32).map { id in
            HostCPU(id: id, socket: id / 8 % 2, core: id % 16, siblings: CPUSet([id % 16, id % 16 + 16]))
        }
        return Host(
            kernel: Kernel(release: "", bootID: "", commandLine: []),
            cgroup: CgroupLayout(version: .v2, controllers: [], mountPoints: []), cpus: cpus, cells: cells,
            memoryKiB: 128 << 20, memoryAvailableKiB: 120 << 20, pciDevices: pci, mediatedDevices: mediated)
    }
}

extension PCIDevice {
    static func at(_ address: String, node: Int?, below rootComplex: String? = nil) -> PCIDevice {
        PCIDevice(
            address: address, classCode: 0x030200, vendor: 0x10DE, device: 0x2331, numaNode: node,
            rootComplex: rootComplex)
    }
}
