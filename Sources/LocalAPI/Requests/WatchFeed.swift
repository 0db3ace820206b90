import KubernetesModel

/// One watch while it runs.
///
/// Keeps a place in the store's log and no queue of its own: a client that reads too slowly finds that its place is
/// forgotten, and is told 410.
///
///     ┬─(from a version)───────────────► following ──(forgotten, timeout, closed)─► ended
///     └─► initial objects ─► bookmark ─┘
///
/// Synchronization: used by one task; the store wakes it through a stream.
struct WatchFeed: LineFeed {
    private enum Phase {
        case initial(ArraySlice<StoredObject>)
        case following
        case ended
    }

    /// Initial objects that are sent at once.
    private static let objectsAtOnce = 64

    private let watch: ObjectWatch
    private let subscription: Subscription
    private var wakeUps: AsyncStream<Void>.AsyncIterator
    private var lines: WatchLines
    private var phase = Phase.following
    private var place: Int64 = 0
    private var lastLine = ContinuousClock.now

    init(_ watch: ObjectWatch) {
        self.watch = watch
        let (id, stream, wake) = watch.handler.store.addWatch(watch.definition.key)
        subscription = Subscription(
            store: watch.handler.store, id: id, wake: wake, interval: watch.handler.bookmarkInterval,
            timeout: watch.timeout)
        wakeUps = stream.makeAsyncIterator()
        lines = WatchLines(definition: watch.definition, form: watch.form)
        begin()
    }

    private var store: ObjectStore { watch.handler.store }

    mutating func next() async -> [UInt8]? {
        while true {
            switch phase {
            case .initial(let rest):
                if let bytes = sendInitial(rest) { return bytes }
            case .following:
                if let bytes = follow() { return bytes }
                if case .ended = phase { continue }
                if await wakeUps.next(isolation: #isolation) == nil { return end() }
                if let bytes = follow() ?? bookmarkWhereDue() { return bytes }
            case .ended: return nil
            }
        }
    }

    private mutating func begin() {
        if let start = watch.start {
            place = start
            return
        }
        let (objects, version) = store.objects(watch.definition.key, namespace: watch.namespace)
        place = version
        let found = objects.filter { watch.selector.matches($0.selectable) }.sorted { $0.name < $1.name }
        phase = .initial(found[...])
    }

    private mutating func sendInitial(_ rest: ArraySlice<StoredObject>) -> [UInt8]? {
        guard !rest.isEmpty else {
            phase = .following
            return watch.endsInitialWithBookmark ? lines.bookmark(place, endsInitial: true) : nil
        }
        phase = .initial(rest.dropFirst(Self.objectsAtOnce))
        let now = watch.handler.now()
        return rest.prefix(Self.objectsAtOnce).reduce(into: []) { $0 += lines.line("ADDED", $1, now: now) }
    }

    /// What happened since `place`; nil for nothing.
    private mutating func follow() -> [UInt8]? {
        while true {
            switch store.changes(after: place, of: watch.definition.key) {
            case .forgotten(let floor):
                phase = .ended
                return lines.error(APIStatus.expired("too old resource version: \(place) (\(floor))"))
            case .some(let changes, let version):
                place = version
                if changes.isEmpty { return nil }
                let now = watch.handler.now()
                var batch: [UInt8] = []
                for change in changes {
                    if let type = type(of: change) { batch += lines.line(type, change.object, now: now) }
                }
                guard !batch.isEmpty else { continue }
                lastLine = .now
                return batch
            }
        }
    }

    private mutating func bookmarkWhereDue() -> [UInt8]? {
        guard watch.wantsBookmarks, ContinuousClock.now - lastLine >= watch.handler.bookmarkInterval else { return nil }
        lastLine = .now
        return lines.bookmark(place)
    }

    /// The last line of a watch that ends in good order.
    private mutating func end() -> [UInt8]? {
        phase = .ended
        return watch.wantsBookmarks && !Task.isCancelled ? lines.bookmark(place) : nil
    }

    /// What a change is to a client that sees only what it selects; nil for nothing.
    private func type(of change: StoredChange) -> String? {
        let matched = change.before.map(watch.selector.matches) ?? false
        let matches = change.kind != .deleted && watch.selector.matches(change.object.selectable)
        switch (matched, matches) {
        case (false, true): return "ADDED"
        case (true, true): return "MODIFIED"
        case (true, false): return "DELETED"
        case (false, false): return nil
        }
    }
}

/// A watch's entry in the store, and the clock that wakes it; both go with it.
private final class Subscription: Sendable {
    private let store: ObjectStore
    private let id: Int
    private let clock: Task<Void, Never>

    init(
        store: ObjectStore, id: Int, wake: AsyncStream<Void>.Continuation, interval: Duration, timeout: Duration?
    ) {
        self.store = store
        self.id = id
        clock = Task {
            let end = timeout.map { ContinuousClock.now + $0 }
            while !Task.isCancelled {
                let next = ContinuousClock.now + interval
                try? await Task.sleep(until: min(next, end ?? next), clock: .continuous)
                // The end of the stream is the end of the watch.
                if let end, ContinuousClock.now >= end { return wake.finish() }
                wake.yield()
            }
        }
    }

    deinit {
        clock.cancel()
        store.removeWatch(id)
    }
}
