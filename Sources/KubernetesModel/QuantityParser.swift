/// Reads the text of a quantity: a sign, digits with a point among them, and a suffix or an exponent.
struct QuantityParser {
    enum Outcome: Equatable {
        /// In thousandths, rounded away from zero.
        case value(Int128)
        case tooLarge
        case malformed
    }

    private enum Scale {
        case binary(shift: Int)
        case decimal(exponent: Int)
    }

    /// Longer texts are no quantities, whatever they hold.
    private static let maximumBytes = 64

    static func parse(_ text: String) -> Outcome {
        guard text.utf8.count <= maximumBytes else { return .malformed }
        var rest = Substring(text).utf8
        let isNegative = rest.first == UInt8(ascii: "-")
        if isNegative || rest.first == UInt8(ascii: "+") { rest.removeFirst() }
        var digits: UInt128 = 0
        var count = 0
        var decimals = 0
        var hasPoint = false
        var overflows = false
        while let byte = rest.first {
            if byte == UInt8(ascii: "."), !hasPoint {
                hasPoint = true
            } else if (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) {
                let (tens, over) = digits.multipliedReportingOverflow(by: 10)
                let (sum, more) = tens.addingReportingOverflow(UInt128(byte - UInt8(ascii: "0")))
                overflows = overflows || over || more
                digits = sum
                count += 1
                decimals += hasPoint ? 1 : 0
            } else {
                break
            }
            rest.removeFirst()
        }
        guard count > 0, let scale = scale(Substring(rest)) else { return .malformed }
        guard !overflows, let value = thousandths(digits, decimals: decimals, scale: scale) else { return .tooLarge }
        // 2^63 whole units, which no Int64 holds any more.
        guard value < (UInt128(1) << 63) * 1000 else { return .tooLarge }
        return .value(isNegative ? -Int128(value) : Int128(value))
    }

    private static func scale(_ suffix: Substring) -> Scale? {
        switch suffix {
        case "": return .decimal(exponent: 0)
        case "n": return .decimal(exponent: -9)
        case "u": return .decimal(exponent: -6)
        case "m": return .decimal(exponent: -3)
        case "k": return .decimal(exponent: 3)
        case "M": return .decimal(exponent: 6)
        case "G": return .decimal(exponent: 9)
        case "T": return .decimal(exponent: 12)
        case "P": return .decimal(exponent: 15)
        case "E": return .decimal(exponent: 18)
        case "Ki": return .binary(shift: 10)
        case "Mi": return .binary(shift: 20)
        case "Gi": return .binary(shift: 30)
        case "Ti": return .binary(shift: 40)
        case "Pi": return .binary(shift: 50)
        case "Ei": return .binary(shift: 60)
        default: return exponent(suffix)
        }
    }

    /// The exponent of `e3` or `E-3`; one that is beyond all bounds counts as a thousand.
    private static func exponent(_ suffix: Substring) -> Scale? {
        guard suffix.first == "e" || suffix.first == "E" else { return nil }
        let digits = suffix.dropFirst()
        let unsigned = digits.first == "-" || digits.first == "+" ? digits.dropFirst() : digits
        guard !unsigned.isEmpty, unsigned.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        let limit = digits.first == "-" ? -1000 : 1000
        return .decimal(exponent: Int(digits).map { max(-1000, min(1000, $0)) } ?? limit)
    }

    /// digits × 10^-decimals × scale × 1000, rounded up; nil where that takes more than 128 bits.
    private static func thousandths(_ digits: UInt128, decimals: Int, scale: Scale) -> UInt128? {
        guard digits != 0 else { return 0 }
        var value = digits
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
        while tens < 0, value > 0 {
            remainder = remainder || value % 10 != 0
            value /= 10
            tens += 1
        }
        return value + (remainder ? 1 : 0)
    }
}
