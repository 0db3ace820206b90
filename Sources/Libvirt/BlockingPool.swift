internal import Dispatch
internal import Synchronization

/// Threads for calls that block: libvirt's never run on Swift's cooperative pool, which has one thread a core.
///
/// Owns a fixed number of serial queues, each with a thread of its own while it works.
///
/// Synchronization: the loads are guarded by a mutex; a call goes to the queue with the fewest waiting.
package final class BlockingPool: Sendable {
    private let queues: [DispatchQueue]
    private let loads: Mutex<[Int]>

    package init(label: String, width: Int) {
        queues = (0..<width).map { DispatchQueue(label: "\(label).\($0)") }
        loads = Mutex(Array(repeating: 0, count: width))
    }

    /// Runs `body` on one of the pool's threads.
    package func run<Value: Sendable, Failure: Error>(
        _ body: @escaping @Sendable () throws(Failure) -> Value
    ) async throws(Failure) -> Value {
        let slot = loads.withLock { loads in
            let slot = loads.indices.min { loads[$0] < loads[$1] } ?? 0
            loads[slot] += 1
            return slot
        }
        let result: Result<Value, Failure> = await withCheckedContinuation { continuation in
            queues[slot].async {
                let result = Result { () throws(Failure) in try body() }
                self.loads.withLock { $0[slot] -= 1 }
                continuation.resume(returning: result)
            }
        }
        return try result.get()
    }
}
