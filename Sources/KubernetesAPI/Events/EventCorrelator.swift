/// Makes few events of many, as client-go does and kubectl expects: the same event again is counted on the one that is
/// there; events that differ in their message alone become one when there are more than ten within ten minutes; and an
/// object that causes events without end is heard 25 times, and then once in five minutes.
///
/// Pure: times come with the events.
struct EventCorrelator {
    enum Outcome: Equatable {
        case create(EventRecord)
        /// It is there already: its count, time and message change.
        case update(EventRecord)
        case spam
    }

    /// What similar events have in common.
    private struct Similar: Hashable {
        var about: ObjectReference
        var type: EventType
        var reason: String
    }

    private struct Same: Hashable {
        var similar: Similar
        /// Nil for the event that stands for many.
        var message: String?
    }

    private struct Messages {
        var texts: Set<String> = []
        var last: WallTime
    }

    static let similarLimit = 10
    static let similarSeconds: Int64 = 600
    static let burst = 25.0
    static let secondsPerToken = 300.0
    static let prefix = "(combined from similar events): "
    /// Entries of each table; what was not used for longest goes first.
    private static let capacity = 4096

    private var messages = RecentTable<Similar, Messages>(capacity: capacity)
    private var known = RecentTable<Same, EventRecord>(capacity: capacity)
    private var buckets = RecentTable<ObjectReference, TokenBucket>(capacity: capacity)

    mutating func correlate(_ event: EventRecord) -> Outcome {
        var event = event
        let same = aggregate(&event)
        let isKnown = observe(&event, as: same)
        guard takeToken(event) else { return .spam }
        return isKnown ? .update(event) : .create(event)
    }

    /// The server no longer has it: the next one is new.
    mutating func forget(_ event: EventRecord) {
        known.removeAll { $0.name == event.name }
    }

    private mutating func aggregate(_ event: inout EventRecord) -> Same {
        let similar = Similar(about: event.about.withoutVersion, type: event.type, reason: event.reason)
        var seen = messages[similar] ?? Messages(last: event.last)
        if event.last.seconds - seen.last.seconds > Self.similarSeconds { seen = Messages(last: event.last) }
        seen.texts.insert(event.message)
        seen.last = event.last
        let isMany = seen.texts.count >= Self.similarLimit
        // The table must not grow with each new message: one stands for the rest.
        if isMany { seen.texts.remove(event.message) }
        messages[similar] = seen
        guard isMany else { return Same(similar: similar, message: event.message) }
        event.message = Self.prefix + event.message
        return Same(similar: similar, message: nil)
    }

    /// Whether it is there already; it then takes over its name, first time and count.
    private mutating func observe(_ event: inout EventRecord, as same: Same) -> Bool {
        let earlier = known[same]
        if let earlier {
            event.name = earlier.name
            event.first = earlier.first
            event.count = earlier.count + 1
        }
        known[same] = event
        return earlier != nil
    }

    private mutating func takeToken(_ event: EventRecord) -> Bool {
        let about = event.about.withoutVersion
        var bucket = buckets[about] ?? TokenBucket(capacity: Self.burst, secondsPerToken: Self.secondsPerToken)
        defer { buckets[about] = bucket }
        return bucket.take(at: event.last)
    }
}

/// Tokens that come back with time.
struct TokenBucket {
    private let capacity: Double
    private let secondsPerToken: Double
    private var tokens: Double
    private var last: WallTime?

    init(capacity: Double, secondsPerToken: Double) {
        self.capacity = capacity
        self.secondsPerToken = secondsPerToken
        tokens = capacity
    }

    /// A clock that was set back gives nothing, and takes nothing.
    mutating func take(at now: WallTime) -> Bool {
        if let last, now > last {
            tokens = min(capacity, tokens + Double(now.microseconds - last.microseconds) / 1e6 / secondsPerToken)
        }
        last = now
        guard tokens >= 1 else { return false }
        tokens -= 1
        return true
    }
}
