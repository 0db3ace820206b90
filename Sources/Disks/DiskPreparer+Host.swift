import DomainModel
import DomainPlan
import Images
import KubeVirtModel
import KubernetesModel
import SystemPackage

extension DiskPreparer {
    /// A raw file of the host, used in place; `DiskOrCreate` makes a sparse one where there is none.
    func hostDisk(_ volume: String, _ source: HostDiskSource) throws(DiskError) -> PreparedDisk {
        let path = FilePath(source.path)
        if try !HostFile.exists(path, in: "/", volume: volume) {
            guard source.type == .diskOrCreate, let capacity = source.capacity else {
                throw .hostDiskMissing(volume: volume, path: path.string)
            }
            try HostFile.createSparse(path, size: capacity.roundedUp, owner: owner, volume: volume)
        }
        return try rawDisk(volume, path, writable: !isReadOnly(volume))
    }

    func claimDisk(_ volume: String, _ claim: ClaimSource) throws(DiskError) -> PreparedDisk {
        if claim.readOnly ?? false, let disk = self.disk(volume), disk.bus == .sata, disk.cdrom == nil {
            throw .readOnlyOnSATA(volume: volume)
        }
        let (path, _) = try claimFile(volume, claim)
        var disk = try rawDisk(volume, path, writable: !(claim.readOnly ?? false))
        disk.isReadOnly = claim.readOnly ?? false
        return disk
    }

    func claimFile(_ volume: String, _ claim: ClaimSource) throws(DiskError) -> (path: FilePath, size: Int64) {
        let path = claims.appending(instance.namespace).appending(claim.claimName).appending("disk.img")
        guard try HostFile.exists(path, in: claims, volume: volume) else {
            throw .claimMissing(volume: volume, claim: claim.claimName, path: path.string)
        }
        guard HostFile.kind(path) != .other else { throw .hostDiskNotAFile(volume: volume, path: path.string) }
        return (path, HostFile.size(path))
    }

    /// The block sizes that a disk with `blockSize.matchVolume` shows to the guest; nil for other disks.
    func blockIO(_ volume: String, _ path: FilePath) -> BlockIO? {
        guard let disk = disk(volume), disk.blockSize?.matchVolume?.isOn ?? false, var sizes = HostFile.blockSizes(path)
        else { return nil }
        // QEMU's SATA disks have logical blocks of 512 bytes, and no others.
        if disk.bus == .sata { sizes.logicalBlockSize = 512 }
        return sizes
    }

    private func isReadOnly(_ volume: String) -> Bool {
        disk(volume)?.isReadOnly ?? false
    }

    private func disk(_ volume: String) -> Disk? { instance.spec.domain.devices.disks.first { $0.name == volume } }

    private func rawDisk(_ volume: String, _ path: FilePath, writable: Bool) throws(DiskError) -> PreparedDisk {
        let kind = HostFile.kind(path)
        guard kind != .other else { throw .hostDiskNotAFile(volume: volume, path: path.string) }
        try HostFile.requireAccess(path, owner: owner, writing: writable, volume: volume)
        return PreparedDisk(
            source: .init(path: path.string, format: .raw, isBlockDevice: kind == .blockDevice),
            capacity: HostFile.size(path), supportsDirectIO: HostFile.supportsDirectIO(path),
            isPreallocated: kind == .file && HostFile.isFullyAllocated(path))
    }
}
