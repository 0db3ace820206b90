/// `<clock>`.
package struct DomainClock: XMLPart {
    package enum Offset: Sendable, Equatable {
        /// UTC at every start, whatever the guest set its clock to (`adjustment="reset"`).
        case utc
        /// UTC, with libvirt's own rule for what the guest set.
        case plainUTC
        /// Seconds from UTC.
        case variable(Int64)
        case timezone(String)
        /// What the rest says, such as `localtime`.
        case other
    }

    package var offset: Offset
    package var timers: [Timer] = []
    package var rest: XMLRest?

    package init() { offset = .other }

    package init(_ offset: Offset) { self.offset = offset }

    package mutating func visit(_ visitor: inout some XMLVisitor) {
        visitor.clockOffset(&offset)
        visitor.elements("timer", &timers)
    }

    /// `<timer>`.
    package struct Timer: XMLPart {
        package var name = ""
        package var present = true
        /// What happens to ticks that the guest missed: `delay`, `catchup`, `merge` or `discard`.
        package var tickPolicy: String?
        /// What `rtc` follows: `boot`, `guest` or `wall`.
        package var track: String?
        /// Hz, for `tsc`.
        package var frequency: UInt64?
        package var rest: XMLRest?

        package init() {}

        package init(
            name: String, present: Bool, tickPolicy: String? = nil, track: String? = nil, frequency: UInt64? = nil
        ) {
            self.name = name
            self.present = present
            self.tickPolicy = tickPolicy
            self.track = track
            self.frequency = frequency
        }

        package mutating func visit(_ visitor: inout some XMLVisitor) {
            visitor.attribute("name", &name)
            visitor.attribute("track", &track)
            visitor.attribute("tickpolicy", &tickPolicy)
            visitor.attribute("frequency", &frequency)
            visitor.attribute("present", yesNo: &present)
        }
    }
}

extension XMLVisitor {
    /// The attributes of `<clock>`, which depend on each other.
    fileprivate mutating func clockOffset(_ offset: inout DomainClock.Offset) {
        if Self.isReading { offset = peekedOffset() }
        var (kind, adjustment, zone): (String?, String?, String?)
        switch offset {
        case .utc: (kind, adjustment) = ("utc", "reset")
        case .plainUTC: kind = "utc"
        case .variable(let seconds): (kind, adjustment) = ("utc", String(seconds))
        case .timezone(let name): (kind, zone) = ("timezone", name)
        case .other: return
        }
        attribute("offset", &kind)
        if adjustment != nil { attribute("adjustment", &adjustment) }
        if zone != nil { attribute("timezone", &zone) }
    }

    private func peekedOffset() -> DomainClock.Offset {
        switch (peek("offset"), peek("adjustment")) {
        case ("utc", "reset"): .utc
        case ("utc", nil): .plainUTC
        case ("utc", let adjustment?): Int64(adjustment).map { .variable($0) } ?? .other
        case ("timezone", _): peek("timezone").map { .timezone($0) } ?? .other
        default: .other
        }
    }
}
