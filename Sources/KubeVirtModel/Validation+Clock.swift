import KubernetesModel

extension Clock {
    /// Seconds of a hundred years: what no guest's clock is off by.
    private static let mostOffset: Int64 = 3_155_760_000

    func validate(_ report: inout ValidationReport) {
        if let timezone, !Self.isZone(timezone) {
            report.error("timezone", "\(timezone.quoted) is no time zone: write one such as Europe/Berlin")
        }
        if timezone != nil, utc != nil { report.error("utc and timezone exclude each other: remove one") }
        if let seconds = utc?.offsetSeconds, !(-Self.mostOffset...Self.mostOffset).contains(seconds) {
            report.error("utc.offsetSeconds", "\(seconds) is more than a hundred years: write fewer seconds")
        }
        guard let timer else { return }
        report.within("timer") { report in
            timer.hpet?.validate("hpet", ["delay", "catchup", "merge", "discard"], &report)
            timer.pit?.validate("pit", ["delay", "catchup", "discard"], &report)
            timer.rtc?.validate("rtc", ["delay", "catchup"], tracks: ["guest", "wall"], &report)
            timer.hyperv?.validate("hyperv", [], &report)
            timer.kvm?.validate("kvm", [], &report)
        }
    }

    private static func isZone(_ text: String) -> Bool {
        guard text.utf8.count <= 255 else { return false }
        return text.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false).allSatisfy { part in
            !part.isEmpty && part.allSatisfy { $0.isNameByte || $0 == UInt8(ascii: "+") }
        }
    }
}

extension Timer {
    fileprivate func validate(
        _ name: String, _ policies: [String], tracks: [String] = [], _ report: inout ValidationReport
    ) {
        for (field, value, allowed) in [("tickPolicy", tickPolicy, policies), ("track", track, tracks)] {
            guard let value, !allowed.contains(value) else { continue }
            let field = "\(name).\(field)"
            if allowed.isEmpty {
                report.error(field, "this timer has none: remove it")
            } else {
                report.error(field, "\(value.quoted) is not supported: write \(allowed.formattedList("or"))")
            }
        }
    }
}
