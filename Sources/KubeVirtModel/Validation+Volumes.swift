import KubernetesModel

extension VirtualMachineInstanceSpec {
    func validateVolumes(_ report: inout ValidationReport) {
        var names: Set<String> = []
        var single: Set<String> = []
        let disks = Set(domain.devices.disks.map(\.name))
        let filesystems = Set(domain.devices.filesystems.map(\.name))
        report.each("volumes", in: volumes) { volume, report in
            if !names.insert(volume.name).inserted {
                report.error("name", "\(volume.name.quoted) is used twice: give each volume a name of its own")
            }
            report.checkLabel("name", volume.name)
            volume.validateSources(&report)
            let kinds = [
                ("downwardMetrics", volume.downwardMetrics != nil), ("memoryDump", volume.memoryDump != nil),
                ("serviceAccount", volume.serviceAccount != nil),
            ]
            for (kind, isSet) in kinds where isSet && !single.insert(kind).inserted {
                report.error(kind, "a VM has one volume of this kind: remove the others")
            }
            if volume.memoryDump != nil, disks.contains(volume.name) {
                report.error(
                    "memoryDump", "is no disk of the guest: remove the one that is named \(volume.name.quoted)")
            }
            if volume.containerPath != nil, !filesystems.contains(volume.name) {
                report.warn(
                    "containerPath", "has no effect: add \(volume.name.quoted) under spec.domain.devices.filesystems")
            }
        }
    }
}

extension Volume {
    /// Each source by itself, and that there is exactly one.
    fileprivate func validateSources(_ report: inout ValidationReport) {
        var count = 0
        func visit<Source>(
            _ name: String, _ source: Source?, _ validate: (Source, inout ValidationReport) -> Void = { _, _ in }
        ) {
            guard let source else { return }
            count += 1
            report.within(name) { validate(source, &$0) }
        }
        visit("cloudInitConfigDrive", cloudInitConfigDrive) { $0.validate(&$1) }
        visit("cloudInitNoCloud", cloudInitNoCloud) { $0.validate(&$1) }
        visit("configMap", configMap) { $0.validate(&$1) }
        visit("containerDisk", containerDisk) { $0.validate(&$1) }
        visit("containerPath", containerPath) { $0.validate(&$1) }
        visit("dataVolume", dataVolume) { $1.checkSubdomain("name", $0.name) }
        visit("downwardAPI", downwardAPI) { $0.validate(&$1) }
        visit("downwardMetrics", downwardMetrics)
        visit("emptyDisk", emptyDisk) { $0.validate(&$1) }
        visit("ephemeral", ephemeral) { $0.validate(&$1) }
        visit("hostDisk", hostDisk) { $0.validate(&$1) }
        visit("memoryDump", memoryDump) { $1.checkSubdomain("claimName", $0.claimName) }
        visit("persistentVolumeClaim", persistentVolumeClaim) { $1.checkSubdomain("claimName", $0.claimName) }
        visit("secret", secret) { $0.validate(&$1) }
        visit("serviceAccount", serviceAccount) { $1.checkSubdomain("serviceAccountName", $0.serviceAccountName ?? "") }
        visit("sysprep", sysprep) { $0.validate(&$1) }
        if count == 0 {
            report.error("has no source: add one, such as containerDisk or emptyDisk")
        } else if count > 1 {
            report.error("has \(count) sources (\(sources.joined(separator: ", "))): keep one")
        }
    }
}
