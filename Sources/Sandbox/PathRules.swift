internal import CSandbox
internal import Glibc
package import SystemPackage

/// Which files a process may reach, by Landlock. Where the kernel has none, nothing is confined by it.
package struct PathRules: Sendable {
    /// Folders and files to read, and to execute from.
    package var readable: [FilePath]
    /// Folders in which files may be made, written and removed too.
    package var writable: [FilePath]

    package init(readable: [FilePath], writable: [FilePath]) {
        self.readable = readable
        self.writable = writable
    }

    /// The version of the kernel's Landlock; 0 for none.
    package static var version: Int { max(0, Int(vn_landlock_abi())) }

    private static let reading = UInt64(
        LANDLOCK_ACCESS_FS_EXECUTE | LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR)
    private static let writing = UInt64(
        LANDLOCK_ACCESS_FS_WRITE_FILE | LANDLOCK_ACCESS_FS_REMOVE_DIR | LANDLOCK_ACCESS_FS_REMOVE_FILE
            | LANDLOCK_ACCESS_FS_MAKE_DIR | LANDLOCK_ACCESS_FS_MAKE_REG)
    /// What is granted to nobody: other kinds of files.
    private static let making = UInt64(
        LANDLOCK_ACCESS_FS_MAKE_CHAR | LANDLOCK_ACCESS_FS_MAKE_SOCK | LANDLOCK_ACCESS_FS_MAKE_FIFO
            | LANDLOCK_ACCESS_FS_MAKE_BLOCK | LANDLOCK_ACCESS_FS_MAKE_SYM)
    /// What a rule on a file, not a folder, may hold.
    private static let ofFiles = UInt64(
        LANDLOCK_ACCESS_FS_EXECUTE | LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_WRITE_FILE)

    /// Puts the rules in force for the calling thread and what it starts; true where the kernel can.
    package func load() throws(SandboxError) -> Bool {
        guard Self.version > 0 else { return false }
        let ruleset = vn_landlock_create(Self.reading | Self.writing | Self.making)
        guard ruleset >= 0 else { throw .pathRules(path: "/", Errno(rawValue: errno)) }
        let rules = FileDescriptor(rawValue: ruleset)
        defer { try? rules.close() }
        for path in readable { try allow(path, Self.reading, rules) }
        for path in writable { try allow(path, Self.reading | Self.writing, rules) }
        guard vn_no_new_privileges() == 0, vn_landlock_restrict(ruleset) == 0 else {
            throw .pathRules(path: "/", Errno(rawValue: errno))
        }
        return true
    }

    private func allow(_ path: FilePath, _ access: UInt64, _ rules: FileDescriptor) throws(SandboxError) {
        do {
            let descriptor = try FileDescriptor.open(
                path, .readOnly, options: [.pathOnly, .closeOnExec])
            defer { try? descriptor.close() }
            let isFolder = (try? descriptor.stat())?.type == .directory
            guard vn_landlock_allow(rules.rawValue, descriptor.rawValue, isFolder ? access : access & Self.ofFiles) == 0
            else { throw Errno(rawValue: errno) }
        } catch {
            throw .pathRules(path: path.string, (error as? Errno) ?? .ioError)
        }
    }
}
