internal import CSandbox
internal import Glibc
package import SystemPackage

/// A folder that paths must stay in: no link is followed on the way, and none leads out.
///
/// Maps to `openat2` with RESOLVE_BENEATH, RESOLVE_NO_SYMLINKS and RESOLVE_NO_MAGICLINKS.
package struct ConfinedFolder: Sendable {
    private let path: FilePath

    package init(_ path: FilePath) { self.path = path }

    /// Opens a file below the folder. `name` may hold slashes; the folder itself may be reached through links, being ours.
    package func open(
        _ name: String, _ mode: FileDescriptor.AccessMode, options: FileDescriptor.OpenOptions = [],
        permissions: FilePermissions = []
    ) throws(SandboxError) -> FileDescriptor {
        // SAFETY: the string outlives the call, and the structure is passed by value.
        let whole = path.appending(name)
        let folder: FileDescriptor
        do { folder = try FileDescriptor.open(path, .readOnly, options: [.directory, .closeOnExec]) } catch {
            throw .open(path: whole.string, (error as? Errno) ?? .ioError)
        }
        defer { try? folder.close() }
        var how = open_how()
        how.flags = UInt64(UInt32(bitPattern: mode.rawValue | options.union(.closeOnExec).rawValue))
        how.mode = options.contains(.create) ? UInt64(permissions.rawValue) : 0
        how.resolve = UInt64(RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS)
        let descriptor = unsafe vn_openat2(folder.rawValue, name, how)
        guard descriptor >= 0 else {
            let problem = Errno(rawValue: errno)
            // ELOOP: a link; EXDEV: out of the folder.
            let isEscape = problem == .tooManySymbolicLinkLevels || problem == .improperLink
            throw isEscape ? .escapes(path: whole.string, folder: path.string) : .open(path: whole.string, problem)
        }
        return FileDescriptor(rawValue: descriptor)
    }
}

extension FileDescriptor.OpenOptions {
    /// fcntl.h's O_PATH, which Glibc's module does not show: nothing is done to what is opened so.
    package static var pathOnly: FileDescriptor.OpenOptions { FileDescriptor.OpenOptions(rawValue: 0o10000000) }
}
