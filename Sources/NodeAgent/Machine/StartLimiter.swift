/// Lets so many starts proceed at once; of the others the most urgent goes first, and of equals the oldest.
package actor StartLimiter {
    private struct Waiting {
        var priority: Int
        var continuation: CheckedContinuation<Void, Never>
    }

    package let width: Int
    private var free: Int
    private var waiting: [Waiting] = []
    private let didWait: @Sendable (Duration) -> Void

    /// `didWait` is told how long each start waited.
    package init(width: Int, didWait: @escaping @Sendable (Duration) -> Void = { _ in }) {
        self.didWait = didWait
        self.width = max(1, width)
        free = max(1, width)
    }

    /// How many wait.
    package var depth: Int { waiting.count }

    package func enter(priority: Int = 0) async {
        if free > 0 {
            free -= 1
            return didWait(.zero)
        }
        let begin = ContinuousClock.now
        await withCheckedContinuation { continuation in
            let place = waiting.firstIndex { $0.priority < priority } ?? waiting.endIndex
            waiting.insert(Waiting(priority: priority, continuation: continuation), at: place)
        }
        didWait(ContinuousClock.now - begin)
    }

    package func leave() {
        if waiting.isEmpty { free += 1 } else { waiting.removeFirst().continuation.resume() }
    }
}
