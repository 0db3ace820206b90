/// `<address>`: where a device sits in the guest. Other kinds of address survive.
package enum DeviceAddress: Sendable, Equatable {
    case pci(domain: UInt32, bus: UInt32, slot: UInt32, function: UInt32, multifunction: Bool? = nil)
    case drive(controller: Int, bus: Int, target: Int? = nil, unit: Int)
    /// The port is a path, such as `1.2`.
    case usb(bus: Int, port: String)

    /// Reads `0000:81:01.0`.
    package static func pci(_ text: String) -> DeviceAddress? {
        let bytes = Array(text.utf8)
        guard bytes.count == 12, bytes[4] == UInt8(ascii: ":"), bytes[7] == UInt8(ascii: ":"),
            bytes[10] == UInt8(ascii: "."), let domain = hexadecimal(bytes[0..<4]), let bus = hexadecimal(bytes[5..<7]),
            let slot = hexadecimal(bytes[8..<10]), slot < 32, let function = hexadecimal(bytes[11...]), function < 8
        else { return nil }
        return .pci(domain: domain, bus: bus, slot: slot, function: function)
    }

    private static func hexadecimal(_ digits: ArraySlice<UInt8>) -> UInt32? {
        var value: UInt32 = 0
        for digit in digits {
            switch digit {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): value = value << 4 | UInt32(digit - UInt8(ascii: "0"))
            case UInt8(ascii: "a")...UInt8(ascii: "f"): value = value << 4 | UInt32(digit - UInt8(ascii: "a") + 10)
            case UInt8(ascii: "A")...UInt8(ascii: "F"): value = value << 4 | UInt32(digit - UInt8(ascii: "A") + 10)
            default: return nil
            }
        }
        return value
    }
}

extension XMLVisitor {
    mutating func address(_ address: inout DeviceAddress?) {
        guard address != nil || keepsRest else { return }
        choice("address") { element in
            if Self.isReading { address = element.peekedAddress() }
            guard let address else { return }
            element.visit(address)
        }
    }

    /// `<address>` without a type, as it stands in the source of a PCI host device.
    mutating func sourceAddress(_ address: inout DeviceAddress?) {
        choice("address") { element in
            if Self.isReading { address = element.peekedPCI() }
            guard case .pci(let domain, let bus, let slot, let function, _) = address else { return }
            element.visitPCI(domain, bus, slot, function)
        }
    }

    /// Writes what is there, or takes what was looked at: an address is read whole or not at all.
    private mutating func visit(_ address: DeviceAddress) {
        switch address {
        case .pci(let domain, let bus, let slot, let function, let multifunction):
            constant("type", "pci")
            visitPCI(domain, bus, slot, function)
            var multifunction = multifunction
            attribute("multifunction", onOff: &multifunction)
        case .drive(let controller, let bus, let target, let unit):
            constant("type", "drive")
            var (controller, bus, target, unit) = (controller, bus, target, unit)
            attribute("controller", &controller)
            attribute("bus", &bus)
            attribute("target", &target)
            attribute("unit", &unit)
        case .usb(let bus, let port):
            constant("type", "usb")
            var (bus, port) = (bus, port)
            attribute("bus", &bus)
            attribute("port", &port)
        }
    }

    private mutating func visitPCI(_ domain: UInt32, _ bus: UInt32, _ slot: UInt32, _ function: UInt32) {
        var (domain, bus) = (Hexadecimal(domain, digits: 4), Hexadecimal(bus, digits: 2))
        var (slot, function) = (Hexadecimal(slot, digits: 2), Hexadecimal(function, digits: 1))
        attribute("domain", &domain)
        attribute("bus", &bus)
        attribute("slot", &slot)
        attribute("function", &function)
    }

    private func peeked<Value: XMLValue>(_ name: StaticString, as type: Value.Type) -> Value? {
        peek(name).flatMap { Value(xml: $0) }
    }

    private func peekedPCI() -> DeviceAddress? {
        guard let domain = peeked("domain", as: Hexadecimal.self), let bus = peeked("bus", as: Hexadecimal.self),
            let slot = peeked("slot", as: Hexadecimal.self), let function = peeked("function", as: Hexadecimal.self)
        else { return nil }
        return .pci(
            domain: domain.value, bus: bus.value, slot: slot.value, function: function.value,
            multifunction: peeked("multifunction", as: OnOff.self).map { $0 == .on })
    }

    private func peekedAddress() -> DeviceAddress? {
        switch peek("type") {
        case "pci": return peekedPCI()
        case "drive":
            guard let controller = peeked("controller", as: Int.self), let bus = peeked("bus", as: Int.self),
                let unit = peeked("unit", as: Int.self)
            else { return nil }
            return .drive(controller: controller, bus: bus, target: peeked("target", as: Int.self), unit: unit)
        case "usb":
            guard let bus = peeked("bus", as: Int.self), let port = peek("port"), !port.isEmpty else { return nil }
            return .usb(bus: bus, port: port)
        default: return nil
        }
    }
}
