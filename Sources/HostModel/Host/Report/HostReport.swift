/// A host as text for people: a summary, the cells and devices as tables, and a drawing. It ends at `columns`
/// characters a line, except in a wide report's tables.
package struct HostReport: Sendable {
    package var host: Host
    /// Every PCI function in place of those that are worth passing through, with more columns.
    package var wide: Bool
    /// Whether the terminal shows box-drawing characters; else `+`, `-` and `|` stand for them.
    package var unicode: Bool

    static let columns = 100

    package init(host: Host, wide: Bool = false, unicode: Bool = false) {
        self.host = host
        self.wide = wide
        self.unicode = unicode
    }

    /// Ends with a line feed.
    package var text: String {
        let parts = [
            summary, cellLines, deviceLines, mediatedTypeLines, mediatedDeviceLines,
            HostDrawing(host: host, unicode: unicode).lines,
        ]
        return parts.filter { !$0.isEmpty }.map { $0.joined(separator: "\n") }.joined(separator: "\n\n") + "\n"
    }

    private var summary: [String] {
        let facts = [
            ("kernel", host.kernel.release.isEmpty ? "unknown" : plain(host.kernel.release)), ("CPUs", cpus),
            ("memory", "\(size(kibibytes: host.memoryKiB)), \(size(kibibytes: host.memoryAvailableKiB)) available"),
            ("hugepages", hugepages), ("IOMMU", iommu), ("cgroup", cgroup),
        ]
        return facts.flatMap { title, fact in
            let width = Self.columns - 11
            return broken(fact, width: width).enumerated().map { index, line in
                (index == 0 ? title : "").padding(to: 11) + line
            }
        }
    }

    private var cpus: String {
        let online = host.onlineCPUs
        let offline = CPUSet(host.cpus.map(\.id)).subtracting(online)
        var parts = [online.isEmpty ? "none is known" : "\(online.count) online (\(online.brief))"]
        parts.append(offline.isEmpty ? "none offline" : "\(offline.count) offline (\(offline.brief))")
        let slots = host.possibleCPUs.subtracting(CPUSet(host.cpus.map(\.id)))
        if !slots.isEmpty { parts.append("\(slots.count) could be plugged in") }
        if !host.isolatedCPUs.isEmpty { parts.append("isolated \(host.isolatedCPUs.brief)") }
        if !host.nohzFullCPUs.isEmpty { parts.append("nohz_full \(host.nohzFullCPUs.brief)") }
        return parts.joined(separator: ", ")
    }

    private var hugepages: String {
        let pools = host.hugepages.map { pool in
            var text = "\(pool.label) \(pool.free) of \(pool.total) free"
            if let reserved = pool.reserved, reserved > 0 { text += ", \(reserved) of these reserved" }
            if pool.surplus > 0 { text += ", \(pool.surplus) surplus" }
            return text
        }
        return pools.isEmpty ? "the kernel offers none" : pools.joined(separator: "; ")
    }

    private var iommu: String {
        let groups = host.iommuGroups
        guard !groups.isEmpty else { return "no groups: no device can be passed through" }
        let devices = groups.reduce(0) { $0 + $1.devices.count }
        return "\(groups.count) \(groups.count == 1 ? "group" : "groups") with "
            + "\(devices) PCI \(devices == 1 ? "device" : "devices")"
    }

    private var cgroup: String {
        guard host.cgroup.version != .none else { return "none is mounted" }
        let controllers = host.cgroup.controllers.map(plain).joined(separator: " ")
        return "\(host.cgroup.version.rawValue), \(controllers.isEmpty ? "no controllers" : controllers)"
    }
}

extension HugepagePool {
    var label: String { Self.label(sizeKiB: sizeKiB) }

    /// `2M`, `1G`: as the kernel's command line writes a page size.
    static func label(sizeKiB: UInt64) -> String {
        if sizeKiB % (1 << 20) == 0 { return "\(sizeKiB >> 20)G" }
        return sizeKiB % (1 << 10) == 0 ? "\(sizeKiB >> 10)M" : "\(sizeKiB)K"
    }
}

extension String {
    /// With blanks up to a number of characters.
    func padding(to width: Int) -> String { self + String(repeating: " ", count: Swift.max(0, width - count)) }
}
