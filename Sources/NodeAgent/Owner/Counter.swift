internal import Synchronization

/// A count that tasks wait on: whoever began at one value learns when it is past.
final class Counter: Sendable {
    private struct State {
        var value = 0
        var waiting: [Int: AsyncStream<Void>.Continuation] = [:]
        var next = 0
    }

    private let state = Mutex(State())

    var value: Int { state.withLock { $0.value } }

    func advance() {
        let waiting = state.withLock { state in
            state.value += 1
            defer { state.waiting = [:] }
            return Array(state.waiting.values)
        }
        for continuation in waiting { continuation.finish() }
    }

    /// The same, and no later than after `limit`.
    func pass(_ value: Int, orAfter limit: Duration) async {
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await self.pass(value) }
            group.addTask { try? await Task.sleep(for: limit) }
            await group.next()
            group.cancelAll()
        }
    }

    /// Returns once the count is past `value`, or the task is cancelled.
    func pass(_ value: Int) async {
        let (stream, continuation) = AsyncStream.makeStream(of: Void.self)
        let id: Int? = state.withLock { state in
            guard state.value == value else { return nil }
            state.next += 1
            state.waiting[state.next] = continuation
            return state.next
        }
        guard let id else { return }
        for await _ in stream {}
        _ = state.withLock { $0.waiting.removeValue(forKey: id) }
    }
}
