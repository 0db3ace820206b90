/// `<disk>`.
package struct DomainDisk: Sendable, Equatable {
    package enum Device: String, Sendable {
        case disk, cdrom
    }

    package enum Format: String, Sendable {
        case raw, qcow2
    }

    /// A file, and the files it is layered over, each with its format: nothing is left to be probed.
    package struct Source: Sendable, Equatable {
        package var path: String
        package var format: Format
        package var isBlockDevice: Bool
        package var backing: [Backing]

        package struct Backing: Sendable, Equatable {
            package var path: String
            package var format: Format
            package init(path: String, format: Format) {
                self.path = path
                self.format = format
            }
        }

        package init(path: String, format: Format, isBlockDevice: Bool = false, backing: [Backing] = []) {
            self.path = path
            self.format = format
            self.isBlockDevice = isBlockDevice
            self.backing = backing
        }
    }

    package var device = Device.disk
    package var bus = ""
    /// The name in libvirt (`vda`); what the guest calls the disk is its own affair.
    package var target = ""
    package var source: Source?
    package var alias = ""
    package var model: String?
    package var cache: String?
    package var io: String?
    package var errorPolicy = "stop"
    package var discardUnmap = false
    package var queues: UInt64?
    package var serial: String?
    package var bootOrder: UInt32?
    package var isReadOnly = false
    package var isShareable = false
    package var tray: String?
    package var address: DeviceAddress?

    package init() {}

    func write(to writer: inout XMLWriter) {
        writer.element("disk") { writer in
            writer.attribute("type", source?.isBlockDevice ?? false ? "block" : "file")
            writer.attribute("device", device.rawValue)
            writer.attribute("model", model)
            writeDriver(to: &writer)
            writeSource(to: &writer)
            writer.element("target") { writer in
                writer.attribute("dev", target)
                writer.attribute("bus", bus)
                writer.attribute("tray", tray)
            }
            if isReadOnly { writer.element("readonly") }
            if isShareable { writer.element("shareable") }
            if let serial { writer.element("serial", text: serial) }
            if let bootOrder { writer.element("boot") { $0.attribute("order", bootOrder) } }
            writer.element("alias") { $0.attribute("name", alias) }
            address?.write(to: &writer)
        }
    }

    private func writeDriver(to writer: inout XMLWriter) {
        writer.element("driver") { writer in
            writer.attribute("name", "qemu")
            writer.attribute("type", (source?.format ?? .raw).rawValue)
            writer.attribute("cache", cache)
            writer.attribute("error_policy", errorPolicy)
            writer.attribute("io", io)
            if discardUnmap { writer.attribute("discard", "unmap") }
            if let queues { writer.attribute("queues", queues) }
        }
    }

    private func writeSource(to writer: inout XMLWriter) {
        guard let source else { return }
        writer.element("source") { writer in
            writer.attribute(source.isBlockDevice ? "dev" : "file", source.path)
        }
        // An empty <backingStore/> says that nothing lies below; without it libvirt would look into the file itself.
        Self.writeBacking(source.backing[...], to: &writer)
    }

    private static func writeBacking(_ chain: ArraySlice<Source.Backing>, to writer: inout XMLWriter) {
        writer.element("backingStore") { writer in
            guard let first = chain.first else { return }
            writer.attribute("type", "file")
            writer.element("format") { $0.attribute("type", first.format.rawValue) }
            writer.element("source") { $0.attribute("file", first.path) }
            writeBacking(chain.dropFirst(), to: &writer)
        }
    }
}

/// `<address>`.
package enum DeviceAddress: Sendable, Equatable {
    case pci(domain: UInt32, bus: UInt32, slot: UInt32, function: UInt32)
    case drive(controller: Int, bus: Int, unit: Int)

    /// Reads `0000:81:01.0`.
    package static func pci(_ text: String) -> DeviceAddress? {
        guard let match = text.wholeMatch(of: /([0-9a-fA-F]{4}):([0-9a-fA-F]{2}):([0-9a-fA-F]{2})\.([0-7])/),
            let domain = UInt32(match.1, radix: 16), let bus = UInt32(match.2, radix: 16),
            let slot = UInt32(match.3, radix: 16), let function = UInt32(match.4, radix: 16), slot < 32
        else { return nil }
        return .pci(domain: domain, bus: bus, slot: slot, function: function)
    }

    func write(to writer: inout XMLWriter) {
        writer.element("address") { writer in
            switch self {
            case .pci(let domain, let bus, let slot, let function):
                writer.attribute("type", "pci")
                writer.attribute("domain", "0x" + String(domain, radix: 16))
                writer.attribute("bus", "0x" + String(bus, radix: 16))
                writer.attribute("slot", "0x" + String(slot, radix: 16))
                writer.attribute("function", "0x" + String(function, radix: 16))
            case .drive(let controller, let bus, let unit):
                writer.attribute("type", "drive")
                writer.attribute("controller", controller)
                writer.attribute("bus", bus)
                writer.attribute("unit", unit)
            }
        }
    }
}
