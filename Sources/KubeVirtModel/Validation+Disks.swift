import KubernetesModel

extension VirtualMachineInstanceSpec {
    func validateDisks() -> [FieldIssue] {
        var issues: [FieldIssue] = []
        var names: Set<String> = []
        var bootOrders: Set<UInt32> = []
        let volumes = Set(volumes.map(\.name))
        for (index, disk) in domain.devices.disks.enumerated() {
            let path = "spec.domain.devices.disks[\(index)]"
            if !names.insert(disk.name).inserted {
                issues.append(
                    .error("\(path).name", "\"\(disk.name)\" is used twice: give each disk a name of its own"))
            }
            if !volumes.contains(disk.name), disk.cdrom == nil {
                let hint = NearestName.of(disk.name, among: Array(volumes)).map { " (did you mean \($0)?)" } ?? ""
                issues.append(
                    .error("\(path).name", "no volume is named \"\(disk.name)\"\(hint): add one under spec.volumes"))
            }
            if disk.disk != nil, disk.cdrom != nil {
                issues.append(.error(path, "disk and cdrom exclude each other: remove one"))
            }
            if disk.cdrom != nil, disk.bus == .virtio {
                issues.append(.error("\(path).cdrom.bus", "a CD-ROM cannot sit on virtio: write sata or scsi"))
            }
            issues += validateBootOrder(disk.bootOrder, path, &bootOrders)
            issues += disk.validateSerial("\(path).serial")
        }
        for (index, interface) in domain.devices.interfaces.enumerated() {
            issues += validateBootOrder(interface.bootOrder, "spec.domain.devices.interfaces[\(index)]", &bootOrders)
        }
        return issues
    }

    private func validateBootOrder(_ order: UInt32?, _ path: String, _ seen: inout Set<UInt32>) -> [FieldIssue] {
        guard let order else { return [] }
        if order == 0 { return [.error("\(path).bootOrder", "0 is no place in an order: count from 1")] }
        guard seen.insert(order).inserted else {
            return [.error("\(path).bootOrder", "\(order) is used twice: give each device a place of its own")]
        }
        return []
    }

    func validateVolumes() -> [FieldIssue] {
        var issues: [FieldIssue] = []
        var names: Set<String> = []
        for (index, volume) in volumes.enumerated() {
            let path = "spec.volumes[\(index)]"
            if !names.insert(volume.name).inserted {
                issues.append(
                    .error("\(path).name", "\"\(volume.name)\" is used twice: give each volume a name of its own"))
            }
            if !KubernetesName.isLabel(volume.name) {
                issues.append(.error("\(path).name", KubernetesName.complaint(volume.name, limit: 63)))
            }
            let sources = volume.sources
            if sources.isEmpty {
                issues.append(.error(path, "has no source: add one, such as containerDisk or emptyDisk"))
            } else if sources.count > 1 {
                issues.append(
                    .error(path, "has \(sources.count) sources (\(sources.joined(separator: ", "))): keep one"))
            }
            issues += volume.validateSource(path)
        }
        return issues
    }
}

extension Disk {
    /// KubeVirt's rule, and what libvirt takes.
    fileprivate func validateSerial(_ path: String) -> [FieldIssue] {
        guard let serial else { return [] }
        if serial.utf8.count > 256 { return [.error(path, "is \(serial.utf8.count) bytes long: write at most 256")] }
        guard serial.wholeMatch(of: /[A-Za-z0-9_.+\-]*/) == nil else { return [] }
        let message =
            "\(DocumentNode.string(serial).excerpt ?? "") is not supported: write letters, digits, ., -, + and _"
        return [.error(path, message)]
    }
}

extension Volume {
    fileprivate func validateSource(_ path: String) -> [FieldIssue] {
        var issues: [FieldIssue] = []
        if let source = containerDisk, source.image.isEmpty {
            issues.append(.error("\(path).containerDisk.image", "is empty: name an image"))
        }
        if let source = emptyDisk, source.capacity.roundedDown < 1 << 20 {
            issues.append(.error("\(path).emptyDisk.capacity", "\"\(source.capacity.text)\" is less than 1Mi"))
        }
        if let source = hostDisk { issues += source.validate("\(path).hostDisk") }
        if let source = cloudInitNoCloud { issues += source.validate("\(path).cloudInitNoCloud") }
        if let source = cloudInitConfigDrive { issues += source.validate("\(path).cloudInitConfigDrive") }
        if let source = ephemeral {
            if let claim = source.persistentVolumeClaim {
                issues += claim.validate("\(path).ephemeral.persistentVolumeClaim")
            } else {
                issues.append(
                    .error("\(path).ephemeral.persistentVolumeClaim", "is missing: name the claim to layer over"))
            }
        }
        if let source = persistentVolumeClaim { issues += source.validate("\(path).persistentVolumeClaim") }
        for (field, label) in [("configMap", configMap?.volumeLabel), ("secret", secret?.volumeLabel)] {
            if let label, label.wholeMatch(of: /[A-Za-z0-9_\-]{1,32}/) == nil {
                let message =
                    "\(DocumentNode.string(label).excerpt ?? "") is no volume label: write at most 32 letters, digits, - and _"
                issues.append(.error("\(path).\(field).volumeLabel", message))
            }
        }
        return issues
    }
}

extension ClaimSource {
    fileprivate func validate(_ path: String) -> [FieldIssue] {
        guard !KubernetesName.isSubdomain(claimName) else { return [] }
        return [.error("\(path).claimName", KubernetesName.complaint(claimName, limit: 253))]
    }
}

extension HostDiskSource {
    fileprivate func validate(_ path: String) -> [FieldIssue] {
        var issues = XMLText.check(self.path, "\(path).path")
        if !self.path.hasPrefix("/") || self.path.split(separator: "/").contains("..") {
            issues.append(
                .error("\(path).path", "\"\(self.path)\" must be absolute and without ..: write the file's full path"))
        }
        if type == .diskOrCreate, capacity == nil {
            issues.append(.error("\(path).capacity", "is missing: DiskOrCreate needs the size of the disk it makes"))
        }
        if let capacity, capacity.roundedDown < 1 << 20 {
            issues.append(.error("\(path).capacity", "\"\(capacity.text)\" is less than 1Mi"))
        }
        return issues
    }
}

extension CloudInitSource {
    fileprivate func validate(_ path: String) -> [FieldIssue] {
        var issues: [FieldIssue] = []
        let user = [
            ("userData", userData != nil), ("userDataBase64", userDataBase64 != nil), ("secretRef", secretRef != nil),
        ]
        .filter(\.1).map(\.0)
        let network = [
            ("networkData", networkData != nil), ("networkDataBase64", networkDataBase64 != nil),
            ("networkDataSecretRef", networkDataSecretRef != nil),
        ].filter(\.1).map(\.0)
        for names in [user, network] where names.count > 1 {
            issues.append(.error(path, "\(names.joined(separator: " and ")) exclude each other: keep one"))
        }
        if user.isEmpty, network.isEmpty {
            issues.append(.error(path, "holds neither user data nor network data: add userData"))
        }
        return issues
    }
}
