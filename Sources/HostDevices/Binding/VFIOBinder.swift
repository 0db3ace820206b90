package import HostModel

/// Binds devices to vfio-pci through `driver_override`, and back.
///
///     bound to snd_hda_intel                bound to vfio-pci
///        │  driver_override = vfio-pci         │  driver_override = what it was
///        │  drivers/snd_hda_intel/unbind       │  drivers/vfio-pci/unbind
///        ▼                                     ▼
///     bound to nothing                      bound to nothing
///        │  drivers_probe                      │  drivers/snd_hda_intel/bind
///        ▼                                     ▼
///     bound to vfio-pci                     bound to snd_hda_intel
///
/// Each step looks at what is there and does only what is missing, so that either way may be repeated after it stopped
/// anywhere. See the kernel's `Documentation/ABI/testing/sysfs-bus-pci`.
///
/// *Synchronization*: none. Two calls about one device must not overlap; the ledger gives a device one holder.
package struct VFIOBinder: Sendable {
    package static let driver = "vfio-pci"
    private static let probe = "\(PCIFunctionFiles.bus)/drivers_probe"

    let root: HostRoot
    let control: any HostControl

    package init(_ root: HostRoot, _ control: any HostControl) {
        self.root = root
        self.control = control
    }

    /// How the device is bound now; writes nothing. For a device that is held already, the record in its hold counts.
    package func plan(_ address: String) throws(DeviceError) -> DeviceBinding {
        let files = try PCIFunctionFiles(address, root)
        try files.requirePresent()
        return DeviceBinding(
            address: files.address, previousDriver: files.driver, previousOverride: files.driverOverride)
    }

    /// Makes sure that the driver vfio-pci is there.
    package func loadDriver() async throws(DeviceError) {
        guard !isLoaded else { return }
        do { try await control.run("modprobe", [Self.driver]) } catch { throw .vfioMissing(problem: "\(error)") }
        guard isLoaded else { throw .vfioMissing(problem: "modprobe vfio-pci succeeded, but the driver is not there") }
    }

    /// Binds the device to vfio-pci. Where this throws, ``restore(_:)`` puts it back.
    package func bind(_ binding: DeviceBinding) async throws(DeviceError) {
        let files = try PCIFunctionFiles(binding.address, root)
        try files.requirePresent()
        if files.driver == Self.driver { return }
        try await loadDriver()
        if files.driverOverride != Self.driver { try await override(files, Self.driver) }
        if let driver = files.driver, driver != Self.driver { try await unbind(files, from: driver) }
        // Whoever else probes the bus meanwhile binds the same driver; a second look costs nothing.
        for _ in 0..<2 where files.driver == nil { try await control.write(files.address, to: Self.probe) }
        guard files.driver == Self.driver else {
            try files.requirePresent()
            throw .notBound(address: files.address, wanted: Self.driver, found: files.driver)
        }
    }

    /// Puts the device back to the driver that it had. The VM must be gone: the kernel waits for whoever has it open.
    package func restore(_ binding: DeviceBinding) async throws(DeviceError) -> RestoreOutcome {
        let files = try PCIFunctionFiles(binding.address, root)
        if binding.wasOnVFIO { return .untouched }
        guard files.isPresent else { return .vanished }
        let outcome = try await putBack(files, binding)
        if outcome != .vanished, files.driverOverride != binding.previousOverride {
            try await override(files, binding.previousOverride)
        }
        return outcome
    }

    private func putBack(_ files: PCIFunctionFiles, _ binding: DeviceBinding) async throws(DeviceError)
        -> RestoreOutcome
    {
        if let previous = binding.previousDriver, files.driver == previous { return .restored(driver: previous) }
        // An override that was set while another driver had the device would keep that driver from it now.
        let isInTheWay = binding.previousDriver.map { $0 != binding.previousOverride } ?? false
        let allowed = isInTheWay ? nil : binding.previousOverride
        if files.driverOverride != allowed { try await override(files, allowed) }
        if files.driver == Self.driver { try await unbind(files, from: Self.driver) }
        // Another driver took it, an operator's choice; or it had none.
        guard files.driver == nil, let previous = binding.previousDriver else {
            return .restored(driver: files.driver)
        }
        let bind = "\(PCIFunctionFiles.bus)/drivers/\(previous)/bind"
        guard SysfsName(previous) != nil, root.exists(bind) else { return try await probeAnew(files, previous) }
        try await control.write(files.address, to: bind)
        guard files.driver == previous else {
            guard files.isPresent else { return .vanished }
            throw .notBound(address: files.address, wanted: previous, found: files.driver)
        }
        return .restored(driver: previous)
    }

    /// Gives a device whose record is lost to the driver that the kernel chooses.
    package func release(_ address: String) async throws(DeviceError) -> RestoreOutcome {
        let files = try PCIFunctionFiles(address, root)
        guard files.isPresent else { return .vanished }
        if files.driverOverride == Self.driver { try await override(files, nil) }
        if files.driver == Self.driver { try await unbind(files, from: Self.driver) }
        if let driver = files.driver { return .restored(driver: driver) }
        return try await probeAnew(files, nil)
    }

    private var isLoaded: Bool { root.isFolder("\(PCIFunctionFiles.bus)/drivers/\(Self.driver)") }

    private func probeAnew(_ files: PCIFunctionFiles, _ previous: String?) async throws(DeviceError) -> RestoreOutcome {
        try await control.write(files.address, to: Self.probe)
        return files.driver.map { .restored(driver: $0) } ?? .withoutDriver(previous: previous)
    }

    /// An empty line clears it; a write of no bytes would not reach the kernel.
    private func override(_ files: PCIFunctionFiles, _ driver: String?) async throws(DeviceError) {
        try await control.write("\(driver ?? "")\n", to: "\(files.folder)/driver_override")
    }

    private func unbind(_ files: PCIFunctionFiles, from driver: String) async throws(DeviceError) {
        do {
            try await control.write(files.address, to: "\(PCIFunctionFiles.bus)/drivers/\(driver)/unbind")
        } catch {
            // Somebody else was faster.
            if files.driver == driver { throw error }
        }
    }
}
