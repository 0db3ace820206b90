internal import CLibvirt

/// What the balloon's driver in the guest and the host tell of a domain's memory; sizes in KiB. What nobody tells is nil.
package struct MemoryStatistics: Sendable, Equatable {
    /// What the balloon leaves the guest.
    package var current: UInt64?
    package var maximum: UInt64?
    package var swapIn: UInt64?
    package var swapOut: UInt64?
    package var majorFaults: UInt64?
    package var minorFaults: UInt64?
    package var unused: UInt64?
    /// What the guest's kernel counts as its memory.
    package var available: UInt64?
    /// What the guest could use without swapping.
    package var usable: UInt64?
    /// When the guest's driver last told, in seconds since 1970.
    package var lastUpdate: UInt64?
    package var diskCaches: UInt64?
    /// The resident memory of QEMU.
    package var resident: UInt64?

    package init() {}

    /// The `balloon.…` parameters of a domain's statistics.
    init(balloon parameters: [String: ParameterValue]) {
        func count(_ name: String) -> UInt64? { parameters["balloon." + name]?.count }
        current = count("current")
        maximum = count("maximum")
        swapIn = count("swap_in")
        swapOut = count("swap_out")
        majorFaults = count("major_fault")
        minorFaults = count("minor_fault")
        unused = count("unused")
        available = count("available")
        usable = count("usable")
        lastUpdate = count("last-update")
        diskCaches = count("disk_caches")
        resident = count("rss")
    }

    mutating func set(_ tag: Int32, _ value: UInt64) {
        switch UInt32(bitPattern: tag) {
        case VIR_DOMAIN_MEMORY_STAT_SWAP_IN.rawValue: swapIn = value
        case VIR_DOMAIN_MEMORY_STAT_SWAP_OUT.rawValue: swapOut = value
        case VIR_DOMAIN_MEMORY_STAT_MAJOR_FAULT.rawValue: majorFaults = value
        case VIR_DOMAIN_MEMORY_STAT_MINOR_FAULT.rawValue: minorFaults = value
        case VIR_DOMAIN_MEMORY_STAT_UNUSED.rawValue: unused = value
        case VIR_DOMAIN_MEMORY_STAT_AVAILABLE.rawValue: available = value
        case VIR_DOMAIN_MEMORY_STAT_ACTUAL_BALLOON.rawValue: current = value
        case VIR_DOMAIN_MEMORY_STAT_RSS.rawValue: resident = value
        case VIR_DOMAIN_MEMORY_STAT_USABLE.rawValue: usable = value
        case VIR_DOMAIN_MEMORY_STAT_LAST_UPDATE.rawValue: lastUpdate = value
        case VIR_DOMAIN_MEMORY_STAT_DISK_CACHES.rawValue: diskCaches = value
        default: break
        }
    }
}

extension DomainHandle {
    /// Maps to `virDomainMemoryStats`.
    package func memoryStatistics() async throws(LibvirtError) -> MemoryStatistics {
        try await observe { () throws(LibvirtError) in
            let most = Int(VIR_DOMAIN_MEMORY_STAT_NR.rawValue)
            var entries = [virDomainMemoryStatStruct](repeating: virDomainMemoryStatStruct(), count: most)
            // SAFETY: the buffer holds `most` entries, and the call says how many it filled.
            let count = try checked(
                "virDomainMemoryStats", unsafe virDomainMemoryStats(self.pointer, &entries, UInt32(most), 0))
            var statistics = MemoryStatistics()
            for entry in entries.prefix(Int(count)) { statistics.set(entry.tag, entry.val) }
            return statistics
        }
    }
}
