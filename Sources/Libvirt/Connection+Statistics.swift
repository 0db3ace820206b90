internal import CLibvirt

/// The groups of counters that a domain's statistics hold (`virDomainStatsTypes`).
package struct StatisticsGroups: OptionSet, Sendable {
    package let rawValue: UInt32
    package init(rawValue: UInt32) { self.rawValue = rawValue }

    package static let state = StatisticsGroups(rawValue: VIR_DOMAIN_STATS_STATE.rawValue)
    package static let cpu = StatisticsGroups(rawValue: VIR_DOMAIN_STATS_CPU_TOTAL.rawValue)
    package static let vcpu = StatisticsGroups(rawValue: VIR_DOMAIN_STATS_VCPU.rawValue)
    package static let balloon = StatisticsGroups(rawValue: VIR_DOMAIN_STATS_BALLOON.rawValue)
    package static let drives = StatisticsGroups(rawValue: VIR_DOMAIN_STATS_BLOCK.rawValue)
    package static let interfaces = StatisticsGroups(rawValue: VIR_DOMAIN_STATS_INTERFACE.rawValue)
    package static let dirtyRate = StatisticsGroups(rawValue: VIR_DOMAIN_STATS_DIRTYRATE.rawValue)
    package static let usual: StatisticsGroups = [.state, .cpu, .vcpu, .balloon, .drives, .interfaces, .dirtyRate]
}

extension Connection {
    /// The counters of all active domains, in one call. Maps to `virConnectGetAllDomainStats`.
    ///
    /// A domain whose QEMU does not answer tells what libvirt knows without it, instead of holding the others up.
    package func statistics(_ groups: StatisticsGroups = .usual) async throws(LibvirtError) -> [DomainStatistics] {
        try await observers.run { () throws(LibvirtError) in
            var records: UnsafeMutablePointer<virDomainStatsRecordPtr?>?
            let active = UInt32(VIR_CONNECT_GET_ALL_DOMAINS_STATS_ACTIVE.rawValue)
            let noWait = UInt32(VIR_CONNECT_GET_ALL_DOMAINS_STATS_NOWAIT.rawValue)
            // SAFETY: libvirt fills a list of `count` records that end with NULL; all is copied before they are freed.
            let count = try checked(
                "virConnectGetAllDomainStats",
                unsafe virConnectGetAllDomainStats(self.pointer, groups.rawValue, &records, active | noWait))
            defer { unsafe virDomainStatsRecordListFree(records) }
            return unsafe UnsafeBufferPointer(start: records, count: Int(count)).compactMap { record in
                unsafe record.map { unsafe counters(of: $0.pointee) }
            }
        }
    }
}

private func counters(of record: virDomainStatsRecord) -> DomainStatistics {
    // SAFETY: the caller's record is valid during the call, and everything is copied.
    let (name, uuid) = unsafe record.dom.map { unsafe identity(of: $0) } ?? ("", "")
    let parameters = unsafe values(of: record.params, count: Int(record.nparams))
    return DomainStatistics(domain: name, uuid: uuid, parameters: parameters)
}
