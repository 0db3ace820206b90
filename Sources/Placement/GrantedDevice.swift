/// A device of the host, by the address that libvirt's `<hostdev>` names it with.
package enum GrantedDevice: Sendable, Hashable {
    /// Lower case with the domain: `0000:41:00.0`.
    case pci(String)
    /// The UUID of a mediated device in lower case, as sysfs names it.
    case mdev(String)
    /// `bus` from 1, `device` from 1 to 127.
    case usb(bus: Int, device: Int)

    /// Reads `0000:41:00.0`, a UUID or `1:4`.
    package init(_ text: String) throws(PlacementError) {
        if Self.isPCI(text) {
            self = .pci(text.lowercased())
        } else if Self.isUUID(text) {
            self = .mdev(text.lowercased())
        } else if let usb = Self.usb(text) {
            self = usb
        } else {
            throw .notADeviceAddress(text)
        }
    }

    /// `DDDD:BB:SS.F`; the domain has up to eight digits behind a volume management device.
    private static func isPCI(_ text: String) -> Bool {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 3 else { return false }
        let slot = parts[2].split(separator: ".", omittingEmptySubsequences: false)
        guard slot.count == 2 else { return false }
        return (4...8).contains(parts[0].utf8.count) && isHex(parts[0])
            && parts[1].utf8.count == 2 && isHex(parts[1])
            && slot[0].utf8.count == 2 && isHex(slot[0]) && (UInt8(slot[0], radix: 16) ?? .max) < 32
            && slot[1].utf8.count == 1 && (UInt8(slot[1], radix: 8) ?? .max) < 8
    }

    private static func isUUID(_ text: String) -> Bool {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        return parts.map(\.utf8.count) == [8, 4, 4, 4, 12] && parts.allSatisfy(isHex)
    }

    private static func usb(_ text: String) -> Self? {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2, parts.allSatisfy({ $0.utf8.allSatisfy { (0x30...0x39).contains($0) } }),
            let bus = Int(parts[0]), let device = Int(parts[1]), (1...999).contains(bus), (1...127).contains(device)
        else { return nil }
        return .usb(bus: bus, device: device)
    }

    private static func isHex(_ text: Substring) -> Bool {
        text.utf8.allSatisfy { byte in
            switch byte {
            case 0x30...0x39, 0x41...0x46, 0x61...0x66: true
            default: false
            }
        }
    }
}

extension GrantedDevice: CustomStringConvertible {
    /// The address as it is read.
    package var description: String {
        switch self {
        case .pci(let address): address
        case .mdev(let uuid): uuid
        case .usb(let bus, let device): "\(bus):\(device)"
        }
    }
}

extension GrantedDevice: Codable {
    package init(from decoder: any Decoder) throws {
        try self.init(decoder.singleValueContainer().decode(String.self))
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}
