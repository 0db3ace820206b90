import DomainModel
import DomainPlan
import Images
import KubeVirtModel
import KubernetesModel
import Subprocess
import SystemPackage

extension DiskPreparer {
    /// A throw-away layer over the image's disk, which all VMs of the image share and none can write.
    func containerDisk(_ volume: String, _ image: ImageFile) async throws(DiskError) -> PreparedDisk {
        let format: DomainDisk.Format = image.format == .qcow2 ? .qcow2 : .raw
        let backing = DomainDisk.Source.Backing(path: image.path.string, format: format)
        return try await overlay(volume, over: backing, capacity: image.virtualSize ?? image.size)
    }

    /// A throw-away layer over a claim's disk.
    func ephemeral(_ volume: String, _ claim: ClaimSource) async throws(DiskError) -> PreparedDisk {
        let (path, size) = try claimFile(volume, claim)
        try HostFile.requireAccess(path, owner: owner, writing: false, volume: volume)
        return try await overlay(volume, over: .init(path: path.string, format: .raw), capacity: size)
    }

    private func overlay(
        _ volume: String, over backing: DomainDisk.Source.Backing, capacity: Int64
    ) async throws(DiskError) -> PreparedDisk {
        let path = folder.appending("\(volume).qcow2")
        // -u: qemu-img does not open the base, whose size and format are known already.
        try await createImage(
            path, volume, ["-u", "-F", backing.format.rawValue, "-b", backing.path], capacity: capacity)
        let direct = HostFile.supportsDirectIO(path) && HostFile.supportsDirectIO(FilePath(backing.path))
        return PreparedDisk(
            source: .init(path: path.string, format: .qcow2, backing: [backing]), capacity: capacity,
            supportsDirectIO: direct)
    }

    /// A scratch disk; its size is rounded down to whole MiB.
    func emptyDisk(_ volume: String, _ source: EmptyDiskSource) async throws(DiskError) -> PreparedDisk {
        let path = folder.appending("\(volume).qcow2")
        let capacity = source.capacity.roundedDown & ~((1 << 20) - 1)
        try await createImage(path, volume, [], capacity: capacity)
        return PreparedDisk(
            source: .init(path: path.string, format: .qcow2), capacity: capacity,
            supportsDirectIO: HostFile.supportsDirectIO(path))
    }

    private func createImage(
        _ path: FilePath, _ volume: String, _ options: [String], capacity: Int64
    ) async throws(DiskError) {
        let arguments = ["create", "-q", "-f", "qcow2"] + options + [path.string, "\(capacity)"]
        do {
            let result = try await run(
                .name("qemu-img"), arguments: Arguments(arguments), output: .discarded, error: .string(limit: 4096))
            guard result.terminationStatus.isSuccess else {
                throw DiskError.toolFailed(
                    volume: volume, tool: "qemu-img", problem: result.standardError)
            }
        } catch let error as DiskError {
            throw error
        } catch let error as SubprocessError where error.code == .executableNotFound {
            throw .toolMissing(tool: "qemu-img", package: "qemu-utils")
        } catch {
            throw .toolFailed(volume: volume, tool: "qemu-img", problem: "\(error)")
        }
        try HostFile.give(path, to: owner, permissions: 0o600, volume: volume)
    }

    /// Writes a medium and hands it to QEMU.
    func medium(_ volume: String, _ image: ISO9660Image) throws(DiskError) -> PreparedDisk {
        let path = folder.appending("\(volume).iso")
        do throws(ImageError) { try image.write(to: path) } catch { throw .medium(volume: volume, error) }
        try HostFile.fillUp(path, volume: volume)
        try HostFile.give(path, to: owner, permissions: 0o600, volume: volume)
        let size = HostFile.size(path)
        return PreparedDisk(
            source: .init(path: path.string, format: .raw), capacity: size,
            supportsDirectIO: HostFile.supportsDirectIO(path))
    }
}
