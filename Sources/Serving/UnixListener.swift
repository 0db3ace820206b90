import Glibc
import SystemPackage

/// Makes the Unix sockets that services listen on.
///
/// The socket is made under another name, gets its permissions, and is then renamed: nobody can connect before, and the
/// path is never missing while a stale file is replaced.
struct UnixListener {
    let path: FilePath
    let mode: UInt32
    let group: String?

    /// A bound socket, not listening yet. Blocks.
    func open() throws(ServingError) -> CInt {
        let folder = path.removingLastComponent()
        let draft = folder.appending(".\(String(UInt32.random(in: 0 ... .max), radix: 36))")
        for path in [path, draft] where path.string.utf8.count > UnixAddress.pathLimit {
            throw .pathTooLong(path: path.string, limit: UnixAddress.pathLimit)
        }
        let gid = try group.map { name throws(ServingError) in try Self.number(ofGroup: name, for: path) }
        try Self.makeFolder(folder)
        try checkFree()
        let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { throw failure("make a socket for") }
        do throws(ServingError) {
            guard UnixAddress.withAddress(of: draft.string, { Glibc.bind(descriptor, $0, $1) }) == 0 else {
                throw failure("bind")
            }
            guard chmod(draft.string, mode) == 0 else { throw failure("set the permissions of") }
            if let gid, chown(draft.string, uid_t.max, gid) != 0 { throw failure("give the group to") }
            guard rename(draft.string, path.string) == 0 else { throw failure("make") }
            return descriptor
        } catch {
            unlink(draft.string)
            close(descriptor)
            throw error
        }
    }

    private func failure(_ action: String) -> ServingError {
        .socket(path: path.string, action: action, Errno(rawValue: errno))
    }

    /// A socket that nobody listens on may be replaced; a file of another kind never.
    private func checkFree() throws(ServingError) {
        var status = stat()
        guard lstat(path.string, &status) == 0 else { return }
        guard status.st_mode & S_IFMT == S_IFSOCK else { throw .pathTaken(path: path.string) }
        let descriptor = socket(
            AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue) | Int32(SOCK_NONBLOCK.rawValue), 0)
        guard descriptor >= 0 else { throw failure("check") }
        defer { close(descriptor) }
        let result = UnixAddress.withAddress(of: path.string) { Glibc.connect(descriptor, $0, $1) }
        // A full queue of connections (EAGAIN) is a listener too.
        if result == 0 || errno == EAGAIN { throw .inUse(path: path.string) }
    }

    private static func makeFolder(_ folder: FilePath) throws(ServingError) {
        guard !folder.isEmpty, mkdir(folder.string, 0o755) != 0, errno != EEXIST else { return }
        guard errno == ENOENT, !folder.removingLastComponent().isEmpty else {
            throw .socket(path: folder.string, action: "make the folder", Errno(rawValue: errno))
        }
        try makeFolder(folder.removingLastComponent())
        guard mkdir(folder.string, 0o755) == 0 || errno == EEXIST else {
            throw .socket(path: folder.string, action: "make the folder", Errno(rawValue: errno))
        }
    }

    private static func number(ofGroup name: String, for path: FilePath) throws(ServingError) -> gid_t {
        var entry = Glibc.group()
        var result: UnsafeMutablePointer<Glibc.group>?
        let found = withUnsafeTemporaryAllocation(of: CChar.self, capacity: 65536) { buffer in
            guard let storage = buffer.baseAddress else { return false }
            return getgrnam_r(name, &entry, storage, buffer.count, &result) == 0 && result != nil
        }
        guard found else { throw .noSuchGroup(group: name, path: path.string) }
        return entry.gr_gid
    }
}
