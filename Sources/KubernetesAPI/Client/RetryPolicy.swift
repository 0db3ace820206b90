/// When a request that failed is sent again, without anybody having to know.
struct RetryPolicy {
    /// Tries in all.
    static let tries = 5
    /// Who is told to wait longer is told at once that it failed, and waits by himself.
    static let longest: Duration = .seconds(30)

    private(set) var failures = 0
    private var backoff = Backoff(initial: .milliseconds(200), limit: .seconds(5))

    /// How long to wait before the request is sent again; nil where it must not be.
    mutating func pause(
        after error: APIError, isSafe: Bool, _ random: @Sendable () -> Double
    ) -> Duration? {
        failures += 1
        guard failures < Self.tries else { return nil }
        switch error {
        case .status(429, _, _, let after):
            // The server refused before it did anything: that holds for writes too.
            return bounded(after ?? backoff.next(random))
        case .status(502...504, _, _, let after?) where isSafe: return bounded(after)
        // The server may have closed a connection that lay idle in the instant we used it.
        case .unreachable where isSafe && failures == 1: return .zero
        default: return nil
        }
    }

    private func bounded(_ pause: Duration) -> Duration? { pause <= Self.longest ? pause : nil }
}
