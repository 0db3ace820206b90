import HostModel
import Placement

/// Hosts as large as those that GPU clouds run, laid out by rules.
enum LargeHosts {
    /// Two sockets of `cores` with two threads, a cell a socket, and behind each socket two PCIe switches of two GPUs and
    /// two NICs, on a root complex each: GPU i and NIC i share a switch with one other pair. Thread i has the sibling
    /// i + 2 × cores.
    static func gpuServer(cores: Int = 96, cellsPerSocket: Int = 1) -> Host {
        let all = 2 * cores
        let perCell = cores / cellsPerSocket
        let count = 2 * cellsPerSocket
        let cells = (0..<count).map { id in
            let first = id * perCell
            return NUMACell(
                id: id, cpus: CPUSet(Array(first..<first + perCell) + Array(first + all..<first + perCell + all)),
                memoryKiB: 1 << 30 / UInt64(count), memoryFreeKiB: 1 << 30 / UInt64(count),
                distances: Dictionary(
                    uniqueKeysWithValues: (0..<count).map { other in
                        (other, other == id ? 10 : other / cellsPerSocket == id / cellsPerSocket ? 12 : 32)
                    }),
                hugepages: [HugepagePool(sizeKiB: 1 << 20, total: 400, free: 400)])
        }
        let cpus = (0..<2 * all).map { id in
            HostCPU(
                id: id, socket: id % all / cores, core: id % all, siblings: CPUSet([id % all, id % all + all]),
                cell: id % all / perCell)
        }
        return .of(cells, cpus: cpus, pci: devices(cellsPerSocket: cellsPerSocket))
    }

    static func gpu(_ index: Int) -> String { "0000:\(bus(index)):00.0" }
    static func nic(_ index: Int) -> String { "0000:\(bus(index)):00.1" }

    private static func bus(_ index: Int) -> String { String(0x12 + index * 0x10, radix: 16) }

    /// Four switches a socket would each be a root complex of their own; here two pairs share each.
    private static func devices(cellsPerSocket: Int) -> [PCIDevice] {
        (0..<8).flatMap { index in
            let node = index / 4 * cellsPerSocket
            let complex = "pci0000:\(String(0x10 + index / 2 * 0x20, radix: 16))"
            let port = "0000:\(String(0x10 + index / 2 * 0x20, radix: 16)):0\(index % 2).0"
            let bridge = PCIDevice(
                address: port, classCode: 0x060400, vendor: 0x1000, device: 0xC030, numaNode: node,
                rootComplex: complex)
            return [
                bridge,
                PCIDevice(
                    address: gpu(index), classCode: 0x030200, vendor: 0x10DE, device: 0x2331, numaNode: node,
                    parent: port, rootComplex: complex),
                PCIDevice(
                    address: nic(index), classCode: 0x020700, vendor: 0x15B3, device: 0x1021, numaNode: node,
                    parent: port, rootComplex: complex),
            ]
        }
    }

    static let grant = Grant(devices: [
        "nvidia.com/H100": (0..<8).map { .pci(gpu($0)) },
        // As a list of another order may have it.
        "mellanox.com/CX7": (0..<8).reversed().map { .pci(nic($0)) },
    ])
}
