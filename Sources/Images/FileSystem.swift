import Crypto
import FoundationEssentials
import Glibc
import SystemPackage

/// The file operations of the store, each with the module's error.
enum FileSystem {
    /// Opens a file; the descriptor is closed by the caller and never inherited by a child.
    static func open(
        _ path: FilePath, _ mode: FileDescriptor.AccessMode, options: FileDescriptor.OpenOptions = [],
        permissions: FilePermissions? = nil
    ) throws(ImageError) -> FileDescriptor {
        try wrapped("open", path) {
            try FileDescriptor.open(path, mode, options: options.union(.closeOnExec), permissions: permissions)
        }
    }

    /// Creates a folder and those above it, with `permissions` whatever the umask says; folders that exist stay as
    /// they are.
    static func createFolder(_ path: FilePath, permissions: mode_t) throws(ImageError) {
        if (try? Stat(path))?.type == .directory { return }
        let parent = path.removingLastComponent()
        if !parent.isEmpty, parent != path { try createFolder(parent, permissions: 0o755) }
        // SAFETY: the string outlives the call.
        guard unsafe mkdir(path.string, permissions) != 0 else {
            return try checked("chmod", path, unsafe chmod(path.string, permissions))
        }
        guard errno != EEXIST else { return }
        throw failure("mkdir", path)
    }

    /// Maps to `rename`; replaces what is there.
    static func rename(_ source: FilePath, to target: FilePath) throws(ImageError) {
        // SAFETY: the strings outlive the call.
        try checked("rename", target, unsafe Glibc.rename(source.string, target.string))
    }

    /// Removes a file; true unless there was none.
    @discardableResult
    static func unlink(_ path: FilePath) throws(ImageError) -> Bool {
        // SAFETY: the string outlives the call.
        guard unsafe Glibc.unlink(path.string) != 0 else { return true }
        guard errno != ENOENT else { return false }
        throw failure("unlink", path)
    }

    /// Waits until the file, or the names in the folder, are on the disk.
    static func sync(_ path: FilePath) throws(ImageError) {
        let descriptor = try open(path, .readOnly)
        defer { try? descriptor.close() }
        try checked("fsync", path, fsync(descriptor.rawValue))
    }

    /// Bytes an unprivileged writer may still use in the filesystem of `path`.
    static func freeBytes(_ path: FilePath) throws(ImageError) -> Int64 {
        // SAFETY: `figures` outlives the call, which fills it.
        var figures = statvfs()
        try checked("statvfs", path, unsafe statvfs(path.string, &figures))
        return Int64(
            clamping: UInt64(figures.f_bavail).multipliedReportingOverflow(by: UInt64(figures.f_frsize)).partialValue)
    }

    static func setPermissions(_ descriptor: FileDescriptor, _ path: FilePath, _ mode: mode_t) throws(ImageError) {
        try checked("fchmod", path, fchmod(descriptor.rawValue, mode))
    }

    /// The names in a folder, sorted; none where there is no folder.
    static func names(in folder: FilePath) throws(ImageError) -> [String] {
        guard (try? Stat(folder)) != nil else { return [] }
        return try wrapped("readdir", folder) {
            try FileManager.default.contentsOfDirectory(atPath: folder.string).sorted()
        }
    }

    /// Removes a file or a whole folder without following links; what another process removed meanwhile is no error.
    static func removeTree(_ path: FilePath) {
        try? FileManager.default.removeItem(atPath: path.string)
    }

    /// At most `limit` bytes of a file from `offset` on.
    static func read(_ path: FilePath, from offset: Int64 = 0, limit: Int) throws(ImageError) -> [UInt8] {
        let descriptor = try open(path, .readOnly)
        defer { try? descriptor.close() }
        return try wrapped("read", path) {
            // A file is rarely as long as its limit: memory is taken for what there is.
            let rest = max(0, try descriptor.seek(offset: 0, from: .end) - offset)
            let size = Int(min(rest, Int64(limit)))
            // SAFETY: each read stays within the uninitialized rest of the buffer, and `count` says what is filled.
            return try unsafe [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
                while count < size {
                    let rest = unsafe UnsafeMutableRawBufferPointer(
                        rebasing: UnsafeMutableRawBufferPointer(buffer)[count...])
                    let got = try unsafe descriptor.read(fromAbsoluteOffset: offset + Int64(count), into: rest)
                    guard got > 0 else { return }
                    count += got
                }
            }
        }
    }

    /// The digest of all that a reader of a file sees, and how much that is. `proceed` is called between blocks.
    ///
    /// Holes are not read: for each of their zeros the kernel would take memory.
    static func digest(
        _ path: FilePath, _ proceed: () throws(ImageError) -> Void
    ) throws(ImageError) -> (ImageDigest, Int64) {
        // SAFETY: the buffer is filled by the read, and its filled part is used before the next one.
        let descriptor = try open(path, .readOnly, options: .noFollow)
        defer { try? descriptor.close() }
        let size = try wrapped("lseek", path) { try descriptor.seek(offset: 0, from: .end) }
        var hash = SHA256()
        var buffer = [UInt8](repeating: 0, count: 1 << 20)
        let zeros = buffer
        var done: Int64 = 0
        while done < size {
            try proceed()
            let data = lseek(descriptor.rawValue, off_t(done), seekData)
            // Without data behind it the rest is a hole; a filesystem that knows no holes has data everywhere.
            let next = data < 0 ? (errno == ENXIO ? size : done) : Int64(data)
            var block = zeros[..<Int(min(Int64(zeros.count), next - done))]
            if next == done {
                let count = try wrapped("read", path) {
                    try unsafe buffer.withUnsafeMutableBytes {
                        try unsafe descriptor.read(fromAbsoluteOffset: done, into: $0)
                    }
                }
                guard count > 0 else { break }
                block = buffer[..<count]
            }
            unsafe block.withUnsafeBytes { unsafe hash.update(bufferPointer: $0) }
            done += Int64(block.count)
        }
        return (ImageDigest(bytes: Array(hash.finalize())), done)
    }

    /// unistd.h's SEEK_DATA.
    private static let seekData: CInt = 3

    /// Writes a new file of `permissions` and waits until it is on the disk; it must not exist.
    static func write(_ bytes: [UInt8], to path: FilePath, permissions: mode_t) throws(ImageError) {
        let descriptor = try open(
            path, .writeOnly, options: [.create, .exclusiveCreate, .noFollow],
            permissions: FilePermissions(rawValue: 0o600))
        defer { try? descriptor.close() }
        _ = try wrapped("write", path) { try descriptor.writeAll(bytes) }
        try setPermissions(descriptor, path, permissions)
        try checked("fsync", path, fsync(descriptor.rawValue))
    }

    /// Runs a throwing operation on `path` and gives its error the module's form.
    static func wrapped<Value>(
        _ operation: String, _ path: FilePath, _ body: () throws -> Value
    ) throws(ImageError) -> Value {
        do {
            return try body()
        } catch let error as Errno {
            throw .fileOperation(operation: operation, path: path.string, errno: error)
        } catch {
            throw .fileOperation(operation: operation, path: path.string, errno: .ioError)
        }
    }

    private static func checked(_ operation: String, _ path: FilePath, _ result: CInt) throws(ImageError) {
        guard result == 0 else { throw failure(operation, path) }
    }

    private static func failure(_ operation: String, _ path: FilePath) -> ImageError {
        .fileOperation(operation: operation, path: path.string, errno: Errno(rawValue: errno))
    }
}
