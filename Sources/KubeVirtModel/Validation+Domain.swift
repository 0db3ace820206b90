import KubernetesModel

extension DomainSpec {
    func validate() -> [FieldIssue] {
        var issues: [FieldIssue] = []
        issues += validateMemory()
        issues += validateCPU()
        issues += validateFirmware()
        if let type = machine?.type, type.wholeMatch(of: /(pc-)?q35(-[a-z0-9.\-]+)?/) == nil {
            let message =
                "\(DocumentNode.string(type).excerpt ?? "") is not supported: write q35, or one of its versions such as pc-q35-7.2"
            issues.append(.error("spec.domain.machine.type", message))
        }
        issues += chassis?.validate("spec.domain.chassis") ?? []
        issues += clock?.validate("spec.domain.clock") ?? []
        issues += resources?.validate("spec.domain.resources") ?? []
        if let type = devices.video?.type, !["vga", "virtio", "bochs", "cirrus", "qxl", "ramfb"].contains(type) {
            issues.append(
                .error(
                    "spec.domain.devices.video.type",
                    "\"\(type)\" is not supported: write vga, virtio, bochs, cirrus, qxl or ramfb"))
        }
        return issues
    }

    private func validateMemory() -> [FieldIssue] {
        guard let guest = memory?.guest else {
            return [
                .error("spec.domain.memory.guest", "is missing, and no memory is requested either: write, say, 512Mi")
            ]
        }
        if guest.roundedDown < 1 << 20 {
            return [.error("spec.domain.memory.guest", "\"\(guest.text)\" is less than 1Mi: no guest starts with that")]
        }
        if guest.roundedDown > 1 << 46 {
            return [.error("spec.domain.memory.guest", "\"\(guest.text)\" is more than the 64Ti that QEMU takes")]
        }
        return []
    }

    private func validateCPU() -> [FieldIssue] {
        guard let cpu else { return [] }
        var issues: [FieldIssue] = []
        if cpu.vcpus > 255 {
            let message =
                "\(cpu.sockets ?? 1) sockets x \(cpu.cores ?? 1) cores x \(cpu.threads ?? 1) threads are \(cpu.vcpus) vCPUs, and a guest takes at most 255"
            issues.append(.error("spec.domain.cpu", message))
        }
        if let model = cpu.model, model.wholeMatch(of: /[A-Za-z0-9._+\-]{1,64}/) == nil {
            issues.append(
                .error("spec.domain.cpu.model", "\(DocumentNode.string(model).excerpt ?? "") is no CPU model"))
        }
        for (index, feature) in cpu.features.enumerated()
        where feature.name.wholeMatch(of: /[A-Za-z0-9._+\-]{1,64}/) == nil {
            let path = "spec.domain.cpu.features[\(index)].name"
            issues.append(.error(path, "\(DocumentNode.string(feature.name).excerpt ?? "") is no CPU feature"))
        }
        return issues
    }

    private func validateFirmware() -> [FieldIssue] {
        guard let firmware else { return [] }
        var issues: [FieldIssue] = []
        let path = "spec.domain.firmware"
        if let uuid = firmware.uuid, !KubernetesName.isUID(uuid) {
            issues.append(.error("\(path).uuid", "\(DocumentNode.string(uuid).excerpt ?? "") is no UUID"))
        }
        issues += XMLText.check(firmware.serial, "\(path).serial")
        if let bootloader = firmware.bootloader, bootloader.bios != nil, bootloader.efi != nil {
            issues.append(.error("\(path).bootloader", "bios and efi exclude each other: remove one"))
        }
        if let efi = firmware.bootloader?.efi, efi.secureBoot ?? true, !(features?.smm?.isOn ?? false) {
            issues.append(
                .error(
                    "\(path).bootloader.efi.secureBoot",
                    "is true (its default), and needs spec.domain.features.smm.enabled: true; set that, or secureBoot: false"
                ))
        }
        guard let boot = firmware.kernelBoot else { return issues }
        issues += XMLText.check(boot.kernelArgs, "\(path).kernelBoot.kernelArgs")
        guard let container = boot.container else {
            if boot.kernelArgs != nil {
                issues.append(
                    .error("\(path).kernelBoot.container", "is missing, and kernelArgs mean nothing without a kernel"))
            }
            return issues
        }
        if container.image.isEmpty {
            issues.append(.error("\(path).kernelBoot.container.image", "is empty: name an image"))
        }
        if container.kernelPath == nil {
            issues.append(
                .error("\(path).kernelBoot.container.kernelPath", "is missing: name the kernel's path in the image"))
        }
        for (field, value) in [("kernelPath", container.kernelPath), ("initrdPath", container.initrdPath)] {
            issues += XMLText.check(value, "\(path).kernelBoot.container.\(field)")
            if let value, !value.hasPrefix("/") {
                issues.append(
                    .error("\(path).kernelBoot.container.\(field)", "\"\(value)\" must be absolute: begin it with /"))
            }
        }
        return issues
    }
}

extension Chassis {
    fileprivate func validate(_ path: String) -> [FieldIssue] {
        let texts = [
            ("asset", asset), ("manufacturer", manufacturer), ("serial", serial), ("sku", sku), ("version", version),
        ]
        return texts.flatMap { XMLText.check($1, "\(path).\($0)") }
    }
}

extension Resources {
    fileprivate func validate(_ path: String) -> [FieldIssue] {
        [("limits", limits), ("requests", requests)].flatMap { field, amounts in
            amounts.filter { $0.value.milli < 0 }.sorted { $0.key < $1.key }.map { name, amount in
                .error("\(path).\(field)[\(name)]", "\"\(amount.text)\" is negative: write 0 or more")
            }
        }
    }
}

/// What may stand in an XML document: text that cannot is refused by its field, not escaped.
enum XMLText {
    static func check(_ text: String?, _ path: String) -> [FieldIssue] {
        guard let text else { return [] }
        let bad = text.unicodeScalars.first { scalar in
            (scalar.value < 0x20 && scalar != "\t" && scalar != "\n" && scalar != "\r") || scalar.value == 0x7F
                || scalar.value == 0xFFFE || scalar.value == 0xFFFF
        }
        guard let bad else { return [] }
        return [
            .error(
                path,
                "holds the character U+\(String(bad.value, radix: 16, uppercase: true)), which XML cannot: remove it")
        ]
    }
}
