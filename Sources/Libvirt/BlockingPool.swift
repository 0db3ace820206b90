internal import Dispatch
internal import Synchronization

/// Threads for calls that block: libvirt's never run on Swift's cooperative pool, which has one thread a core.
///
/// Owns a fixed number of serial queues, each with a thread of its own while it works.
///
/// Synchronization: loads and counts are guarded by a mutex; a call goes to the queue with the fewest waiting.
package final class BlockingPool: Sendable {
    private let queues: [DispatchQueue]
    private let state: Mutex<State>

    private struct State {
        var loads: [Int]
        var counts = Counts()
    }

    /// What the pool did since it was made.
    package struct Counts: Sendable, Equatable {
        package var calls: UInt64 = 0
        package var failures: UInt64 = 0
        /// Calls that run or wait for a thread.
        package var pending = 0

        package init() {}
    }

    package init(label: String, width: Int) {
        queues = (0..<width).map { DispatchQueue(label: "\(label).\($0)") }
        state = Mutex(State(loads: Array(repeating: 0, count: width)))
    }

    package var counts: Counts { state.withLock { $0.counts } }

    /// Runs `body` on one of the pool's threads.
    package func run<Value: Sendable, Failure: Error>(
        _ body: @escaping @Sendable () throws(Failure) -> Value
    ) async throws(Failure) -> Value {
        let slot = state.withLock { state in
            let slot = state.loads.indices.min { state.loads[$0] < state.loads[$1] } ?? 0
            state.loads[slot] += 1
            state.counts.calls += 1
            state.counts.pending += 1
            return slot
        }
        let result: Result<Value, Failure> = await withCheckedContinuation { continuation in
            queues[slot].async {
                let result = Result { () throws(Failure) in try body() }
                let isFailure = if case .failure = result { true } else { false }
                self.state.withLock { state in
                    state.loads[slot] -= 1
                    state.counts.pending -= 1
                    if isFailure { state.counts.failures += 1 }
                }
                continuation.resume(returning: result)
            }
        }
        return try result.get()
    }
}
