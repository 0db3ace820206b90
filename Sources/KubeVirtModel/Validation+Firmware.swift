import KubernetesModel

extension Firmware {
    func validate(_ report: inout ValidationReport, _ domain: DomainSpec, _ volumes: [Volume]) {
        if let uuid, !KubernetesName.isUID(uuid), !(uuid.utf8.count == 32 && uuid.consists(of: \.isHexDigit)) {
            report.error("uuid", "\(uuid.quoted) is no UUID: write one such as 5d307ca9-b3ef-428c-8861-06e72d69f223")
        }
        report.checkSerial("serial", serial)
        if let bootloader, bootloader.bios != nil, bootloader.efi != nil {
            report.error("bootloader", "bios and efi exclude each other: remove one")
        }
        if let efi = bootloader?.efi, efi.secureBoot ?? true, !(domain.features?.smm?.isOn ?? false) {
            report.error(
                "bootloader.efi.secureBoot",
                "is true (its default), and needs spec.domain.features.smm.enabled: true; set that, or secureBoot: false"
            )
        }
        if let acpi { report.within("acpi") { acpi.validate(&$0, volumes) } }
        if let kernelBoot { report.within("kernelBoot") { kernelBoot.validate(&$0) } }
    }
}

extension FirmwareACPI {
    /// Each table is a file of a Secret, which a volume brings.
    fileprivate func validate(_ report: inout ValidationReport, _ volumes: [Volume]) {
        let tables = [("msdmNameRef", msdmNameRef ?? ""), ("slicNameRef", slicNameRef ?? "")].filter { !$0.1.isEmpty }
        if tables.isEmpty { report.error("names no table: write msdmNameRef or slicNameRef, or remove acpi") }
        for (field, name) in tables {
            guard let volume = volumes.first(where: { $0.name == name }) else {
                report.error(field, "no volume is named \(name.quoted): add one with a secret under spec.volumes")
                continue
            }
            if volume.secret == nil {
                report.error(field, "volume \(name.quoted) holds no secret: name one that does")
            }
        }
    }
}

extension KernelBoot {
    /// Bytes of a command line that Linux reads on x86, without its end.
    private static let linuxArguments = 2047

    fileprivate func validate(_ report: inout ValidationReport) {
        report.checkText("kernelArgs", kernelArgs, limit: 65_535)
        if let length = kernelArgs?.utf8.count, length > Self.linuxArguments, length <= 65_535 {
            report.warn("kernelArgs", "is \(length) bytes long, and Linux reads the first \(Self.linuxArguments)")
        }
        if let container {
            report.within("container") { container.validate(&$0) }
        } else if !(kernelArgs ?? "").isEmpty {
            report.error("container", "is missing, and kernelArgs mean nothing without a kernel")
        }
    }
}

extension KernelBootContainer {
    fileprivate func validate(_ report: inout ValidationReport) {
        report.checkImage("image", image)
        report.checkOptionalSubdomain("imagePullSecret", imagePullSecret)
        if let kernelPath, !kernelPath.isEmpty {
            report.checkPath("kernelPath", kernelPath)
        } else {
            // QEMU takes an initrd only beside a kernel.
            report.error("kernelPath", "is missing: name the kernel's path in the image")
        }
        if let initrdPath { report.checkPath("initrdPath", initrdPath) }
    }
}
