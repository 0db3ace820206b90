package import KubernetesModel

/// `spec.domain.clock`.
package struct Clock: TableModel {
    package var utc: ClockUTC?
    package var timezone: String?
    package var timer: Timers?
    package var unknownFields: [DocumentMember] = []

    package init() {}

    package static let handledBy: String? = "DomainPlan/ClockPart"

    package static let table: FieldTable<Clock> = [
        Field("utc", \.utc),
        Field("timezone", \.timezone),
        Field("timer", \.timer),
    ]
}

/// `spec.domain.clock.utc`.
package struct ClockUTC: TableModel {
    package var offsetSeconds: Int64?
    package var unknownFields: [DocumentMember] = []

    package init() {}

    package static let table: FieldTable<ClockUTC> = [Field("offsetSeconds", \.offsetSeconds)]
}

/// `spec.domain.clock.timer`.
package struct Timers: TableModel {
    package var hpet: Timer?
    package var hyperv: Timer?
    package var kvm: Timer?
    package var pit: Timer?
    package var rtc: Timer?
    package var unknownFields: [DocumentMember] = []

    package init() {}

    package static let table: FieldTable<Timers> = [
        Field("hpet", \.hpet).without("track"),
        Field("hyperv", \.hyperv).without("tickPolicy", "track"),
        Field("kvm", \.kvm).without("tickPolicy", "track"),
        Field("pit", \.pit).without("track"),
        Field("rtc", \.rtc),
    ]
}

/// One timer: `present` unless it says otherwise. Which of them take a tick policy and a track is a rule of
/// validation.
package struct Timer: TableModel {
    package var present: Bool?
    package var tickPolicy: String?
    package var track: String?
    package var unknownFields: [DocumentMember] = []

    package init() {}

    package static let table: FieldTable<Timer> = [
        Field("present", \.present),
        Field("tickPolicy", \.tickPolicy),
        Field("track", \.track),
    ]
}
