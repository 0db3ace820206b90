import DomainModel

/// Where libvirt puts a device of a q35 machine that names no address.
enum PCIPlace: Equatable {
    /// On a PCIe root port of its own.
    case port
    /// On the conventional bus, behind a bridge that has a root port.
    case bridge
}

extension DomainDevices {
    /// Calls `body` for every device that has a place on a PCI bus, but for the video card and the controllers that are
    /// built into the machine.
    mutating func forEachPCIDevice(_ body: (PCIPlace, inout DeviceAddress?) -> Void) {
        for index in interfaces.indices {
            body(Self.place(card: interfaces[index].model), &interfaces[index].address)
        }
        for index in hostDevices.indices where hostDevices[index].type != "usb" {
            body(.port, &hostDevices[index].address)
        }
        for index in controllers.indices where controllers[index].type != "pci" && controllers[index].model != "none" {
            body(Self.place(controllers[index].model), &controllers[index].address)
        }
        for index in disks.indices where disks[index].bus == "virtio" {
            body(Self.place(disks[index].model), &disks[index].address)
        }
        for index in inputs.indices where inputs[index].bus == "virtio" { body(.port, &inputs[index].address) }
        for index in filesystems.indices { body(.port, &filesystems[index].address) }
        for index in sounds.indices where sounds[index].model == "ac97" { body(.bridge, &sounds[index].address) }
        forEachSinglePCIDevice(body)
    }

    private mutating func forEachSinglePCIDevice(_ body: (PCIPlace, inout DeviceAddress?) -> Void) {
        if var device = watchdog {
            body(.bridge, &device.address)
            watchdog = device
        }
        if var device = rng {
            body(Self.place(device.model), &device.address)
            rng = device
        }
        if var device = memballoon, device.model != "none" {
            body(Self.place(device.model), &device.address)
            memballoon = device
        }
        if var device = vsock {
            body(Self.place(device.model), &device.address)
            vsock = device
        }
    }

    private static func place(card model: String) -> PCIPlace {
        switch model {
        case "e1000", "rtl8139", "ne2k_pci", "pcnet", "virtio-transitional": .bridge
        default: .port
        }
    }

    private static func place(_ model: String?) -> PCIPlace { model == "virtio-transitional" ? .bridge : .port }
}
