/// How a device was bound before it went to vfio-pci: what is needed to put it back.
///
/// Store it before the first write of ``VFIOBinder/bind(_:)``; from then on ``VFIOBinder/restore(_:)`` undoes whatever
/// was done, wherever it stopped.
package struct DeviceBinding: Sendable, Hashable, Codable {
    /// `0000:41:00.0`.
    package var address: String
    /// `nil`: none.
    package var previousDriver: String?
    /// What `driver_override` held; `nil`: nothing.
    package var previousOverride: String?

    package init(address: String, previousDriver: String?, previousOverride: String? = nil) {
        self.address = address
        self.previousDriver = previousDriver
        self.previousOverride = previousOverride
    }

    /// The operator bound it, at boot mostly: it is neither bound nor put back.
    package var wasOnVFIO: Bool { previousDriver == VFIOBinder.driver }
}

/// What became of a device that was to go back.
package enum RestoreOutcome: Sendable, Hashable {
    /// It has the driver that it had before; `nil`: none, as before.
    case restored(driver: String?)
    /// The operator's: it stays on vfio-pci.
    case untouched
    /// Its driver is no longer loaded, and no other wanted it.
    case withoutDriver(previous: String?)
    /// Nothing is left to put back.
    case vanished
}
