/// Where a function is on the PCI bus, as sysfs names its folder: `0000:41:00.0`. Domains above 16 bits exist: VMD
/// makes `10000:e0:06.0`.
struct PCIAddress: Sendable, Hashable, Comparable {
    var domain: UInt32
    var bus: UInt8
    var device: UInt8
    var function: UInt8

    /// `nil` for every other spelling than that of sysfs.
    init?(_ text: String) {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 3 else { return nil }
        let ends = parts[2].split(separator: ".", omittingEmptySubsequences: false)
        guard ends.count == 2, let domain = UInt32(parts[0], radix: 16), let bus = UInt8(parts[1], radix: 16),
            let device = UInt8(ends[0], radix: 16), device < 32, let function = UInt8(ends[1], radix: 8), function < 8
        else { return nil }
        (self.domain, self.bus, self.device, self.function) = (domain, bus, device, function)
        guard description == text else { return nil }
    }

    static func < (left: PCIAddress, right: PCIAddress) -> Bool {
        (left.domain, left.bus, left.device, left.function) < (right.domain, right.bus, right.device, right.function)
    }
}

extension PCIAddress: CustomStringConvertible {
    var description: String {
        "\(hexadecimal(domain, digits: 4)):\(hexadecimal(bus, digits: 2)):\(hexadecimal(device, digits: 2)).\(function)"
    }
}
