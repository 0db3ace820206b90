/// What a host device is on the host.
package enum HostDeviceSource: Sendable, Equatable {
    /// A PCI device by its address on the host.
    case pci(DeviceAddress)
    /// A mediated device by its UUID.
    case mdev(uuid: String)
    /// A USB device by its bus and its number on it.
    case usb(bus: Int, device: Int)
    /// What the rest says.
    case other
}

/// `<hostdev>`: a device of the host that the guest gets.
package struct HostDevice: XMLPart {
    /// `pci`, `mdev` or `usb`.
    package var type = ""
    package var mode: String?
    /// Whether libvirt binds the device to VFIO and back.
    package var managed: Bool?
    /// How a mediated device is attached, such as `vfio-pci`.
    package var model: String?
    package var display: Bool?
    /// A framebuffer before the guest's driver has started.
    package var ramfb: Bool?
    package var source = HostDeviceSource.other
    package var bootOrder: UInt32?
    package var alias: String?
    /// In the guest.
    package var address: DeviceAddress?
    package var rest: XMLRest?

    package init() {}

    package init(type: String, source: HostDeviceSource, alias: String? = nil) {
        self.type = type
        self.source = source
        self.alias = alias
    }

    package mutating func visit(_ visitor: inout some XMLVisitor) {
        visitor.attribute("type", &type)
        visitor.attribute("mode", &mode)
        visitor.attribute("managed", yesNo: &managed)
        visitor.attribute("model", &model)
        visitor.attribute("display", onOff: &display)
        visitor.attribute("ramfb", onOff: &ramfb)
        visitor.choice("source") { $0.hostDevice(type, &source) }
        visitor.boot(order: &bootOrder)
        visitor.alias(&alias)
        visitor.address(&address)
    }
}

extension XMLVisitor {
    fileprivate mutating func hostDevice(_ type: String, _ source: inout HostDeviceSource) {
        if Self.isReading {
            source = .other
            switch type {
            case "pci":
                var address: DeviceAddress?
                sourceAddress(&address)
                if let address { source = .pci(address) }
            case "mdev":
                var uuid: String?
                attribute("uuid", in: "address", &uuid)
                if let uuid { source = .mdev(uuid: uuid) }
            case "usb": readUSB(&source)
            default: break
            }
            return
        }
        switch source {
        case .pci(let address):
            var address: DeviceAddress? = address
            sourceAddress(&address)
        case .mdev(let uuid):
            var uuid: String? = uuid
            attribute("uuid", in: "address", &uuid)
        case .usb(let bus, let device):
            var (bus, device): (Int?, Int?) = (bus, device)
            group("address") { element in
                element.attribute("bus", &bus)
                element.attribute("device", &device)
            }
        case .other: break
        }
    }

    private mutating func readUSB(_ source: inout HostDeviceSource) {
        choice("address") { element in
            guard let bus = element.peek("bus").flatMap({ Int($0) }),
                let device = element.peek("device").flatMap({ Int($0) })
            else { return }
            var (takenBus, takenDevice): (Int?, Int?)
            element.attribute("bus", &takenBus)
            element.attribute("device", &takenDevice)
            source = .usb(bus: bus, device: device)
        }
    }
}
