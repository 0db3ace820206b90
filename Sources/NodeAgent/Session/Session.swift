internal import DomainModel
internal import DomainPlan
internal import Glibc
internal import HostModel
internal import Libvirt
internal import Synchronization
internal import SystemPackage

/// A process that runs VMs: a folder, and a lock that says it lives.
///
/// A foreground run owns `RUN/r/ID` and the lock in it; `close` gives both back. One that dies without it leaves the
/// folder, with the lock free: that is how others know. The daemon owns `RUN/serve`, which stays: its VMs outlive it.
package final class Session: Sendable {
    package let id: String
    package let folders: SessionFolders
    package let bootID: String
    private let folder: FilePath
    private let lock: LockFile
    private let machineCount = Mutex(0)

    private init(id: String, folder: FilePath, folders: SessionFolders, bootID: String, lock: LockFile) {
        self.id = id
        self.folder = folder
        self.folders = folders
        self.bootID = bootID
        self.lock = lock
    }

    /// The daemon's id among the owners of intents.
    package static let daemonID = "serve"

    /// Takes the daemon's place on this node; there is one.
    package static func serve(_ folders: SessionFolders, bootID: String) throws(AgentError) -> Session {
        let folder = folders.daemon
        try Files.makeFolder(folders.node.state, mode: 0o711)
        try Files.makeFolder(folders.machines, mode: 0o711)
        try Files.makeFolder(folder, mode: 0o711)
        guard let lock = try LockFile.tryAcquire(folder.appending("lock")) else {
            throw .alreadyServing(folder: folder.string)
        }
        for place in [folders.intents, folders.guests, folders.node.state] { Files.removeUnfinished(in: place) }
        return Session(id: daemonID, folder: folder, folders: folders, bootID: bootID, lock: lock)
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
        return Session(id: id, folder: folders.session(id), folders: folders, bootID: bootID, lock: lock)
    }

    /// Whether a name in the sessions' folder is a session's.
    static func isID(_ name: String) -> Bool { name.wholeMatch(of: /[0-9a-f]{6}/) != nil }

    package var isDaemon: Bool { id == Self.daemonID }

    /// The owner that domains carry in their metadata: the session's folder, so that no two installations with roots of
    /// their own take each other's domains for leftovers.
    package var owner: String { "\(isDaemon ? "serve" : "run"):\(folder)" }

    package var embeddedRoot: EmbeddedRoot {
        EmbeddedRoot(path: folder.appending("l"), capabilities: folders.capabilities)
    }

    /// A folder for the sockets of the VM with this uid, which QEMU's user may write to. The name is short, since a
    /// socket's path is; the daemon's is the same in its next life.
    func makeSocketFolder(for user: QEMUUser, uid: String) throws(AgentError) -> FilePath {
        let path: FilePath
        if isDaemon {
            path = socketFolder(uid: uid)
        } else {
            let index = machineCount.withLock { count in
                count += 1
                return count
            }
            path = folder.appending("v").appending("\(index)")
        }
        try Files.makeFolder(path, mode: 0o700)
        try Files.give(path, uid: user.label.uid, gid: user.label.gid)
        return path
    }

    /// Where the daemon keeps the sockets of the VM with this uid.
    func socketFolder(uid: String) -> FilePath {
        folder.appending("v").appending(String(StableHash.of(uid), radix: 16))
    }

    /// Gives everything back, while nobody looks over the sessions: a sweep sees the folder whole or not at all.
    package func close() throws(AgentError) {
        let registry = try LockFile.acquire(folders.sessionsLock)
        defer { withExtendedLifetime(registry) {} }
        try Files.remove(folders.session(id))
    }
}
