/// The hugepages of one size, on one NUMA node.
package struct HugepagePool: Sendable, Hashable, Codable {
    package var sizeKiB: UInt64
    package var total: Int
    package var free: Int

    package init(sizeKiB: UInt64, total: Int, free: Int) {
        self.sizeKiB = sizeKiB
        self.total = total
        self.free = free
    }
}

extension HugepagePool {
    /// The pools of a `hugepages` folder of sysfs, ascending by size.
    static func probe(_ root: HostRoot, folder: String) -> [HugepagePool] {
        root.names(in: folder).compactMap { name -> HugepagePool? in
            guard name.hasPrefix("hugepages-"), name.hasSuffix("kB"),
                let size = UInt64(name.dropFirst("hugepages-".count).dropLast(2))
            else { return nil }
            return HugepagePool(
                sizeKiB: size, total: root.integer("\(folder)/\(name)/nr_hugepages") ?? 0,
                free: root.integer("\(folder)/\(name)/free_hugepages") ?? 0)
        }.sorted { $0.sizeKiB < $1.sizeKiB }
    }
}
