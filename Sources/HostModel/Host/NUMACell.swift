/// One NUMA node.
package struct NUMACell: Sendable, Hashable, Codable {
    package var id: Int
    package var cpus: CPUSet
    package var memoryKiB: UInt64
    package var memoryFreeKiB: UInt64
    /// Distance to each online node, by its id; 10 is the node itself.
    package var distances: [Int: Int]
    /// Ascending by size.
    package var hugepages: [HugepagePool]

    package init(
        id: Int, cpus: CPUSet, memoryKiB: UInt64, memoryFreeKiB: UInt64, distances: [Int: Int],
        hugepages: [HugepagePool]
    ) {
        self.id = id
        self.cpus = cpus
        self.memoryKiB = memoryKiB
        self.memoryFreeKiB = memoryFreeKiB
        self.distances = distances
        self.hugepages = hugepages
    }
}

extension NUMACell {
    /// The cells under `root`. A kernel without NUMA has no `node` folder: then one cell holds all.
    static func probe(_ root: HostRoot, cpus: CPUSet, memory: MemoryInfo) -> [NUMACell] {
        let folder = "/sys/devices/system/node"
        let online = CPUSet(list: root.text("\(folder)/online") ?? "") ?? CPUSet([])
        guard !online.isEmpty else {
            return [
                NUMACell(
                    id: 0, cpus: cpus, memoryKiB: memory["MemTotal"] ?? 0, memoryFreeKiB: memory["MemFree"] ?? 0,
                    distances: [0: 10], hugepages: HugepagePool.probe(root, folder: "/sys/kernel/mm/hugepages"))
            ]
        }
        return online.ids.map { id in
            let node = "\(folder)/node\(id)"
            let info = MemoryInfo(lines: root.lines("\(node)/meminfo"))
            let distances = (root.text("\(node)/distance") ?? "").split(separator: " ").compactMap { Int($0) }
            return NUMACell(
                id: id, cpus: CPUSet(list: root.text("\(node)/cpulist") ?? "") ?? CPUSet([]),
                memoryKiB: info["MemTotal"] ?? 0, memoryFreeKiB: info["MemFree"] ?? 0,
                // The kernel lists the distances to the online nodes, in their order.
                distances: Dictionary(zip(online.ids, distances)) { first, _ in first },
                hugepages: HugepagePool.probe(root, folder: "\(node)/hugepages"))
        }
    }
}
