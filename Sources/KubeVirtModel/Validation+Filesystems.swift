import KubernetesModel

extension VirtualMachineInstanceSpec {
    func validateFilesystems(_ report: inout ValidationReport, _ places: [String: Int]) {
        guard !domain.devices.filesystems.isEmpty else { return }
        let disks = Set(domain.devices.disks.map(\.name))
        var names: Set<String> = []
        report.each("filesystems", in: domain.devices.filesystems) { filesystem, report in
            let name = filesystem.name
            Self.checkTag(name, &report)
            if !names.insert(name).inserted {
                report.error("name", "\(name.quoted) is used twice: give each filesystem a name of its own")
            }
            if disks.contains(name) {
                report.error("name", "volume \(name.quoted) is a disk too: remove one of the two")
            }
            guard let place = places[name] else {
                return report.error("name", "no volume is named \(name.quoted): add one under spec.volumes")
            }
            guard !volumes[place].isFolder, let source = volumes[place].sources.first else { return }
            let choice = Self.folders.formattedList("or")
            report.error("name", "volume \(name.quoted) is no folder but of \(source): virtiofs shares a \(choice)")
        }
    }

    /// The name is the tag that the guest mounts, for which virtiofs has 36 bytes.
    private static func checkTag(_ name: String, _ report: inout ValidationReport) {
        guard name.utf8.count > 36 || !name.consists(of: \.isNameByte) else { return }
        report.error("name", "\(name.quoted) is no tag: write at most 36 letters, digits, - and _")
    }

    private static let folders = [
        "persistentVolumeClaim", "dataVolume", "configMap", "secret", "serviceAccount", "downwardAPI", "containerPath",
    ]
}

extension Volume {
    /// Whether virtiofs can share the volume.
    fileprivate var isFolder: Bool {
        persistentVolumeClaim != nil || dataVolume != nil || configMap != nil || secret != nil || serviceAccount != nil
            || downwardAPI != nil || containerPath != nil
    }
}
