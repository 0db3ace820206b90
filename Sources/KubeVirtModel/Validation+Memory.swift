import KubernetesModel

extension DomainSpec {
    private static let megabyte: Int64 = 1 << 20
    private static let gigabyte: Int64 = 1 << 30
    /// What QEMU's q35 addresses: 64 TiB.
    private static let most: Int64 = 1 << 46

    /// `spec.domain.memory`, here because memory is a matter of CPU, limits and encryption too.
    func validateMemory(_ report: inout ValidationReport) {
        guard let guest = memory?.guest else {
            return report.error("guest", "is missing, and no memory is requested either: write, say, 512Mi")
        }
        if guest.roundedDown < Self.megabyte {
            report.error("guest", "\"\(guest.text)\" is less than 1Mi: no guest starts with that")
        } else if guest.roundedDown > Self.most {
            report.error("guest", "\"\(guest.text)\" is more than the 64Ti that QEMU takes")
        } else {
            if let limit = resources?.limits["memory"], limit.milli > 0, guest.milli > limit.milli {
                let message =
                    "is more than spec.domain.resources.limits[memory], \"\(limit.text)\": raise that, or lower this"
                report.error("guest", "\"\(guest.text)\" \(message)")
            }
            validateHugepages(&report, guest)
            if let maximum = memory?.maxGuest { validateMaximum(&report, guest, maximum) }
        }
        if let overhead = memory?.reservedOverhead?.addedOverhead, overhead.milli < 0 {
            report.error("reservedOverhead.addedOverhead", "\"\(overhead.text)\" is negative: write 0 or more")
        }
    }

    private func validateHugepages(_ report: inout ValidationReport, _ guest: Quantity) {
        guard let hugepages = memory?.hugepages else { return }
        guard let size = hugepages.pageSize, !size.isEmpty else {
            return report.error("hugepages.pageSize", "is missing: write 2Mi or 1Gi")
        }
        guard let bytes = hugepages.pageBytes else {
            return report.error("hugepages.pageSize", "\(size.quoted) is no page size of x86: write 2Mi or 1Gi")
        }
        if guest.roundedDown < bytes {
            report.error("guest", "\"\(guest.text)\" is less than one page of \(size): write \(size) or more")
        } else if guest.roundedDown % bytes != 0 {
            report.error("guest", "\"\(guest.text)\" is no multiple of the page size \(size): write one")
        }
    }

    private func validateMaximum(_ report: inout ValidationReport, _ guest: Quantity, _ maximum: Quantity) {
        let block = memory?.hugepages?.pageBytes == Self.gigabyte ? Self.gigabyte : 2 * Self.megabyte
        let name = block == Self.gigabyte ? "1Gi" : "2Mi"
        if maximum.roundedDown < guest.roundedDown {
            report.error("maxGuest", "\"\(maximum.text)\" is less than guest, \"\(guest.text)\": write that or more")
        } else if maximum.roundedDown > Self.most {
            report.error("maxGuest", "\"\(maximum.text)\" is more than the 64Ti that QEMU takes")
        } else {
            for (field, amount) in [("guest", guest), ("maxGuest", maximum)] where amount.roundedDown % block != 0 {
                let message = "is no multiple of \(name), in which memory is plugged up to maxGuest: write one"
                report.error(field, "\"\(amount.text)\" \(message)")
            }
        }
        let rivals = [
            ("spec.domain.cpu.realtime", cpu?.realtime != nil),
            ("spec.domain.cpu.numa.guestMappingPassthrough", cpu?.numa?.guestMappingPassthrough != nil),
            ("spec.domain.launchSecurity", launchSecurity != nil),
        ]
        for (rival, isSet) in rivals where isSet {
            report.error("maxGuest", "excludes \(rival), whose guest's memory is fixed: remove one")
        }
    }
}

extension Hugepages {
    /// Bytes of a page; nil where x86 has none of that size.
    fileprivate var pageBytes: Int64? {
        switch pageSize {
        case "2Mi": 1 << 21
        case "1Gi": 1 << 30
        default: size.flatMap { [1 << 21, 1 << 30].contains($0.roundedDown) ? $0.roundedDown : nil }
        }
    }
}
