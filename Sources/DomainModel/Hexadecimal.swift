/// A number that libvirt writes as `0x0a`; decimal ones are read too.
struct Hexadecimal: XMLValue {
    var value: UInt32
    /// How many digits are written at least.
    var digits: Int

    init(_ value: UInt32, digits: Int) {
        self.value = value
        self.digits = digits
    }

    init?(xml text: String) {
        let isHexadecimal = text.hasPrefix("0x") || text.hasPrefix("0X")
        guard let value = isHexadecimal ? UInt32(text.dropFirst(2), radix: 16) : UInt32(text) else { return nil }
        self.init(value, digits: 1)
    }

    func write(to output: inout XMLOutput) {
        output.append("0x")
        var shift = max(digits, (35 - value.leadingZeroBitCount) / 4) * 4
        while shift > 0 {
            shift -= 4
            let digit = UInt8(truncatingIfNeeded: value >> UInt32(shift)) & 0xF
            output.append(byte: digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10)
        }
    }
}
