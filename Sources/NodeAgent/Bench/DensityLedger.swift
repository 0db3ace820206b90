internal import KubernetesAPI
internal import KubernetesModel
internal import Synchronization

/// When each VMI of a density run was created, seen in a phase, deleted and gone: by this process's clock, as the watch
/// brought it. The times in the objects count whole seconds only.
///
/// Synchronization: behind one mutex; `changes` is advanced after each change.
final class DensityLedger: Sendable {
    struct Entry {
        var created: ContinuousClock.Instant?
        var scheduled: ContinuousClock.Instant?
        var running: ContinuousClock.Instant?
        /// What its status says, where it ended before it ran.
        var failure: String?
        var deleted: ContinuousClock.Instant?
        var gone: ContinuousClock.Instant?
        /// What the last status that came says.
        var lastWord = "the watch did not bring it"
    }

    private let entries = Mutex<[String: Entry]>([:])
    private let synced = Mutex(false)
    private let stopped = Mutex(false)
    let changes = Counter()

    /// Whether the watch has begun.
    var isSynced: Bool { synced.withLock { $0 } }

    var isStopped: Bool { stopped.withLock { $0 } }

    func stop() {
        stopped.withLock { $0 = true }
        changes.advance()
    }

    func willCreate(_ name: String) { entries.withLock { $0[name, default: Entry()].created = .now } }
    func willDelete(_ name: String) { entries.withLock { $0[name, default: Entry()].deleted = .now } }

    /// It was deleted, and the API knows none of that name: it is gone, and nobody saw when.
    func wasNeverThere(_ name: String) {
        entries.withLock { $0[name]?.deleted = nil }
        changes.advance()
    }

    func didFail(_ name: String, _ reason: String) {
        entries.withLock { $0[name, default: Entry()].failure = reason }
        changes.advance()
    }

    func take(_ event: ReflectorEvent) {
        let now = ContinuousClock.now
        switch event {
        case .replaced(let objects):
            synced.withLock { $0 = true }
            let names = Set(objects.map(\.objectName))
            for object in objects { note(object, now) }
            // A watch that broke may have missed a deletion.
            entries.withLock { entries in
                for (name, entry) in entries where !names.contains(name) && entry.deleted != nil && entry.gone == nil {
                    entries[name]?.gone = now
                }
            }
        case .changed(let object): note(object, now)
        case .removed(let object): entries.withLock { $0[object.objectName]?.gone = now }
        case .interrupted, .resumed: return
        }
        changes.advance()
    }

    private func note(_ object: DocumentNode, _ now: ContinuousClock.Instant) {
        let phase = object[["status", "phase"]]?.text ?? "Pending"
        entries.withLock { entries in
            guard var entry = entries[object.objectName] else { return }
            switch phase {
            case "Scheduled": entry.scheduled = entry.scheduled ?? now
            case "Running": entry.running = entry.running ?? now
            case "Failed", "Succeeded": if entry.running == nil { entry.failure = Self.word(object, phase) }
            default: break
            }
            entry.lastWord = Self.word(object, phase)
            entries[object.objectName] = entry
        }
    }

    /// The phase, with the first condition that tells of trouble.
    private static func word(_ object: DocumentNode, _ phase: String) -> String {
        let conditions = object[["status", "conditions"]]?.elements ?? []
        let trouble = conditions.first {
            ["Synchronized", "Ready"].contains($0["type"]?.text) && $0["status"]?.text == "False"
        }
        return phase + (trouble?["message"]?.text.map { ": \($0)" } ?? "")
    }

    var all: [String: Entry] { entries.withLock { $0 } }

    /// VMIs that reached what a wait is for.
    func count(_ isThere: (Entry) -> Bool) -> Int { entries.withLock { $0.values.count(where: isThere) } }
}
