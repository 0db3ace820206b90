/// What a YAML scalar without quotes means by YAML 1.1's rules, which kubectl follows too.
enum PlainScalar {
    /// YAML 1.1's booleans in one letter, which some readers take for strings, and kubectl does not.
    static let shortBooleans: Set<String> = ["y", "Y", "n", "N"]

    static func value(of text: String) -> DocumentNode.Value {
        switch text {
        case "", "~", "null", "Null", "NULL": return .null
        case "y", "Y", "yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON": return .bool(true)
        case "n", "N", "no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF": return .bool(false)
        default: break
        }
        guard let first = text.utf8.first, "+-.0123456789".utf8.contains(first), let decimal = decimal(text) else {
            return .string(text)
        }
        return .number(decimal)
    }

    /// The number as JSON writes it; nil where the text is none, or one of YAML's that JSON has not (`.inf`, `1:30`).
    private static func decimal(_ text: String) -> String? {
        var digits = Substring(text.utf8.contains(UInt8(ascii: "_")) ? text.replacing("_", with: "") : text)
        var sign = ""
        if digits.first == "-" || digits.first == "+" {
            sign = digits.first == "-" ? "-" : ""
            digits.removeFirst()
        }
        guard let first = digits.utf8.first, isDigit(first) || first == UInt8(ascii: ".") else { return nil }
        for (prefix, radix) in [("0x", 16), ("0o", 8), ("0b", 2)] where digits.hasPrefix(prefix) {
            let rest = digits.dropFirst(2)
            // Swift's own parser would take a second sign.
            guard let first = rest.utf8.first, first != UInt8(ascii: "-"), first != UInt8(ascii: "+") else {
                return nil
            }
            return UInt64(rest, radix: radix).map { sign + String($0) }
        }
        if digits.utf8.count > 1, first == UInt8(ascii: "0"), digits.utf8.allSatisfy({ (0x30...0x37).contains($0) }) {
            return UInt64(digits, radix: 8).map { sign + String($0) }
        }
        return floating(digits.utf8).map { sign + $0 }
    }

    /// Whole part, fraction and exponent, of which either of the first two may be absent.
    private static func floating(_ text: Substring.UTF8View) -> String? {
        let whole = text.prefix(while: isDigit)
        var rest = text.dropFirst(whole.count)
        var decimals = ""
        if rest.first == UInt8(ascii: ".") {
            let fraction = rest.dropFirst().prefix(while: isDigit)
            guard !whole.isEmpty || !fraction.isEmpty else { return nil }
            decimals = fraction.isEmpty ? ".0" : ".\(Substring(fraction))"
            rest = rest.dropFirst(fraction.count + 1)
        }
        let exponent = rest
        if !exponent.isEmpty {
            guard let letter = rest.popFirst(), letter | 0x20 == UInt8(ascii: "e") else { return nil }
            if rest.first == UInt8(ascii: "-") || rest.first == UInt8(ascii: "+") { rest.removeFirst() }
            guard !rest.isEmpty, rest.allSatisfy(isDigit) else { return nil }
        }
        let significant = whole.drop { $0 == UInt8(ascii: "0") }
        return (significant.isEmpty ? "0" : String(Substring(significant))) + decimals + String(Substring(exponent))
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
}
