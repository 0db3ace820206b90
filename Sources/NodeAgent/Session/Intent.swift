internal import DomainPlan
internal import FoundationEssentials
internal import Glibc
package import Placement
internal import Synchronization
internal import SystemPackage

/// What must be undone for a VM, written and synced before the first resource of the host is taken.
package struct Intent: Codable, Sendable, Equatable {
    /// The newest layout that this version reads.
    static let currentSchema = 1

    package var schema = Intent.currentSchema
    package var uid: String
    package var namespace: String
    package var name: String
    package var domain: String
    package var domainUUID: String
    /// The session that runs the VM.
    package var session: String
    package var processID: Int32
    package var bootID: String
    /// `qemu:///system`, or the embedded driver's URI.
    package var libvirtURI: String
    /// Folders that are removed with the VM.
    package var folders: [String]
    /// The QEMU that runs the domain, once it does.
    package var qemu: ProcessIdentity?
    /// How the VM ended, until the API knows.
    package var ending: EndingRecord?
    /// The VMI starts anew once all is given back: it restarts, or its node was drained.
    package var startsAgain: Bool?
    /// What the VM is being stopped for.
    package var stop: OwnerStateMachine.StopPurpose?
    /// The CPUs, pages and devices that the VM holds.
    package var placement: Placement?
    /// Bytes of the node's ordinary memory that the VM was promised.
    package var memory: Int64?

    package var qualifiedName: String { "\(namespace)/\(name)" }

    /// Removes its folders. One that is not a VM's was not written here, and stays.
    func removeFolders(below place: SessionFolders) throws(AgentError) {
        for folder in folders.map({ FilePath($0) }) where place.holds(folder) { try Files.remove(folder) }
    }

    var ownerName: String {
        session == Session.daemonID ? "virt-node serve" : "virt-node run, process \(processID)"
    }
}

/// A process, and what tells it from a later one with its pid.
package struct ProcessIdentity: Codable, Sendable, Equatable {
    package var pid: Int32
    /// Clock ticks since boot.
    package var startTime: String

    package init(pid: Int32, startTime: String) {
        self.pid = pid
        self.startTime = startTime
    }

    package var isAlive: Bool { ProcessScan.startTime(pid) == startTime }

    /// Ends the process by force, where it is still the same.
    func kill() {
        if isAlive { _ = Glibc.kill(pid, SIGKILL) }
    }
}

/// How a VM ended, as it is kept until the API knows.
package struct EndingRecord: Codable, Sendable, Equatable {
    package var phase: String
    package var reason: String
    package var wasRequested: Bool
}

/// The intents of a node, one file a VM, named by its domain: so that a name is taken once.
package struct IntentStore: Sendable {
    let folders: SessionFolders

    package init(_ folders: SessionFolders) { self.folders = folders }

    /// Writes an intent; fails where a VM of that name, or of that uid, has one. A daemon knows its uids, and need not
    /// look at all intents for each.
    package func begin(_ intent: Intent, checksUID: Bool = true) throws(AgentError) {
        try IntentLocks.hold(intent.domain) { () throws(AgentError) in try create(intent, checksUID: checksUID) }
    }

    private func create(_ intent: Intent, checksUID: Bool) throws(AgentError) {
        try Files.makeFolder(folders.intents, mode: 0o700)
        if checksUID, let twin = all().first(where: { $0.uid == intent.uid && $0.domain != intent.domain }) {
            throw .uidInUse(instance: intent.qualifiedName, uid: twin.uid)
        }
        do { try Files.writeAtomically(try encode(intent), to: folders.intent(intent.domain), exclusive: true) } catch {
            guard case .file(_, _, .fileExists) = error else { throw error }
            let twin = read(folders.intent(intent.domain))
            let owner = twin.map(\.ownerName) ?? "owner unknown"
            throw .alreadyRunning(instance: intent.qualifiedName, owner: owner)
        }
    }

    /// Writes what changed in an intent that was begun. One that has ended, or is another VMI's by now, stays as it is: a
    /// late writer must not bring it back.
    package func update(_ intent: Intent) throws(AgentError) {
        try IntentLocks.hold(intent.domain) { () throws(AgentError) in
            guard read(folders.intent(intent.domain))?.uid == intent.uid else { return }
            try Files.writeAtomically(try encode(intent), to: folders.intent(intent.domain))
        }
    }

    /// The intent of a domain's name; nil where there is none that this version reads.
    package func intent(of domain: String) -> Intent? { read(folders.intent(domain)) }

    /// Removes an intent, once all that it names is undone.
    package func end(_ intent: Intent) throws(AgentError) {
        try IntentLocks.hold(intent.domain) { () throws(AgentError) in
            // A successor of the same name has one of its own.
            if let other = read(folders.intent(intent.domain)), other.uid != intent.uid { return }
            try Files.remove(folders.lastObject(intent.domain))
            try Files.remove(folders.intent(intent.domain))
        }
    }

    /// Every intent that this version can read; a newer one's is left alone.
    package func all() -> [Intent] {
        Files.names(in: folders.intents).filter { $0.hasSuffix(".json") && !$0.hasPrefix(".") }
            .compactMap { read(folders.intents.appending($0)) }
    }

    private func read(_ path: FilePath) -> Intent? {
        guard let data = Files.read(path), let intent = try? JSONDecoder().decode(Intent.self, from: data),
            intent.schema <= Intent.currentSchema,
            // What it is called is where it is written and removed.
            path.lastComponent?.string == "\(intent.domain).json"
        else { return nil }
        return intent
    }

    private func encode(_ intent: Intent) throws(AgentError) -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        do { return try encoder.encode(intent) } catch {
            throw .file(path: folders.intent(intent.domain).string, action: "encode", .invalidArgument)
        }
    }
}

/// Who writes an intent waits for whoever writes it already.
///
/// Synchronization: a few mutexes, by the domain's name; one is held for as long as a small file takes.
private enum IntentLocks {
    private final class Lock: Sendable { let mutex = Mutex(()) }
    private static let locks = (0..<64).map { _ in Lock() }

    static func hold(_ domain: String, _ body: () throws(AgentError) -> Void) throws(AgentError) {
        let lock = locks[Int(StableHash.of(domain) % UInt64(locks.count))]
        let result: Result<Void, AgentError> = lock.mutex.withLock { _ in Result { () throws(AgentError) in try body() }
        }
        try result.get()
    }
}
