/// One NUMA node that is online. It may have no CPUs (memory of CXL or of a GPU) or no memory.
package struct NUMACell: Sendable, Hashable, Codable {
    package var id: Int
    /// Online CPUs; the offline ones are named by `HostCPU.cell`.
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
    private static let folder = "/sys/devices/system/node"

    /// The cells under `root`, with those of `cpus` that each holds. A kernel without NUMA has no `node` folder: then
    /// one cell holds all.
    static func probe(_ root: HostRoot, cpus: CPUSet, memory: MemoryInfo) -> [NUMACell] {
        let online = nodes(root)
        guard !online.isEmpty else {
            return [
                NUMACell(
                    id: 0, cpus: cpus, memoryKiB: memory["MemTotal"] ?? 0, memoryFreeKiB: free(memory),
                    distances: [0: 10], hugepages: HugepagePool.probe(root, folder: "/sys/kernel/mm/hugepages"))
            ]
        }
        var left = cpus
        return online.map { id in
            let node = "\(folder)/node\(id)"
            let info = MemoryInfo(lines: root.lines("\(node)/meminfo"))
            let list = (CPUSet(list: root.text("\(node)/cpulist") ?? "") ?? CPUSet([])).intersection(left)
            left = left.subtracting(list)
            return NUMACell(
                id: id, cpus: list, memoryKiB: info["MemTotal"] ?? 0, memoryFreeKiB: free(info),
                distances: distances(root, from: node, to: online),
                hugepages: HugepagePool.probe(root, folder: "\(node)/hugepages"))
        }
    }

    /// The cell of each CPU, of the offline ones too: those have left `cpulist`, but their links remain, in the node's
    /// folder (`node1/cpu5`) and in their own (`cpu5/node1`).
    static func map(_ root: HostRoot, cells: [NUMACell], present: CPUSet) -> [Int: Int] {
        var map: [Int: Int] = [:]
        for cell in cells {
            for id in cell.cpus.ids { map[id] = cell.id }
        }
        let online = nodes(root)
        if online.isEmpty {
            for id in present.ids { map[id] = cells.first?.id }
        }
        for node in online {
            for name in root.names(in: "\(folder)/node\(node)") {
                if let id = number(in: name, after: "cpu"), present.contains(id), map[id] == nil { map[id] = node }
            }
        }
        for id in present.ids where map[id] == nil {
            let names = root.names(in: "/sys/devices/system/cpu/cpu\(id)")
            map[id] = names.compactMap { number(in: $0, after: "node") }.first { online.contains($0) }
        }
        return map
    }

    /// The nodes that are online, ascending.
    private static func nodes(_ root: HostRoot) -> [Int] {
        let list = root.text("\(folder)/online").flatMap { CPUSet(list: $0) }
        let ids = list?.ids ?? root.names(in: folder).compactMap { number(in: $0, after: "node") }.sorted()
        return ids.filter { $0 < HostLimits.cells }
    }

    /// The kernel lists the distances to the online nodes, in their order.
    private static func distances(_ root: HostRoot, from node: String, to online: [Int]) -> [Int: Int] {
        let words = (root.text("\(node)/distance") ?? "").split(separator: " ").map { UInt8($0).map(Int.init) }
        guard words.count == online.count else { return [:] }
        return Dictionary(zip(online, words).compactMap { id, word in word.map { (id, $0) } }) { first, _ in first }
    }

    private static func free(_ info: MemoryInfo) -> UInt64 { min(info["MemFree"] ?? 0, info["MemTotal"] ?? 0) }

    private static func number(in name: String, after prefix: String) -> Int? {
        guard name.hasPrefix(prefix), let number = Int(name.dropFirst(prefix.count)), name == "\(prefix)\(number)"
        else { return nil }
        return number < 0 ? nil : number
    }
}
