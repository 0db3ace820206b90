import KubernetesModel

extension LaunchSecurity {
    func validate(_ report: inout ValidationReport, _ spec: VirtualMachineInstanceSpec) {
        let kinds = [("sev", sev != nil), ("snp", snp != nil), ("tdx", tdx != nil)]
        let names = kinds.filter(\.1).map(\.0)
        report.exclude(kinds)
        guard let name = names.first else { return report.error("names no kind: write sev, snp or tdx") }
        validateFirmware(name, &report, spec.domain)
        for (index, interface) in spec.domain.devices.interfaces.enumerated() where interface.bootOrder != nil {
            let place = "spec.domain.devices.interfaces[\(index)].bootOrder"
            report.error(name, "cannot boot from the network, whose ROM is not encrypted: remove \(place)")
        }
        guard let sev else { return }
        if sev.attestation != nil, spec.startStrategy != .paused {
            report.error("sev.attestation", "needs a VM that waits for it: write spec.startStrategy: Paused")
        }
        report.checkBase64("sev.dhCert", sev.dhCert)
        report.checkBase64("sev.session", sev.session)
    }

    private func validateFirmware(_ name: String, _ report: inout ValidationReport, _ domain: DomainSpec) {
        let field = "spec.domain.firmware.bootloader.efi"
        guard let efi = domain.firmware?.bootloader?.efi else {
            return report.error(name, "needs EFI: add \(field)")
        }
        if tdx == nil, efi.secureBoot ?? true {
            report.error(name, "cannot do secure boot: write \(field).secureBoot: false")
        }
        if sev == nil, efi.persistent ?? false {
            report.error(name, "keeps no EFI variables: remove \(field).persistent")
        }
        if tdx != nil, domain.features?.smm?.isOn ?? false {
            report.error(name, "has no SMM: write spec.domain.features.smm.enabled: false")
        }
    }
}
