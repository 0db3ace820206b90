internal import CLibvirt

/// A fault of the host's memory that concerns a guest (`VIR_DOMAIN_EVENT_ID_MEMORY_FAILURE`).
package struct MemoryFailure: Sendable, Equatable {
    /// Whose memory it was.
    package enum Recipient: Sendable, Equatable { case hypervisor, guest, other }
    /// What QEMU did about it: told the guest, gave up, or reset it.
    package enum Action: Sendable, Equatable { case ignore, inject, fatal, reset, other }

    package var recipient: Recipient
    package var action: Action
    package var isActionRequired: Bool
    package var isRecursive: Bool

    init(recipient: Int32, action: Int32, flags: UInt32) {
        self.recipient =
            switch UInt32(bitPattern: recipient) {
            case VIR_DOMAIN_EVENT_MEMORY_FAILURE_RECIPIENT_HYPERVISOR.rawValue: .hypervisor
            case VIR_DOMAIN_EVENT_MEMORY_FAILURE_RECIPIENT_GUEST.rawValue: .guest
            default: .other
            }
        self.action =
            switch UInt32(bitPattern: action) {
            case VIR_DOMAIN_EVENT_MEMORY_FAILURE_ACTION_IGNORE.rawValue: .ignore
            case VIR_DOMAIN_EVENT_MEMORY_FAILURE_ACTION_INJECT.rawValue: .inject
            case VIR_DOMAIN_EVENT_MEMORY_FAILURE_ACTION_FATAL.rawValue: .fatal
            case VIR_DOMAIN_EVENT_MEMORY_FAILURE_ACTION_RESET.rawValue: .reset
            default: .other
            }
        isActionRequired = flags & UInt32(VIR_DOMAIN_MEMORY_FAILURE_ACTION_REQUIRED.rawValue) != 0
        isRecursive = flags & UInt32(VIR_DOMAIN_MEMORY_FAILURE_RECURSIVE.rawValue) != 0
    }
}
