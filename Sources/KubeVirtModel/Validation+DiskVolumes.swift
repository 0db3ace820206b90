import KubernetesModel

extension ContainerDiskSource {
    func validate(_ report: inout ValidationReport) {
        report.checkImage("image", image)
        report.checkOptionalSubdomain("imagePullSecret", imagePullSecret)
        if let path, !path.isEmpty { report.checkPath("path", path) }
    }
}

extension EmptyDiskSource {
    /// What a qcow2 image with clusters of 64 KiB holds: 2 PiB.
    private static let most: Int64 = 1 << 51

    func validate(_ report: inout ValidationReport) {
        report.checkCapacity(capacity)
        if capacity.roundedDown > Self.most {
            report.error("capacity", "\"\(capacity.text)\" is more than the 2Pi that a qcow2 image holds")
        }
    }
}

extension EphemeralSource {
    func validate(_ report: inout ValidationReport) {
        guard let claim = persistentVolumeClaim else {
            return report.error("persistentVolumeClaim", "is missing: name the claim to layer over")
        }
        report.checkSubdomain("persistentVolumeClaim.claimName", claim.claimName)
    }
}

extension HostDiskSource {
    func validate(_ report: inout ValidationReport) {
        report.checkPath("path", path)
        guard let capacity else {
            guard type == .diskOrCreate else { return }
            return report.error("capacity", "is missing: DiskOrCreate needs the size of the disk it makes")
        }
        if type == .disk, capacity.milli != 0 {
            report.error("capacity", "is that of the file with type: Disk: remove it, or write type: DiskOrCreate")
        } else if type == .diskOrCreate {
            report.checkCapacity(capacity)
        }
    }
}

extension ContainerPathSource {
    func validate(_ report: inout ValidationReport) {
        report.checkPath("path", path)
        if readOnly == false { report.error("readOnly", "false is not supported: write true, or leave it out") }
    }
}

extension ValidationReport {
    fileprivate mutating func checkCapacity(_ capacity: Quantity) {
        if capacity.roundedDown < 1 << 20 {
            error("capacity", "\"\(capacity.text)\" is less than 1Mi: write that or more")
        }
    }
}
