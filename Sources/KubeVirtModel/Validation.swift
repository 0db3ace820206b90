package import KubernetesModel

extension VirtualMachineInstance {
    /// Every error and warning of a defaulted VMI, in the order of its fields.
    package func validate() -> [FieldIssue] {
        var report = ValidationReport()
        report.within("metadata") { validateMetadata(&$0) }
        report.within("spec") { spec.validate(&$0) }
        return report.issues
    }
}

extension VirtualMachineInstanceSpec {
    fileprivate func validate(_ report: inout ValidationReport) {
        if let architecture, architecture != "amd64" {
            report.error("architecture", "\(architecture.quoted) is not supported: write amd64, or leave it out")
        }
        if let hostname { report.checkLabel("hostname", hostname) }
        report.checkOptionalSubdomain("subdomain", subdomain)
        if let seconds = terminationGracePeriodSeconds, seconds < 0 {
            report.error("terminationGracePeriodSeconds", "\(seconds) is negative: write 0 or more seconds")
        }
        validatePodFields(&report)
        report.within("domain") { domain.validate(&$0, self) }
        validateDevices(&report)
        if !accessCredentials.isEmpty {
            let media = CloudInitMedia(volumes)
            report.each("accessCredentials", in: accessCredentials) { $0.validate(&$1, media) }
        }
        validateClaims(&report)
    }

    /// Disks, volumes, networks and the other devices, which refer to each other.
    private func validateDevices(_ report: inout ValidationReport) {
        var ledger = DeviceLedger()
        let volumePlaces = Dictionary(volumes.indices.map { (volumes[$0].name, $0) }) { first, _ in first }
        report.within("domain") {
            $0.within("devices") { report in
                validateDisks(&report, volumePlaces, &ledger)
                validateFilesystems(&report, volumePlaces)
            }
        }
        validateVolumes(&report)
        validateNetworks(&report)
        report.within("domain") {
            $0.within("devices") { report in
                validateInterfaces(&report, &ledger)
                validateHostDevices(&report)
                domain.devices.validatePeripherals(&report)
                DeviceAliases(domain.devices).validate(&report)
            }
        }
    }
}

extension VirtualMachineInstance {
    private func validateMetadata(_ report: inout ValidationReport) {
        if name.isEmpty { report.error("name", "is missing: write one") } else { report.checkSubdomain("name", name) }
        report.checkLabel("namespace", namespace)
        if let uid = metadata.uid, !KubernetesName.isUID(uid) {
            report.error("uid", "\(uid.quoted) is no UUID: remove it, and one is made")
        }
        if !metadata.annotations.isEmpty { validateAnnotations(&report) }
    }
}
