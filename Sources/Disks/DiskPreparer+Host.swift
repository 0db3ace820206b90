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
        if !HostFile.exists(path) {
            guard source.type == .diskOrCreate, let capacity = source.capacity else {
                throw .hostDiskMissing(volume: volume, path: path.string)
            }
            try HostFile.createSparse(path, size: capacity.roundedUp, owner: owner, volume: volume)
        }
        return try rawDisk(volume, path, writable: !isReadOnly(volume))
    }

    func claimDisk(_ volume: String, _ claim: ClaimSource) throws(DiskError) -> PreparedDisk {
        let (path, _) = try claimFile(volume, claim)
        var disk = try rawDisk(volume, path, writable: !(claim.readOnly ?? false))
        disk.isReadOnly = claim.readOnly ?? false
        return disk
    }

    func claimFile(_ volume: String, _ claim: ClaimSource) throws(DiskError) -> (path: FilePath, size: Int64) {
        let path = claims.appending(instance.namespace).appending(claim.claimName).appending("disk.img")
        guard HostFile.exists(path) else {
            throw .claimMissing(volume: volume, claim: claim.claimName, path: path.string)
        }
        guard HostFile.kind(path) != .other else { throw .hostDiskNotAFile(volume: volume, path: path.string) }
        return (path, HostFile.size(path))
    }

    private func isReadOnly(_ volume: String) -> Bool {
        instance.spec.domain.devices.disks.first { $0.name == volume }?.isReadOnly ?? false
    }

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
