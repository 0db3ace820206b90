/// What a text in the configuration must look like.
struct TextRule: Sendable {
    let allowed: String
    var isPath = false
    let holds: @Sendable (String) -> Bool

    static let any = TextRule(allowed: "a text") { !$0.isEmpty }
    static let path = TextRule(allowed: "an absolute path", isPath: true) { $0.hasPrefix("/") && !$0.contains("\0") }
    /// As Kubernetes names nodes and namespaces: RFC 1123, in small letters.
    static let subdomain = TextRule(allowed: "a name of small letters, digits, '-' and '.', such as node-1") { text in
        text.utf8.count <= 253 && text.split(separator: ".", omittingEmptySubsequences: false).allSatisfy(isLabel)
    }
    static let label = TextRule(allowed: "a name of small letters, digits and '-', such as team-a") { isLabel($0[...]) }
    static let address = TextRule(allowed: "an IP address, such as 0.0.0.0 or ::1") { text in
        let isFour = text.split(separator: ".", omittingEmptySubsequences: false).map { UInt8($0) }
        if isFour.count == 4, !isFour.contains(nil) { return true }
        return text.contains(":") && text.utf8.allSatisfy { $0 == UInt8(ascii: ":") || isHexadecimal($0) }
    }

    private static func isLabel(_ text: Substring) -> Bool {
        guard (1...63).contains(text.utf8.count), text.first != "-", text.last != "-" else { return false }
        return text.utf8.allSatisfy { byte in
            (0x61...0x7A).contains(byte) || (0x30...0x39).contains(byte) || byte == UInt8(ascii: "-")
        }
    }

    private static func isHexadecimal(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x61...0x66).contains(byte | 0x20)
    }
}
