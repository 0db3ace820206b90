/// The hugepages of one size: of one NUMA cell, or of the whole host.
package struct HugepagePool: Sendable, Hashable, Codable {
    package var sizeKiB: UInt64
    /// Persistent and surplus pages.
    package var total: Int
    /// Not in use. On the whole host, `reserved` of them are promised already.
    package var free: Int
    /// Pages beyond `nr_hugepages`, taken while needed and given back.
    package var surplus: Int
    /// Promised to mappings that have not touched them yet; `nil` for a cell, since the kernel promises per host.
    package var reserved: Int?

    package init(sizeKiB: UInt64, total: Int, free: Int, surplus: Int = 0, reserved: Int? = nil) {
        self.sizeKiB = sizeKiB
        self.total = total
        self.free = free
        self.surplus = surplus
        self.reserved = reserved
    }
}

extension HugepagePool {
    /// Whether the numbers can be those of a machine.
    var isPlausible: Bool {
        guard sizeKiB > 0, total >= 0 else { return false }
        let (size, overflow) = sizeKiB.multipliedReportingOverflow(by: UInt64(total))
        return !overflow && size <= HostLimits.memoryKiB && sizeKiB <= HostLimits.memoryKiB
            && (0...total).contains(free) && (0...total).contains(surplus) && (0...total).contains(reserved ?? 0)
    }

    /// The pools of a `hugepages` folder of sysfs, ascending by size.
    static func probe(_ root: HostRoot, folder: String) -> [HugepagePool] {
        root.names(in: folder).compactMap { name -> HugepagePool? in
            guard name.hasPrefix("hugepages-"), name.hasSuffix("kB"),
                let size = UInt64(name.dropFirst("hugepages-".count).dropLast(2)), name == "hugepages-\(size)kB"
            else { return nil }
            func count(_ file: String) -> Int? { root.integer("\(folder)/\(name)/\(file)") }
            let total = count("nr_hugepages") ?? 0
            // The files are read one after another while pages come and go.
            func part(_ file: String) -> Int? { count(file).map { min($0, total) } }
            let pool = HugepagePool(
                sizeKiB: size, total: total, free: part("free_hugepages") ?? 0, surplus: part("surplus_hugepages") ?? 0,
                reserved: part("resv_hugepages"))
            return pool.isPlausible ? pool : nil
        }.sorted { $0.sizeKiB < $1.sizeKiB }
    }
}
