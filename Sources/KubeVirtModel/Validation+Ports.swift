extension Interface {
    /// The ports that lead from outside to the guest.
    func validatePorts(_ report: inout ValidationReport, hasPodNetwork: Bool) {
        var seen: Set<[Int32]> = []
        var names: Set<String> = []
        report.each("ports", in: ports) { port, report in
            if !(1...65535).contains(port.port) {
                report.error("port", "\(port.port) is no port: write a number from 1 to 65535")
            }
            if !seen.insert([port.port, port.protocol == .udp ? 1 : 0]).inserted {
                report.error("port", "\(port.port) is used twice: remove one")
            }
            // Elsewhere nobody reads the names.
            guard hasPodNetwork, let name = port.name, !name.isEmpty else { return }
            if !KubernetesName.isPortName(name) {
                report.error(
                    "name", "\(name.quoted) is no port name: write at most 15 lower-case letters, digits and -")
            } else if !names.insert(name).inserted {
                report.error("name", "\(name.quoted) is used twice: give each port a name of its own")
            }
        }
        validateRanges(&report)
    }

    private func validateRanges(_ report: inout ValidationReport) {
        var earlier: [PortRange] = []
        report.each("portRanges", in: portRanges) { range, report in
            var isSound = true
            for (field, port) in [("start", range.start), ("end", range.end)] where !(1...65535).contains(port) {
                report.error(field, "\(port) is no port: write a number from 1 to 65535")
                isSound = false
            }
            guard isSound else { return }
            if range.end < range.start {
                report.error("end", "\(range.end) is less than start, \(range.start): write the lower port first")
            } else if let twin = earlier.first(where: { $0.overlaps(range) }) {
                report.error("overlaps \(twin.start) to \(twin.end): list each port once")
            }
            // Each is compared with those before it: of a spec of thousands, with the first ones.
            if earlier.count < 256 { earlier.append(range) }
        }
    }
}

extension PortRange {
    fileprivate func overlaps(_ other: PortRange) -> Bool {
        `protocol` == other.protocol && start <= other.end && other.start <= end
    }
}
