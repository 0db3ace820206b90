/// `<features>`.
package struct DomainFeatures: Sendable, Equatable {
    package var acpi = false
    package var apic: APIC?
    package var kvmHidden: Bool?
    package var pvspinlock: Bool?
    package var smm: Bool?
    package var vmport: Bool?

    package struct APIC: Sendable, Equatable {
        package var endOfInterrupt: Bool?
        package init(endOfInterrupt: Bool?) { self.endOfInterrupt = endOfInterrupt }
    }

    package init() {}

    func write(to writer: inout XMLWriter) {
        writer.element("features") { writer in
            if acpi { writer.element("acpi") }
            if let apic {
                writer.element("apic") { writer in
                    if let eoi = apic.endOfInterrupt { writer.attribute("eoi", on: eoi) }
                }
            }
            if let kvmHidden {
                writer.element("kvm") { writer in
                    writer.element("hidden") { $0.attribute("state", on: kvmHidden) }
                }
            }
            if let pvspinlock { writer.element("pvspinlock") { $0.attribute("state", on: pvspinlock) } }
            if let smm { writer.element("smm") { $0.attribute("state", on: smm) } }
            if let vmport { writer.element("vmport") { $0.attribute("state", on: vmport) } }
        }
    }
}

/// `<cpu>`.
package struct DomainCPU: Sendable, Equatable {
    package enum Mode: Sendable, Equatable {
        case hostModel
        case hostPassthrough
        case maximum
        case custom(model: String)
    }

    package var mode = Mode.hostModel
    package var sockets: UInt32 = 1
    package var cores: UInt32 = 1
    package var threads: UInt32 = 1
    package var features: [Feature] = []

    package struct Feature: Sendable, Equatable {
        package var name: String
        package var policy: String
        package init(name: String, policy: String) {
            self.name = name
            self.policy = policy
        }
    }

    package init() {}

    func write(to writer: inout XMLWriter) {
        writer.element("cpu") { writer in
            switch mode {
            case .hostModel: writer.attribute("mode", "host-model")
            case .hostPassthrough: writer.attribute("mode", "host-passthrough")
            case .maximum: writer.attribute("mode", "maximum")
            case .custom: writer.attribute("mode", "custom")
            }
            if case .custom(let model) = mode { writer.element("model", text: model) }
            writer.element("topology") { writer in
                writer.attribute("sockets", sockets)
                writer.attribute("cores", cores)
                writer.attribute("threads", threads)
            }
            for feature in features {
                writer.element("feature") { writer in
                    writer.attribute("policy", feature.policy)
                    writer.attribute("name", feature.name)
                }
            }
        }
    }
}

/// `<clock>`.
package struct DomainClock: Sendable, Equatable {
    package enum Offset: Sendable, Equatable {
        case utc
        /// Seconds from UTC.
        case variable(Int64)
        case timezone(String)
    }

    package struct Timer: Sendable, Equatable {
        package var name: String
        package var present: Bool
        package var tickPolicy: String?
        package var track: String?
        package init(name: String, present: Bool, tickPolicy: String? = nil, track: String? = nil) {
            self.name = name
            self.present = present
            self.tickPolicy = tickPolicy
            self.track = track
        }
    }

    package var offset: Offset
    package var timers: [Timer] = []

    package init(_ offset: Offset) { self.offset = offset }

    func write(to writer: inout XMLWriter) {
        writer.element("clock") { writer in
            switch offset {
            case .utc:
                writer.attribute("offset", "utc")
                writer.attribute("adjustment", "reset")
            case .variable(let seconds):
                writer.attribute("offset", "utc")
                writer.attribute("adjustment", seconds)
            case .timezone(let name):
                writer.attribute("offset", "timezone")
                writer.attribute("timezone", name)
            }
            for timer in timers {
                writer.element("timer") { writer in
                    writer.attribute("name", timer.name)
                    writer.attribute("tickpolicy", timer.tickPolicy)
                    writer.attribute("present", yes: timer.present)
                    writer.attribute("track", timer.track)
                }
            }
        }
    }
}
