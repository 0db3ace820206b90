package import KubernetesModel

/// `spec.domain.clock`.
package struct Clock: TableModel {
    package var utc: ClockUTC?
    package var timezone: String?
    package var timer: Timers?
    package var unknownFields: [DocumentMember] = []

    package init() {}

    package static let table: [Field<Clock>] = [
        Field("utc", \.utc), Field("timezone", \.timezone), Field("timer", \.timer),
    ]
}

/// `spec.domain.clock.utc`.
package struct ClockUTC: TableModel {
    package var offsetSeconds: Int64?
    package var unknownFields: [DocumentMember] = []

    package init() {}

    package static let table: [Field<ClockUTC>] = [Field("offsetSeconds", \.offsetSeconds)]
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

    package static let table: [Field<Timers>] = [
        Field("hpet", \.hpet), Field("hyperv", \.hyperv), Field("kvm", \.kvm), Field("pit", \.pit), Field("rtc", \.rtc),
    ]
}

/// One timer: `present` unless it says otherwise.
package struct Timer: TableModel {
    package var present: Bool?
    package var tickPolicy: String?
    package var track: String?
    package var unknownFields: [DocumentMember] = []

    package init() {}

    package static let table: [Field<Timer>] = [
        Field("present", \.present), Field("tickPolicy", \.tickPolicy), Field("track", \.track),
    ]
}
