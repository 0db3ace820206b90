/// An exact Kubernetes quantity, such as `1.5Gi`, `100m` or `1e3`. No floating point takes part.
package struct Quantity: Sendable, Equatable, FieldValue {
    /// The text as it was written: a quantity goes back as it came.
    package let text: String
    /// The value in thousandths, rounded up as Kubernetes does.
    package let milli: Int64

    /// Bytes, or whole units, rounded up.
    package var roundedUp: Int64 { milli / 1000 + (milli % 1000 > 0 ? 1 : 0) }
    /// Bytes, or whole units, rounded down.
    package var roundedDown: Int64 { milli / 1000 - (milli % 1000 < 0 ? 1 : 0) }

    package static var schema: FieldSchema { .quantity }

    package init(bytes: Int64) {
        let units: [(String, Int64)] = [("Gi", 1 << 30), ("Mi", 1 << 20), ("Ki", 1 << 10)]
        let unit = bytes == 0 ? nil : units.first { bytes % $0.1 == 0 }
        text = unit.map { "\(bytes / $0.1)\($0.0)" } ?? "\(bytes)"
        let (product, overflow) = bytes.multipliedReportingOverflow(by: 1000)
        milli = overflow ? (bytes < 0 ? .min : .max) : product
    }

    /// Reads a quantity; nil where the text is none, or is too large for 2^63 thousandths.
    package init?(_ text: String) {
        guard text.utf8.count <= 64,
            let match = text.wholeMatch(of: /([+-]?)([0-9]*)(?:\.([0-9]*))?([A-Za-z]*)([+-]?[0-9]*)/)
        else { return nil }
        let (_, sign, whole, fraction, letters, exponent) = match.output
        let digits = whole + (fraction ?? "")
        guard !digits.isEmpty, digits.count <= 40,
            let scale = Self.scale(String(letters), String(exponent))
        else { return nil }
        guard let milli = Self.thousandths(digits: String(digits), decimals: fraction?.count ?? 0, scale: scale) else {
            return nil
        }
        self.text = text
        self.milli = sign == "-" ? -milli : milli
    }

    private enum Scale {
        case binary(shift: Int)
        case decimal(exponent: Int)
    }

    private static func scale(_ letters: String, _ exponent: String) -> Scale? {
        if letters == "e" || letters == "E" {
            guard let exponent = Int(exponent), (-30...30).contains(exponent) else {
                return letters == "E" && exponent.isEmpty ? .decimal(exponent: 18) : nil
            }
            return .decimal(exponent: exponent)
        }
        guard exponent.isEmpty else { return nil }
        switch letters {
        case "": return .decimal(exponent: 0)
        case "n": return .decimal(exponent: -9)
        case "u": return .decimal(exponent: -6)
        case "m": return .decimal(exponent: -3)
        case "k": return .decimal(exponent: 3)
        case "M": return .decimal(exponent: 6)
        case "G": return .decimal(exponent: 9)
        case "T": return .decimal(exponent: 12)
        case "P": return .decimal(exponent: 15)
        case "Ki": return .binary(shift: 10)
        case "Mi": return .binary(shift: 20)
        case "Gi": return .binary(shift: 30)
        case "Ti": return .binary(shift: 40)
        case "Pi": return .binary(shift: 50)
        case "Ei": return .binary(shift: 60)
        default: return nil
        }
    }

    /// digits × 10^-decimals × scale × 1000, rounded up, in 128 bits.
    private static func thousandths(digits: String, decimals: Int, scale: Scale) -> Int64? {
        guard var value = UInt128(digits) else { return nil }
        var tens = 3 - decimals
        switch scale {
        case .binary(let shift):
            let (product, overflow) = value.multipliedReportingOverflow(by: UInt128(1) << UInt128(shift))
            guard !overflow else { return nil }
            value = product
        case .decimal(let exponent): tens += exponent
        }
        while tens > 0 {
            let (product, overflow) = value.multipliedReportingOverflow(by: 10)
            guard !overflow else { return nil }
            value = product
            tens -= 1
        }
        var remainder = false
        while tens < 0 {
            remainder = remainder || value % 10 != 0
            value /= 10
            tens += 1
        }
        return Int64(exactly: value + (remainder ? 1 : 0))
    }

    package static func decode(_ node: DocumentNode, _ context: inout DecodingContext) -> Quantity? {
        let text: String
        switch node.value {
        case .string(let string): text = string
        case .number(let number): text = number
        default: text = ""
        }
        if let quantity = Quantity(text) { return quantity }
        context.expected("a quantity such as 512Mi, 2Gi or 500m", at: node)
        return nil
    }

    package func encode() -> DocumentNode {
        if let whole = Int64(text) { return .number(whole) }
        return .string(text)
    }
}
