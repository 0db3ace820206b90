internal import DomainModel
internal import Glibc
internal import HostModel
internal import Libvirt
internal import Synchronization
internal import SystemPackage

/// One foreground run: a folder, a lock that says it lives, and a connection to libvirt.
///
/// Owns `RUN/r/ID` and the lock in it; `close` gives both back. A process that dies without it leaves the folder, with
/// the lock free: that is how others know.
package final class Session: Sendable {
    package let id: String
    package let folders: SessionFolders
    package let bootID: String
    private let lock: LockFile
    private let machineCount = Mutex(0)

    private init(id: String, folders: SessionFolders, bootID: String, lock: LockFile) {
        self.id = id
        self.folders = folders
        self.bootID = bootID
        self.lock = lock
    }

    /// Begins a session. The lock is taken before others can see the folder.
    package static func begin(_ folders: SessionFolders, bootID: String) throws(AgentError) -> Session {
        try Files.makeFolder(folders.node.run, mode: 0o711)
        try Files.makeFolder(folders.node.state, mode: 0o711)
        try Files.makeFolder(folders.machines, mode: 0o711)
        try Files.makeFolder(folders.sessions, mode: 0o711)
        let registry = try LockFile.acquire(folders.sessionsLock)
        defer { withExtendedLifetime(registry) {} }
        var id: String
        repeat {
            let number = String(UInt32.random(in: 0..<(1 << 24)), radix: 16)
            id = String(repeating: "0", count: 6 - number.count) + number
        } while Files.names(in: folders.sessions).contains(id)
        try Files.makeFolder(folders.session(id), mode: 0o711)
        let lock = try LockFile.acquire(folders.lock(id))
        return Session(id: id, folders: folders, bootID: bootID, lock: lock)
    }

    /// Whether a name in the sessions' folder is a session's.
    static func isID(_ name: String) -> Bool { name.wholeMatch(of: /[0-9a-f]{6}/) != nil }

    /// The owner that domains carry in their metadata: the session's folder, so that no two installations with roots of
    /// their own take each other's domains for leftovers.
    package var owner: String { "run:\(folders.session(id))" }

    package var embeddedRoot: EmbeddedRoot {
        EmbeddedRoot(path: folders.embeddedRoot(id), capabilities: folders.capabilities)
    }

    /// A folder for the sockets of one more VM, which QEMU's user may write to.
    func makeSocketFolder(for user: QEMUUser) throws(AgentError) -> FilePath {
        let index = machineCount.withLock { count in
            count += 1
            return count
        }
        let path = folders.sockets(id, index)
        try Files.makeFolder(path, mode: 0o700)
        try Files.give(path, uid: user.label.uid, gid: user.label.gid)
        return path
    }

    /// Gives everything back, while nobody looks over the sessions: a sweep sees the folder whole or not at all.
    package func close() throws(AgentError) {
        let registry = try LockFile.acquire(folders.sessionsLock)
        defer { withExtendedLifetime(registry) {} }
        try Files.remove(folders.session(id))
    }
}
