internal import CLibvirt

/// What libvirt says a domain is doing (`virDomainState`).
package enum DomainState: Sendable, Equatable {
    case running
    case blocked
    case paused
    case shuttingDown
    case shutOff(ShutOffReason)
    case crashed
    case suspended
    /// A state that this version does not know.
    case other(Int32)

    /// Why a domain is off (`virDomainShutoffReason`).
    package enum ShutOffReason: Sendable, Equatable {
        case shutdown, destroyed, crashed, failed, other
    }

    init(state: Int32, reason: Int32) {
        switch UInt32(bitPattern: state) {
        case VIR_DOMAIN_RUNNING.rawValue: self = .running
        case VIR_DOMAIN_BLOCKED.rawValue: self = .blocked
        case VIR_DOMAIN_PAUSED.rawValue: self = .paused
        case VIR_DOMAIN_SHUTDOWN.rawValue: self = .shuttingDown
        case VIR_DOMAIN_CRASHED.rawValue: self = .crashed
        case VIR_DOMAIN_PMSUSPENDED.rawValue: self = .suspended
        case VIR_DOMAIN_SHUTOFF.rawValue:
            switch UInt32(bitPattern: reason) {
            case VIR_DOMAIN_SHUTOFF_SHUTDOWN.rawValue: self = .shutOff(.shutdown)
            case VIR_DOMAIN_SHUTOFF_DESTROYED.rawValue: self = .shutOff(.destroyed)
            case VIR_DOMAIN_SHUTOFF_CRASHED.rawValue: self = .shutOff(.crashed)
            case VIR_DOMAIN_SHUTOFF_FAILED.rawValue: self = .shutOff(.failed)
            default: self = .shutOff(.other)
            }
        default: self = .other(state)
        }
    }
}
