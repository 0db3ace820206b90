/// How long to wait before the next try: each time twice as long up to a limit, with jitter, so that a thousand nodes
/// do not come back in the same instant.
package struct Backoff: Sendable {
    package var initial: Duration
    package var limit: Duration
    package var factor = 2.0
    /// The share of the wait that is random: 0.5 makes 10 s anything from 10 to 15 s.
    package var jitter = 0.5
    private(set) var failures = 0

    package init(initial: Duration = .milliseconds(500), limit: Duration = .seconds(30)) {
        self.initial = initial
        self.limit = limit
    }

    /// `random` gives a number from 0 up to 1.
    package mutating func next(_ random: @Sendable () -> Double) -> Duration {
        var wait = initial
        for _ in 0..<failures where wait < limit { wait = wait * factor }
        failures += 1
        return min(wait, limit) * (1 + jitter * random())
    }

    package mutating func reset() { failures = 0 }

    package static let systemRandom: @Sendable () -> Double = { Double.random(in: 0..<1) }
}
