/// A number that documents write as sysfs does: `"0x10de"`.
@propertyWrapper
package struct Hexadecimal<Number: FixedWidthInteger & UnsignedInteger & Sendable>: Sendable, Hashable {
    package var wrappedValue: Number

    package init(wrappedValue: Number) { self.wrappedValue = wrappedValue }
}

extension Hexadecimal: Codable {
    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let text = try container.decode(String.self)
        guard text.hasPrefix("0x"), let number = Number(text.dropFirst(2), radix: 16) else {
            throw DecodingError.dataCorruptedError(
                in: container,
                debugDescription:
                    "\"\(text.prefix(40))\" is not a hexadecimal number of \(Number.bitWidth) bits, 0x1a2b"
            )
        }
        wrappedValue = number
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode("0x" + hexadecimal(wrappedValue, digits: min(Number.bitWidth / 4, 6)))
    }
}

/// With zeros in front up to so many digits.
func hexadecimal(_ number: some FixedWidthInteger, digits: Int, uppercase: Bool = false) -> String {
    let text = String(number, radix: 16, uppercase: uppercase)
    return String(repeating: "0", count: max(0, digits - text.count)) + text
}
