/// A unicast Ethernet address: `52:54:00:0a:1b:2c`.
package struct MACAddress: Sendable, Hashable {
    private let text: String

    /// Six pairs of hexadecimal digits, by colons or dashes; neither a group's address nor all zero.
    package init(_ text: String) throws(DeviceError) {
        let parts = text.split(omittingEmptySubsequences: false) { $0 == ":" || $0 == "-" }
        let bytes = parts.compactMap { $0.utf8.count == 2 && $0.allSatisfy(\.isHexDigit) ? UInt8($0, radix: 16) : nil }
        guard parts.count == 6, bytes.count == 6, bytes[0] & 1 == 0, bytes.contains(where: { $0 != 0 }) else {
            throw .notAMACAddress(text)
        }
        self.text = bytes.map { padded($0, digits: 2, radix: 16) }.joined(separator: ":")
    }
}

extension MACAddress: CustomStringConvertible {
    package var description: String { text }
}

extension MACAddress: Codable {
    package init(from decoder: any Decoder) throws {
        try self.init(decoder.singleValueContainer().decode(String.self))
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(text)
    }
}
