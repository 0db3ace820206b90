internal import Synchronization

/// A guest's serial console, shared: what it printed last, and whoever watches or types now.
///
/// Owns the last bytes of output (`limit`), and the streams of its watchers.
///
/// Synchronization: everything mutable is behind one mutex.
package final class ConsoleHub: Sendable {
    private struct State {
        var recent: [UInt8] = []
        var watchers: [Int: WeakWatcher] = [:]
        var next = 0
        var typist: (@Sendable ([UInt8]) -> Void)?
        /// What was typed while nobody took it.
        var untyped: [UInt8] = []
        var isClosed = false
    }

    private struct WeakWatcher: Sendable {
        weak let watcher: ConsoleWatcher?
    }

    /// Bytes of output that are kept, and that a watcher may be behind.
    package static let limit = 64 * 1024
    private let state = Mutex(State())

    package init() {}

    /// The guest printed.
    package func didPrint(_ bytes: [UInt8]) {
        let watchers = state.withLock { state in
            state.recent += bytes
            if state.recent.count > Self.limit * 5 / 4 {
                state.recent.removeFirst(state.recent.count - Self.limit)
            }
            return state.watchers.values.compactMap(\.watcher)
        }
        // Outside of the lock: one that goes here comes back to leave.
        for watcher in watchers { watcher.add(bytes) }
    }

    /// From now on `type` goes there; nil while the guest is not running.
    package func connect(_ typist: (@Sendable ([UInt8]) -> Void)?) {
        let untyped = state.withLock { state in
            state.typist = typist
            defer { state.untyped = [] }
            return state.untyped
        }
        if !untyped.isEmpty { typist?(untyped) }
    }

    /// Types into the guest. While its console is being found, as after a start of the daemon, a line or so is kept.
    package func type(_ bytes: [UInt8]) {
        let typist = state.withLock { state in
            if state.typist == nil { state.untyped += bytes.prefix(Self.untypedLimit - state.untyped.count) }
            return state.typist
        }
        typist?(bytes)
    }

    private static let untypedLimit = 512

    /// What was printed last.
    package var recent: [UInt8] { state.withLock { $0.recent } }

    /// Watches from now on, or from what was printed last. The stream ends with the VM, or when `endsOthers` asks for
    /// another's place. One that takes too little time to read loses the oldest bytes.
    package func watch(endsOthers: Bool = false, replaysRecent: Bool = false) -> AsyncStream<[UInt8]> {
        let (watcher, ended) = state.withLock { state in
            let id = state.next
            state.next += 1
            let watcher = ConsoleWatcher(recent: replaysRecent ? state.recent : []) { [weak self] in
                self?.leave(id)
            }
            let ended = endsOthers ? state.watchers.values.compactMap(\.watcher) : []
            if endsOthers { state.watchers = [:] }
            if state.isClosed { watcher.end() } else { state.watchers[id] = WeakWatcher(watcher: watcher) }
            return (watcher, ended)
        }
        for other in ended { other.end() }
        return AsyncStream { await watcher.next() }
    }

    private func leave(_ id: Int) { _ = state.withLock { $0.watchers.removeValue(forKey: id) } }

    /// Whether somebody watches.
    package var isWatched: Bool { state.withLock { !$0.watchers.isEmpty } }

    /// The VM is gone for good.
    package func close() {
        let watchers = state.withLock { state in
            defer { state.watchers = [:] }
            state.isClosed = true
            state.typist = nil
            return state.watchers.values.compactMap(\.watcher)
        }
        for watcher in watchers { watcher.end() }
    }
}
