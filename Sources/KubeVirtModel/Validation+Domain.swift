import KubernetesModel

extension DomainSpec {
    /// What `spec.domain` says of the machine; its devices are a matter of their own.
    func validate(_ report: inout ValidationReport, _ spec: VirtualMachineInstanceSpec) {
        report.within("memory") { validateMemory(&$0) }
        if let cpu { report.within("cpu") { cpu.validate(&$0, self) } }
        if let firmware { report.within("firmware") { firmware.validate(&$0, self, spec.volumes) } }
        if let type = machine?.type, !type.isEmpty, !Machine.isSupported(type) {
            let message = "is not supported: write q35, or one of its versions such as pc-q35-7.2"
            report.error("machine.type", "\(type.quoted) \(message)")
        }
        if let chassis { report.within("chassis") { chassis.validate(&$0) } }
        if let clock { report.within("clock") { clock.validate(&$0) } }
        if let resources { report.within("resources") { resources.validate(&$0, cpu) } }
        if let features { report.within("features") { features.validate(&$0, self) } }
        if let launchSecurity { report.within("launchSecurity") { launchSecurity.validate(&$0, spec) } }
        validateIOThreads(&report)
    }

    private func validateIOThreads(_ report: inout ValidationReport) {
        let field = "ioThreads.supplementalPoolThreadCount"
        let count = ioThreads?.supplementalPoolThreadCount
        if ioThreadsPolicy == .supplementalPool {
            switch count {
            case nil, 0: report.error(field, "is missing: supplementalPool needs a number of threads, from 1")
            case let count? where count > 1024: report.error(field, "\(count) is too many threads: write at most 1024")
            default: break
            }
        } else if count != nil {
            report.warn(field, "has no effect: write ioThreadsPolicy: supplementalPool beside it")
        }
    }
}

extension Machine {
    /// `q35`, or a version of it: which of them there are is up to the host's QEMU.
    fileprivate static func isSupported(_ type: String) -> Bool {
        guard type != "q35" else { return true }
        let prefix = "pc-q35-"
        guard type.hasPrefix(prefix) else { return false }
        let version = String(type.dropFirst(prefix.count))
        return version.consists {
            $0.isLowercase || $0.isDigit || $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: "-")
        }
    }
}

extension Chassis {
    fileprivate func validate(_ report: inout ValidationReport) {
        report.checkText("asset", asset)
        report.checkText("manufacturer", manufacturer)
        report.checkText("serial", serial)
        report.checkText("sku", sku)
        report.checkText("version", version)
    }
}
