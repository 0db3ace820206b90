import GRDB
import KubernetesModel
import Synchronization

/// All objects of the server, and the latest changes.
///
/// Owns the database, and holds in memory what it holds, as encoded text. A write is first decided and written on the
/// database's queue, many in one transaction, so that a burst costs a few syncs; then memory is changed, then watches
/// are woken, and then the writer hears of it. Nobody reads what a power cut could take back.
///
///     submit → pending → [one transaction] → memory → watches → answer
///                          └ fails → answer, and nothing has changed
///
/// Synchronization: `state` is behind a lock that is held for lookups and copies only. Memory is changed by the
/// database's queue alone, so that what a batch decides by cannot change under it.
final class ObjectStore: Sendable {
    /// What must be true of the stored object for a write to count.
    enum Expectation: Sendable {
        case absent
        case version(Int64)
    }

    enum Outcome: Sendable {
        case done(StoredObject)
        /// The object is not as expected: read it, and decide again.
        case outdated
        case failed(APIStatus)
    }

    /// What a watch gets when it asks for what happened.
    enum Changes: Sendable {
        /// The changes, and the version up to which these are all.
        case some([StoredChange], upTo: Int64)
        /// Changes that were asked for are forgotten.
        case forgotten(floor: Int64)
    }

    struct Write: Sendable {
        var definition: ResourceDefinition
        var name: ObjectName
        var expectation: Expectation
        var document: DocumentNode
        var isRemoval = false
    }

    private struct Pending: Sendable {
        var write: Write
        var answer: CheckedContinuation<Outcome, Never>
    }

    private struct State {
        var objects: [String: [ObjectName: StoredObject]] = [:]
        var changes: [StoredChange] = []
        var changeBytes = 0
        var version: Int64 = 1
        var floor: Int64 = 1
        var pending: [Pending] = []
        var isWriting = false
        var watches: [Int: (resource: String?, wake: AsyncStream<Void>.Continuation)] = [:]
        var lastWatch = 0
        var isClosed = false
    }

    /// How many of the latest changes are kept, and how many bytes of them.
    struct LogLimits: Sendable {
        var changes = 4096
        var bytes = 12 << 20
    }

    private static let mostWritesAtOnce = 512

    let database: ObjectDatabase
    private let limits: LogLimits
    private let state: Mutex<State>

    init(database: ObjectDatabase, catalog: ResourceCatalog, limits: LogLimits = LogLimits()) throws(LocalAPIError) {
        self.database = database
        self.limits = limits
        let content = try database.load(catalog)
        var state = State()
        for (resource, object) in content.objects { state.objects[resource, default: [:]][object.name] = object }
        state.changes = content.changes
        state.changeBytes = content.changes.reduce(0) { $0 + $1.object.json.count }
        state.version = content.version
        state.floor = content.floor
        self.state = Mutex(state)
    }

    // MARK: Reading

    var version: Int64 { state.withLock { $0.version } }

    func object(_ resource: String, _ name: ObjectName) -> StoredObject? {
        state.withLock { $0.objects[resource]?[name] }
    }

    /// The objects of a kind, in no order, and the version that they are of.
    func objects(_ resource: String, namespace: String? = nil) -> (objects: [StoredObject], version: Int64) {
        state.withLock { state in
            let all = state.objects[resource] ?? [:]
            guard let namespace else { return (Array(all.values), state.version) }
            return (all.values.filter { $0.name.namespace == namespace }, state.version)
        }
    }

    /// Everything in a namespace, with the kinds' keys.
    func content(ofNamespace namespace: String) -> [(resource: String, object: StoredObject)] {
        state.withLock { state in
            state.objects.flatMap { resource, objects in
                objects.values.filter { $0.name.namespace == namespace }.map { (resource, $0) }
            }
        }
    }

    /// The objects that name this one as an owner.
    func dependents(of uid: String) -> [(resource: String, object: StoredObject)] {
        state.withLock { state in
            state.objects.flatMap { resource, objects in
                objects.values.filter { $0.owners.contains(uid) }.map { (resource, $0) }
            }
        }
    }

    func hasObject(uid: String) -> Bool {
        state.withLock { $0.objects.values.contains { $0.values.contains { $0.uid == uid } } }
    }

    // MARK: Watching

    /// Registers a watch of one kind, or of all: the stream yields when something may have changed, and ends when the
    /// store is closed.
    func addWatch(_ resource: String?) -> (id: Int, wakeUps: AsyncStream<Void>, wake: AsyncStream<Void>.Continuation) {
        let (stream, continuation) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        let id = state.withLock { state -> Int in
            state.lastWatch += 1
            if state.isClosed { continuation.finish() }
            state.watches[state.lastWatch] = (resource, continuation)
            return state.lastWatch
        }
        return (id, stream, continuation)
    }

    func removeWatch(_ id: Int) { state.withLock { _ = $0.watches.removeValue(forKey: id) } }

    /// Ends all watches.
    func close() {
        let watches = state.withLock { state in
            state.isClosed = true
            return Array(state.watches.values)
        }
        for watch in watches { watch.wake.finish() }
    }

    /// The changes of a kind, or of all, after a version.
    func changes(after version: Int64, of resource: String?, limit: Int = 256) -> Changes {
        state.withLock { state in
            guard version >= state.floor else { return .forgotten(floor: state.floor) }
            // The log is in order: the first change of interest is found by halving.
            var (low, high) = (0, state.changes.count)
            while low < high {
                let middle = (low + high) / 2
                if state.changes[middle].version <= version { low = middle + 1 } else { high = middle }
            }
            var found: [StoredChange] = []
            for change in state.changes[low...] where resource == nil || change.resource == resource {
                found.append(change)
                if found.count == limit { return .some(found, upTo: change.version) }
            }
            return .some(found, upTo: state.version)
        }
    }

    // MARK: Writing

    /// Writes an object, or removes it; returns when that is on the disk.
    func submit(_ write: Write) async -> Outcome {
        await withCheckedContinuation { answer in
            let starts = state.withLock { state in
                state.pending.append(Pending(write: write, answer: answer))
                defer { state.isWriting = true }
                return !state.isWriting
            }
            if starts { database.queue.asyncWriteWithoutTransaction { self.writePending($0) } }
        }
    }

    private func writePending(_ db: Database) {
        while true {
            let batch = state.withLock { state -> [Pending] in
                let batch = Array(state.pending.prefix(Self.mostWritesAtOnce))
                state.pending.removeFirst(batch.count)
                if batch.isEmpty { state.isWriting = false }
                return batch
            }
            if batch.isEmpty { return }
            write(batch, db)
        }
    }

    private func write(_ batch: [Pending], _ db: Database) {
        var staged = Staging(version: version)
        var outcomes: [Outcome] = []
        for pending in batch {
            let write = pending.write
            let key = Staging.Key(resource: write.definition.key, name: write.name)
            let current = if let ours = staged.objects[key] { ours } else { object(key.resource, key.name) }
            let isExpected =
                switch write.expectation {
                case .absent: current == nil
                case .version(let version): current?.version == version
                }
            guard isExpected else {
                outcomes.append(.outdated)
                continue
            }
            outcomes.append(.done(staged.add(write, before: current)))
        }
        if !staged.changes.isEmpty {
            do {
                let floor = nextFloor(adding: staged.changes)
                try database.write(staged.changes, floor: floor, db)
                take(staged, floor: floor)
            } catch {
                let status = database.status(for: error)
                outcomes = outcomes.map { if case .done = $0 { .failed(status) } else { $0 } }
            }
        }
        for (pending, outcome) in zip(batch, outcomes) { pending.answer.resume(returning: outcome) }
    }

    /// The version up to which the log is to be forgotten; nil while it is short enough. A quarter goes at once.
    private func nextFloor(adding changes: [StoredChange]) -> Int64? {
        state.withLock { state in
            let bytes = state.changeBytes + changes.reduce(0) { $0 + $1.object.json.count }
            let count = state.changes.count + changes.count
            guard count > limits.changes || bytes > limits.bytes else { return nil }
            var (countLeft, bytesLeft, floor) = (count, bytes, state.floor)
            for change in state.changes {
                if countLeft <= limits.changes * 3 / 4, bytesLeft <= limits.bytes * 3 / 4 { break }
                countLeft -= 1
                bytesLeft -= change.object.json.count
                floor = change.version
            }
            return floor
        }
    }

    private func take(_ staged: Staging, floor: Int64?) {
        let woken = state.withLock { state -> [AsyncStream<Void>.Continuation] in
            for (key, object) in staged.objects { state.objects[key.resource, default: [:]][key.name] = object }
            state.changes += staged.changes
            state.changeBytes += staged.changes.reduce(0) { $0 + $1.object.json.count }
            state.version = staged.version
            if let floor {
                let gone = state.changes.prefix { $0.version <= floor }
                state.changeBytes -= gone.reduce(0) { $0 + $1.object.json.count }
                state.changes.removeFirst(gone.count)
                state.floor = floor
            }
            let touched = Set(staged.changes.map(\.resource))
            return state.watches.values.filter { $0.resource.map(touched.contains) ?? true }.map(\.wake)
        }
        for wake in woken { wake.yield() }
    }
}

/// The changes of one transaction, before it is committed.
private struct Staging {
    struct Key: Hashable {
        var resource: String
        var name: ObjectName
    }

    var version: Int64
    var changes: [StoredChange] = []
    /// What the objects become; nil for those that go.
    var objects: [Key: StoredObject?] = [:]

    mutating func add(_ write: ObjectStore.Write, before: StoredObject?) -> StoredObject {
        version += 1
        var document = write.document
        document[["metadata", "resourceVersion"]] = .string("\(version)")
        let object = StoredObject(document.canonical, version: version, of: write.definition)
        let resource = write.definition.key
        changes.append(
            StoredChange(
                version: version, resource: resource,
                kind: write.isRemoval ? .deleted : before == nil ? .added : .modified, object: object,
                before: before?.selectable))
        objects[Key(resource: resource, name: write.name)] = .some(write.isRemoval ? nil : object)
        return object
    }
}
