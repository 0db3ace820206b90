import FoundationEssentials

/// Time as the parts of this module are given it, so that tests can move it by hand.
package struct TimeSource: Sendable {
    /// Time since some fixed moment. It never runs backwards, and no clock that is set changes it.
    package var monotonic: @Sendable () -> Duration
    /// What the clock on the wall says; it may jump.
    package var wall: @Sendable () -> WallTime
    /// Returns after so long, and throws when the task is cancelled.
    package var sleep: @Sendable (Duration) async throws -> Void

    package init(
        monotonic: @escaping @Sendable () -> Duration, wall: @escaping @Sendable () -> WallTime,
        sleep: @escaping @Sendable (Duration) async throws -> Void
    ) {
        self.monotonic = monotonic
        self.wall = wall
        self.sleep = sleep
    }

    private static let start = ContinuousClock.now

    package static let system = TimeSource(
        monotonic: { ContinuousClock.now - start },
        wall: { WallTime(microseconds: Int64(Date().timeIntervalSince1970 * 1_000_000)) },
        sleep: { try await Task.sleep(for: $0, clock: .continuous) })
}

/// The time for something ran out.
struct Overdue: Error {}

extension TimeSource {
    /// Runs `body`, cancels it after `limit`, and throws `Overdue` then.
    func within<Value: Sendable>(
        _ limit: Duration, _ body: @escaping @Sendable () async throws -> Value
    ) async throws -> Value {
        try await withThrowingTaskGroup(of: Value?.self) { group in
            group.addTask { try await body() }
            group.addTask {
                try await sleep(limit)
                return nil
            }
            defer { group.cancelAll() }
            guard let first = try await group.next(), let value = first else { throw Overdue() }
            return value
        }
    }
}
