/// Decides who leads. Pure: times come from one clock that never jumps, and no clock of another machine is believed: a
/// lease has run out when it was not seen to change for its own duration.
///
///     follower ──acquired──▶ leader ──renewed──▶ leader
///         ▲                    │
///         └──── lost: seen with another holder, or not renewed for renewDeadline
struct LeaderElection {
    enum Action: Equatable {
        /// Write oneself into the lease; it was free, or has run out.
        case acquire(transitions: Int64, acquired: WallTime?)
        case wait
    }

    private let identity: String
    private let renewDeadline: Duration
    private(set) var isLeader = false
    private var seen: LeaseRecord?
    private var seenAt: Duration = .zero
    private var renewedAt: Duration = .zero

    init(identity: String, renewDeadline: Duration) {
        self.identity = identity
        self.renewDeadline = renewDeadline
    }

    /// The lease as it is now; nil where there is none.
    mutating func observed(_ record: LeaseRecord?, at now: Duration) -> Action {
        guard let record else {
            seen = nil
            return .acquire(transitions: 0, acquired: nil)
        }
        if record != seen {
            seen = record
            seenAt = now
        }
        if record.holder == identity {
            return .acquire(transitions: record.transitions, acquired: record.acquired)
        }
        isLeader = false
        let hasRunOut = now - seenAt >= .seconds(record.durationSeconds)
        guard record.holder.isEmpty || hasRunOut else { return .wait }
        return .acquire(transitions: record.transitions + 1, acquired: nil)
    }

    /// The server took our record. `sent` is when it was sent: from then on others count.
    mutating func written(_ record: LeaseRecord, sent: Duration) {
        seen = record
        seenAt = sent
        renewedAt = sent
        isLeader = true
    }

    /// Nothing is known of the lease, or our record was not taken.
    mutating func failed(at now: Duration) { expire(at: now) }

    /// Ends a leadership that was not renewed in time: before others may think so.
    mutating func expire(at now: Duration) {
        if now - renewedAt >= renewDeadline { isLeader = false }
    }

    mutating func resign() { isLeader = false }

    /// How long the leadership is good without a renewal.
    func remaining(at now: Duration) -> Duration { max(.zero, renewedAt + renewDeadline - now) }
}
