/// When to resume a guest that an I/O error paused: after 10 s, then ever later up to 3 minutes; from the begin again once
/// 30 s went by without a new error. Pure: moments are seconds of a monotonic clock.
struct IOErrorRetry: Sendable, Equatable {
    static let first = 10
    static let longest = 180
    static let calm = 30.0

    private var next = first
    private var lastError: Double?

    /// An error paused the guest: the seconds until it is resumed.
    mutating func errorOccurred(at now: Double, resumedAt: Double?) -> Int {
        if let resumedAt, now - resumedAt >= Self.calm { next = Self.first }
        lastError = now
        defer { next = min(next * 2, Self.longest) }
        return next
    }
}
