import KubernetesModel

extension Features {
    func validate(_ report: inout ValidationReport, _ domain: DomainSpec) {
        guard let hyperv else { return }
        if hypervPassthrough?.isOn ?? false {
            report.error("hypervPassthrough", "excludes hyperv, since it passes on all that the host has: remove one")
        }
        report.within("hyperv") { hyperv.validate(&$0, domain) }
    }
}

extension HyperV {
    /// libvirt's limit, in bytes: the name fills three registers.
    private static let longestVendor = 12

    fileprivate func validate(_ report: inout ValidationReport, _ domain: DomainSpec) {
        validateNeeds(&report)
        if let spinlocks, spinlocks.isOn, let retries = spinlocks.spinlocks, retries < 4096 {
            report.error("spinlocks.spinlocks", "\(retries) is too few attempts: write 4096 or more")
        }
        if let vendorid, vendorid.isOn { validateVendor(vendorid.vendorid ?? "", &report) }
        if synictimer?.isOn ?? false {
            let timer = domain.clock?.timer?.hyperv
            if timer.map({ !($0.present ?? true) }) ?? true {
                report.warn(
                    "synictimer", "needs Hyper-V's clock under KVM: add spec.domain.clock.timer.hyperv: {present: true}"
                )
            }
        }
        if evmcs?.isOn ?? false, let vmx = domain.cpu?.features.first(where: { $0.name == "vmx" }),
            (vmx.policy ?? .require) != .require
        {
            report.warn("evmcs", "needs the CPU feature vmx: write policy: require in spec.domain.cpu.features")
        }
    }

    /// Interfaces stand on each other; what another needs is on by default, and may be turned off only with it.
    private func validateNeeds(_ report: inout ValidationReport) {
        let needs = [
            ("evmcs", evmcs?.isOn ?? false, "vapic", vapic), ("ipi", ipi?.isOn ?? false, "vpindex", vpindex),
            ("synic", synic?.isOn ?? false, "vpindex", vpindex),
            ("synictimer", synictimer?.isOn ?? false, "synic", synic),
            ("tlbflush", tlbflush?.isOn ?? false, "vpindex", vpindex),
        ]
        for (name, isOn, need, state) in needs where isOn && !(state?.isOn ?? false) {
            report.error(name, "needs spec.domain.features.hyperv.\(need), which is off: turn that on, or this off")
        }
    }

    private func validateVendor(_ vendor: String, _ report: inout ValidationReport) {
        let field = "vendorid.vendorid"
        if vendor.isEmpty {
            report.error(field, "is missing: write at most \(Self.longestVendor) characters")
        } else if vendor.utf8.count > Self.longestVendor {
            report.error(
                field, "\(vendor.quoted) is \(vendor.utf8.count) bytes long: write at most \(Self.longestVendor)")
        } else if vendor.contains(",") {
            report.error(field, "\(vendor.quoted) holds a comma: remove it")
        } else {
            report.checkText(field, vendor)
        }
    }
}
