import HostModel
import Placement

extension Host {
    /// A host of these cells; what placement does not read is empty.
    static func of(_ cells: [NUMACell], cpus: [HostCPU], pci: [PCIDevice] = []) -> Host {
        Host(
            kernel: Kernel(release: "", bootID: "", commandLine: []),
            cgroup: CgroupLayout(version: .v2, controllers: [], mountPoints: []), cpus: cpus, cells: cells,
            memoryKiB: 0, memoryAvailableKiB: 0, pciDevices: pci)
    }

    /// Two sockets of eight cores with two threads: cell 0 has the CPUs 0-7 and 16-23, cell 1 the others. Thread i has
    /// the sibling i + 16. Each cell has 4096 free pages of 2Mi and 16 of 1Gi.
    static func twoNodes(free2Mi: [Int] = [4096, 4096], free1Gi: [Int] = [16, 16], pci: [PCIDevice] = []) -> Host {
        let cells = (0..<2).map { id in
            NUMACell(
                id: id, cpus: CPUSet(Array(id * 8..<id * 8 + 8) + Array(id * 8 + 16..<id * 8 + 24)),
                memoryKiB: 64 << 20, memoryFreeKiB: 60 << 20, distances: [id: 10, 1 - id: 21],
                hugepages: [
                    HugepagePool(sizeKiB: 2048, total: 4096, free: free2Mi[id]),
                    HugepagePool(sizeKiB: 1 << 20, total: 16, free: free1Gi[id]),
                ])
        }
        let cpus = (0..<32).map { id in
            HostCPU(id: id, socket: id / 8 % 2, core: id % 16, siblings: CPUSet([id % 16, id % 16 + 16]))
        }
        return .of(cells, cpus: cpus, pci: pci)
    }
}

extension PCIDevice {
    static func gpu(_ address: String, node: Int?) -> PCIDevice {
        PCIDevice(address: address, classCode: 0x030200, vendor: 0x10DE, device: 0x2331, numaNode: node)
    }
}

extension Grant {
    /// The grant of a kernel list.
    static func cpus(_ list: String) -> Grant { Grant(cpus: CPUSet(list: list)) }
}

let mebibyte: Int64 = 1 << 20
let gibibyte: Int64 = 1 << 30
