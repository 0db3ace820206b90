package import HostModel

/// What decides, beside the devices themselves, whether they may be taken from the host.
package struct HostDeviceFacts: Sendable, Hashable {
    package var usb: [USBDevice]
    /// What the host does with a device, by PCI address or USB port.
    package var uses: [String: [HostUse]]
    /// Whether the driver vfio-pci is loaded or could be.
    package var hasVFIO: Bool

    package init(usb: [USBDevice] = [], uses: [String: [HostUse]] = [:], hasVFIO: Bool = true) {
        self.usb = usb
        self.uses = uses
        self.hasVFIO = hasVFIO
    }
}

extension HostDeviceFacts {
    package init(probing root: HostRoot, host: Host) {
        var uses = DiskUses(root).uses.merging(InterfaceUses(root).uses) { $0 + $1 }
        for device in host.pciDevices {
            guard let driver = device.driver, driver != VFIOBinder.driver,
                let files = try? PCIFunctionFiles(device.address, root),
                root.integer("\(files.folder)/boot_vga") == 1
            else { continue }
            uses[device.address, default: []].append(.bootDisplay(driver: driver))
        }
        if let (address, file) = Self.console(root), uses[address]?.contains(where: \.isBootDisplay) != true {
            uses[address, default: []].append(.console(switch: file))
        }
        let known = Set(host.pciDevices.map(\.address))
        self.init(
            usb: USBDevice.probe(root), uses: uses.filter { known.contains($0.key) || USBDevice.isPort($0.key) },
            hasVFIO: Self.hasVFIO(root, release: host.kernel.release))
    }

    /// The device of the frame buffer that the kernel draws its console on, the first one, and the file that ends it.
    private static func console(_ root: HostRoot) -> (address: String, switch: String)? {
        let folder = "/sys/class/vtconsole"
        let drawing = root.names(in: folder).first { name in
            root.text("\(folder)/\(name)/name")?.contains("frame buffer") == true
                && root.integer("\(folder)/\(name)/bind") == 1
        }
        guard let drawing, let address = root.linkName("/sys/class/graphics/fb0/device") else { return nil }
        return (address, "\(folder)/\(drawing)/bind")
    }

    private static func hasVFIO(_ root: HostRoot, release: String) -> Bool {
        if root.isFolder("\(PCIFunctionFiles.bus)/drivers/\(VFIOBinder.driver)") { return true }
        guard let release = SysfsName(release)?.text else { return false }
        return ["modules.dep", "modules.builtin"].contains { list in
            root.text("/lib/modules/\(release)/\(list)")?.contains("/vfio-pci.ko") ?? false
        }
    }
}
