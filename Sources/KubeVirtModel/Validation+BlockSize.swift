extension BlockSize {
    func validate(_ report: inout ValidationReport, _ bus: DiskBus) {
        guard let custom else { return }
        if matchVolume?.isOn ?? false {
            return report.error("custom and matchVolume exclude each other: remove one")
        }
        report.within("custom") { custom.validate(&$0, bus) }
    }
}

extension CustomBlockSize {
    private static let least: UInt32 = 512
    private static let most: UInt32 = 2 << 20

    fileprivate func validate(_ report: inout ValidationReport, _ bus: DiskBus) {
        let isSound = check("logical", logical, &report)
        guard check("physical", physical, &report), isSound, let logical, let physical else { return }
        if logical > physical {
            report.error("logical", "\(logical) is more than the physical size, \(physical): write at most that")
        } else if bus == .sata, logical != Self.least {
            report.error("logical", "\(logical) is not supported on sata: write 512, or another bus")
        } else if let discardGranularity, discardGranularity % logical != 0 {
            let message = "is no multiple of the logical size, \(logical): write one"
            report.error("discardGranularity", "\(discardGranularity) \(message)")
        }
    }

    private func check(_ field: String, _ size: UInt32?, _ report: inout ValidationReport) -> Bool {
        guard let size else {
            report.error(field, "is missing: write a power of two from \(Self.least) to \(Self.most)")
            return false
        }
        guard size >= Self.least, size <= Self.most, size.nonzeroBitCount == 1 else {
            report.error(field, "\(size) is no block size: write a power of two from \(Self.least) to \(Self.most)")
            return false
        }
        return true
    }
}
