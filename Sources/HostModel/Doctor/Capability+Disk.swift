import SystemPackage

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// The room where disks and images go.
extension Capability {
    /// GiB free below which a check warns.
    private static let scarce: UInt64 = 10

    static func disk(_ context: DoctorContext) -> Capability {
        var state = State.ok
        let folders = [("state", context.folders.state), ("cache", context.folders.cache)]
        let evidence = folders.map { name, folder -> String in
            guard let space = DiskSpace(of: folder) else {
                if state == .ok { state = .unknown }
                return "\(name) \(folder): unknown"
            }
            if space.freeKiB >> 20 < scarce { state = .degraded }
            return "\(name) \(folder): \(size(kibibytes: space.freeKiB)) of \(size(kibibytes: space.totalKiB)) free"
        }
        return Capability(
            id: "disk", title: "disk space", state: state, evidence: evidence.joined(separator: "; "),
            remedy: "Free some space (virt-node image prune), or move the folders to a larger disk with --root.")
    }
}

/// The file system that a folder lies on, or will lie on once it is made.
struct DiskSpace: Sendable, Hashable {
    var freeKiB: UInt64
    var totalKiB: UInt64

    init?(of folder: FilePath) {
        var folder = folder
        var answer = statvfs()
        while statvfs(folder.string, &answer) != 0 {
            guard errno == ENOENT, folder.removeLastComponent() else { return nil }
        }
        let block = UInt64(answer.f_frsize)
        freeKiB = UInt64(answer.f_bavail) * block >> 10
        totalKiB = UInt64(answer.f_blocks) * block >> 10
    }
}
