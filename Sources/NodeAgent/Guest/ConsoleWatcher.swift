internal import Synchronization

/// One who watches a console. Bytes that are not taken in time give way to new ones: the guest never waits, and a watcher
/// never holds more than `ConsoleHub.limit`.
///
/// Synchronization: everything mutable is behind one mutex.
final class ConsoleWatcher: Sendable {
    private struct State {
        var pending: [UInt8]
        var waiting: CheckedContinuation<[UInt8]?, Never>?
        var isEnded = false
    }

    private let state: Mutex<State>
    private let didLeave: @Sendable () -> Void

    /// `recent` comes first; `didLeave` is called when nobody can watch through this any more.
    init(recent: [UInt8], didLeave: @escaping @Sendable () -> Void) {
        state = Mutex(State(pending: recent))
        self.didLeave = didLeave
    }

    deinit { didLeave() }

    func add(_ bytes: [UInt8]) {
        state.withLock { state in
            guard !state.isEnded else { return }
            if let waiting = state.waiting {
                state.waiting = nil
                waiting.resume(returning: bytes)
                return
            }
            state.pending += bytes
            if state.pending.count > ConsoleHub.limit * 5 / 4 {
                state.pending.removeFirst(state.pending.count - ConsoleHub.limit)
            }
        }
    }

    /// What is pending is still given.
    func end() {
        state.withLock { state in
            state.isEnded = true
            state.waiting?.resume(returning: nil)
            state.waiting = nil
        }
    }

    /// All that came since the last call, or the next that comes; nil at the end, and when cancelled.
    func next() async -> [UInt8]? {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                state.withLock { state in
                    if !state.pending.isEmpty {
                        continuation.resume(returning: state.pending)
                        state.pending = []
                    } else if state.isEnded {
                        continuation.resume(returning: nil)
                    } else {
                        state.waiting = continuation
                    }
                }
            }
        } onCancel: {
            end()
        }
    }
}
