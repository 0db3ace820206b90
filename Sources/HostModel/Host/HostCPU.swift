/// One logical CPU that is plugged in.
package struct HostCPU: Sendable, Hashable, Codable {
    package var id: Int
    /// An offline CPU runs nothing: it is no CPU to plan with.
    package var isOnline: Bool
    /// `nil` where unknown: the kernel removes the topology of a CPU that goes offline.
    package var socket: Int?
    /// Unique within its socket; `nil` where unknown. Which threads share a core is told by `siblings`.
    package var core: Int?
    /// The known threads of its core, itself among them. The kernel drops a thread that goes offline from the lists of
    /// its siblings, so a core with an offline thread may look smaller than it is, never larger.
    package var siblings: CPUSet
    /// The NUMA cell; `nil` where unknown.
    package var cell: Int?

    package init(id: Int, socket: Int?, core: Int?, siblings: CPUSet, cell: Int? = nil, isOnline: Bool = true) {
        self.id = id
        self.isOnline = isOnline
        self.socket = socket
        self.core = core
        self.siblings = siblings
        self.cell = cell
    }
}

extension HostCPU {
    /// The CPUs under `root`, ascending. `cells` maps CPUs to cells.
    static func probe(_ root: HostRoot, lists: CPULists, cells: [Int: Int]) -> [HostCPU] {
        var told: [Int: HostCPU] = [:]
        for id in lists.present.ids {
            let topology = "/sys/devices/system/cpu/cpu\(id)/topology"
            // Kernels before 5.1 know only the older name.
            let list = root.text("\(topology)/core_cpus_list") ?? root.text("\(topology)/thread_siblings_list") ?? ""
            guard let all = CPUSet(list: list), all.contains(id), all.count <= HostLimits.threads else { continue }
            told[id] = HostCPU(
                id: id, socket: number(root, "\(topology)/physical_package_id"),
                core: number(root, "\(topology)/core_id"), siblings: all.intersection(lists.present))
        }
        let core = cores(told)
        return lists.present.ids.map { id in
            let known = core[id].flatMap { told[$0] }
            return HostCPU(
                id: id, socket: told[id]?.socket ?? known?.socket, core: told[id]?.core ?? known?.core,
                siblings: known?.siblings ?? CPUSet([id]), cell: cells[id], isOnline: lists.online.contains(id))
        }
    }

    /// For each CPU of a known core, one whose list of siblings says so. Lists that contradict each other, as they may
    /// while a CPU comes or goes, tell nothing.
    private static func cores(_ told: [Int: HostCPU]) -> [Int: Int] {
        var core: [Int: Int] = [:]
        for (id, cpu) in told.sorted(by: { $0.key < $1.key }) {
            let others = cpu.siblings.ids.compactMap { told[$0] }
            let claimed = cpu.siblings.ids.compactMap { core[$0] }.compactMap { told[$0] }
            guard (others + claimed).allSatisfy({ $0.siblings == cpu.siblings }) else { continue }
            // Threads without a list of their own, being offline, are of this core too.
            for sibling in cpu.siblings.ids { core[sibling] = id }
        }
        return core
    }

    /// The kernel writes -1 for what the firmware does not tell.
    private static func number(_ root: HostRoot, _ path: String) -> Int? {
        root.integer(path).flatMap { $0 < 0 || $0 >= 1 << 31 ? nil : $0 }
    }
}
