/// Addresses as a spec writes them.
enum AddressText {
    /// `02:00:00:12:34:56`, or with `-`; nil where the text is none.
    static func mac(_ text: String) -> [UInt8]? {
        let bytes = Array(text.utf8)
        guard bytes.count == 17 else { return nil }
        var result: [UInt8] = []
        for start in stride(from: 0, to: 17, by: 3) {
            guard let octet = hexadecimal(bytes[start..<start + 2]) else { return nil }
            if start > 0, bytes[start - 1] != UInt8(ascii: ":"), bytes[start - 1] != UInt8(ascii: "-") { return nil }
            result.append(UInt8(octet))
        }
        return result
    }

    /// Domain, bus, slot and function of `0000:81:01.0`; nil where the text is no such address.
    static func pci(_ text: String) -> [Int]? {
        let bytes = Array(text.utf8)
        guard bytes.count == 12, bytes[4] == UInt8(ascii: ":"), bytes[7] == UInt8(ascii: ":"),
            bytes[10] == UInt8(ascii: "."), let domain = hexadecimal(bytes[0..<4]),
            let bus = hexadecimal(bytes[5..<7]), let slot = hexadecimal(bytes[8..<10]), slot < 32,
            let function = hexadecimal(bytes[11..<12]), function < 8
        else { return nil }
        return [domain, bus, slot, function]
    }

    private static func hexadecimal(_ digits: ArraySlice<UInt8>) -> Int? {
        guard digits.allSatisfy(\.isHexDigit) else { return nil }
        return digits.reduce(0) {
            $0 << 4 | Int($1.isDigit ? $1 - UInt8(ascii: "0") : ($1 | 0x20) - UInt8(ascii: "a") + 10)
        }
    }

    static func isIPv4(_ text: some StringProtocol) -> Bool {
        let parts = text.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        return parts.count == 4 && parts.allSatisfy { number($0, atMost: 255) != nil }
    }

    static func isIPv6(_ text: some StringProtocol) -> Bool {
        let halves = String(text).split(separator: "::", maxSplits: 2, omittingEmptySubsequences: false)
        guard halves.count < 3 else { return false }
        var groups = 0
        for half in halves where !half.isEmpty {
            let parts = half.split(separator: ":", omittingEmptySubsequences: false)
            for (index, part) in parts.enumerated() {
                let isLast = index == parts.count - 1 && half.endIndex == halves.last?.endIndex
                if isLast, part.contains("."), isIPv4(part) {
                    groups += 2
                } else if (1...4).contains(part.utf8.count), part.utf8.allSatisfy(\.isHexDigit) {
                    groups += 1
                } else {
                    return false
                }
            }
        }
        return halves.count == 2 ? groups < 8 : groups == 8
    }

    /// A network with room for the guest and its gateway, such as `10.0.2.0/24`.
    static func isNetwork(_ text: String, bits: Int, _ isAddress: (Substring) -> Bool) -> Bool {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, isAddress(parts[0]) else { return false }
        return number(parts[1].utf8, atMost: bits - 2) != nil
    }

    /// A decimal number without sign and without leading zeros.
    static func number(_ digits: some Collection<UInt8>, atMost limit: Int) -> Int? {
        guard (1...9).contains(digits.count), digits.allSatisfy(\.isDigit),
            digits.count == 1 || digits.first != UInt8(ascii: "0")
        else { return nil }
        let value = digits.reduce(0) { $0 * 10 + Int($1 - UInt8(ascii: "0")) }
        return value <= limit ? value : nil
    }
}
