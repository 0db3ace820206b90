internal import CLibvirt

/// What happened to a domain, as libvirt's callbacks tell it.
package struct DomainEvent: Sendable, Equatable {
    package enum Kind: Sendable, Equatable {
        case defined
        case undefined
        case started
        case suspended(ioError: Bool)
        case resumed
        /// The guest is off, and QEMU about to end.
        case shutdown
        case stopped(StopReason)
        case crashed
        case rebooted
        case agentConnected
        case agentDisconnected
        case ioError(path: String, alias: String, reason: String)
        /// An event that this version does not know.
        case other
    }

    /// Why QEMU ended (`virDomainEventStoppedDetailType`).
    package enum StopReason: Sendable, Equatable {
        case shutdown, destroyed, crashed, migrated, saved, failed, other
    }

    package var domain: String
    package var uuid: String
    package var kind: Kind

    package init(domain: String, uuid: String, kind: Kind) {
        self.domain = domain
        self.uuid = uuid
        self.kind = kind
    }

    static func lifecycle(event: Int32, detail: Int32) -> Kind {
        switch UInt32(event) {
        case VIR_DOMAIN_EVENT_DEFINED.rawValue: return .defined
        case VIR_DOMAIN_EVENT_UNDEFINED.rawValue: return .undefined
        case VIR_DOMAIN_EVENT_STARTED.rawValue: return .started
        case VIR_DOMAIN_EVENT_SUSPENDED.rawValue:
            return .suspended(ioError: UInt32(detail) == VIR_DOMAIN_EVENT_SUSPENDED_IOERROR.rawValue)
        case VIR_DOMAIN_EVENT_RESUMED.rawValue: return .resumed
        case VIR_DOMAIN_EVENT_SHUTDOWN.rawValue: return .shutdown
        case VIR_DOMAIN_EVENT_CRASHED.rawValue: return .crashed
        case VIR_DOMAIN_EVENT_STOPPED.rawValue: return .stopped(stopReason(detail))
        default: return .other
        }
    }

    private static func stopReason(_ detail: Int32) -> StopReason {
        switch UInt32(detail) {
        case VIR_DOMAIN_EVENT_STOPPED_SHUTDOWN.rawValue: .shutdown
        case VIR_DOMAIN_EVENT_STOPPED_DESTROYED.rawValue: .destroyed
        case VIR_DOMAIN_EVENT_STOPPED_CRASHED.rawValue: .crashed
        case VIR_DOMAIN_EVENT_STOPPED_MIGRATED.rawValue: .migrated
        case VIR_DOMAIN_EVENT_STOPPED_SAVED.rawValue: .saved
        case VIR_DOMAIN_EVENT_STOPPED_FAILED.rawValue: .failed
        default: .other
        }
    }
}
