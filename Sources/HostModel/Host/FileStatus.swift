import SystemPackage

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// What `stat` tells of a file, links followed.
struct FileStatus: Sendable, Hashable {
    var size: UInt64
    /// Seconds since 1970.
    var modified: Double
    /// Permission bits only.
    var mode: UInt32
    var group: UInt32
    var isRegularFile: Bool

    /// `nil` where there is no such file.
    init?(of path: FilePath) {
        var answer = stat()
        guard stat(path.string, &answer) == 0 else { return nil }
        size = UInt64(clamping: answer.st_size)
        modified = Double(answer.st_mtim.tv_sec) + Double(answer.st_mtim.tv_nsec) / 1e9
        mode = answer.st_mode & 0o7777
        group = answer.st_gid
        isRegularFile = answer.st_mode & S_IFMT == S_IFREG
    }
}
