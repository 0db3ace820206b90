internal import CLibvirt

/// What happened to a domain, as libvirt's callbacks tell it.
package struct DomainEvent: Sendable, Equatable {
    package enum Kind: Sendable, Equatable {
        case defined(Definition)
        case undefined
        case started
        case suspended(ioError: Bool)
        case resumed
        /// The guest is off, and QEMU about to end.
        case shutdown
        case stopped(StopReason)
        /// The guest's kernel reported a panic. `crashLoaded`: it said so and goes on to write a dump of its own.
        case guestPanicked(crashLoaded: Bool)
        case crashed
        case rebooted
        /// The guest stopped feeding its watchdog.
        case watchdog(WatchdogAction)
        /// libvirt lost QEMU's monitor: the domain's state is unknown until it is asked.
        case controlError
        case agentConnected
        case agentDisconnected
        case ioError(path: String, alias: String, reason: String)
        case deviceAdded(alias: String)
        case deviceRemoved(alias: String)
        /// The guest did not let go of a device that it was asked for.
        case deviceRemovalFailed(alias: String)
        /// What the balloon leaves the guest.
        case balloonChanged(KiB: UInt64)
        case memoryFailure(MemoryFailure)
        /// An event that this version does not know.
        case other
    }

    /// Why QEMU ended (`virDomainEventStoppedDetailType`).
    package enum StopReason: Sendable, Equatable {
        case shutdown, destroyed, crashed, migrated, saved, failed, other
    }

    /// How a definition came about (`virDomainEventDefinedDetailType`).
    package enum Definition: Sendable, Equatable {
        case added, updated, renamed, fromSnapshot, other
    }

    /// What QEMU did when the watchdog fired (`virDomainEventWatchdogAction`).
    package enum WatchdogAction: Sendable, Equatable {
        case none, pause, reset, powerOff, shutdown, debug, injectNMI, other
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
        switch UInt32(bitPattern: event) {
        case VIR_DOMAIN_EVENT_DEFINED.rawValue: return .defined(definition(detail))
        case VIR_DOMAIN_EVENT_UNDEFINED.rawValue: return .undefined
        case VIR_DOMAIN_EVENT_STARTED.rawValue: return .started
        case VIR_DOMAIN_EVENT_SUSPENDED.rawValue:
            return .suspended(ioError: UInt32(bitPattern: detail) == VIR_DOMAIN_EVENT_SUSPENDED_IOERROR.rawValue)
        case VIR_DOMAIN_EVENT_RESUMED.rawValue: return .resumed
        case VIR_DOMAIN_EVENT_SHUTDOWN.rawValue: return .shutdown
        case VIR_DOMAIN_EVENT_CRASHED.rawValue: return crash(detail)
        case VIR_DOMAIN_EVENT_STOPPED.rawValue: return .stopped(stopReason(detail))
        default: return .other
        }
    }

    private static func definition(_ detail: Int32) -> Definition {
        switch UInt32(bitPattern: detail) {
        case VIR_DOMAIN_EVENT_DEFINED_ADDED.rawValue: .added
        case VIR_DOMAIN_EVENT_DEFINED_UPDATED.rawValue: .updated
        case VIR_DOMAIN_EVENT_DEFINED_RENAMED.rawValue: .renamed
        case VIR_DOMAIN_EVENT_DEFINED_FROM_SNAPSHOT.rawValue: .fromSnapshot
        default: .other
        }
    }

    private static func crash(_ detail: Int32) -> Kind {
        switch UInt32(bitPattern: detail) {
        case VIR_DOMAIN_EVENT_CRASHED_PANICKED.rawValue: .guestPanicked(crashLoaded: false)
        case VIR_DOMAIN_EVENT_CRASHED_CRASHLOADED.rawValue: .guestPanicked(crashLoaded: true)
        default: .crashed
        }
    }

    static func watchdog(_ action: Int32) -> WatchdogAction {
        switch UInt32(bitPattern: action) {
        case VIR_DOMAIN_EVENT_WATCHDOG_NONE.rawValue: .none
        case VIR_DOMAIN_EVENT_WATCHDOG_PAUSE.rawValue: .pause
        case VIR_DOMAIN_EVENT_WATCHDOG_RESET.rawValue: .reset
        case VIR_DOMAIN_EVENT_WATCHDOG_POWEROFF.rawValue: .powerOff
        case VIR_DOMAIN_EVENT_WATCHDOG_SHUTDOWN.rawValue: .shutdown
        case VIR_DOMAIN_EVENT_WATCHDOG_DEBUG.rawValue: .debug
        case VIR_DOMAIN_EVENT_WATCHDOG_INJECTNMI.rawValue: .injectNMI
        default: .other
        }
    }

    private static func stopReason(_ detail: Int32) -> StopReason {
        switch UInt32(bitPattern: detail) {
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
