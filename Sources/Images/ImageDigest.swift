internal import Crypto

/// A content digest as OCI writes it: `sha256:` and 64 lower-case hexadecimal digits.
///
/// Only SHA-256 is accepted, since a digest also names a file in the store.
package struct ImageDigest: Hashable, Sendable, CustomStringConvertible {
    /// The 64 digits without the algorithm; safe as a file name.
    package let hex: String

    package var description: String { "sha256:\(hex)" }

    /// Reads `sha256:<hex>`; nil for any other algorithm, length or letter.
    package init?(_ text: some StringProtocol) {
        guard text.hasPrefix("sha256:") else { return nil }
        self.init(hex: text.dropFirst(7))
    }

    /// Reads the bare digits; nil unless there are 64 lower-case ones.
    package init?(hex text: some StringProtocol) {
        let digits = text.utf8
        guard digits.count == 64, digits.allSatisfy({ (48...57).contains($0) || (97...102).contains($0) }) else {
            return nil
        }
        hex = String(text)
    }

    init(bytes: [UInt8]) {
        hex = bytes.reduce(into: "") { text, byte in
            let digits = String(byte, radix: 16)
            text += digits.count == 1 ? "0" + digits : digits
        }
    }

    /// The digest of bytes in memory.
    package static func of(_ bytes: some Sequence<UInt8>) -> ImageDigest {
        ImageDigest(bytes: Array(SHA256.hash(data: Array(bytes))))
    }
}

extension ImageDigest: Codable {
    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let text = try container.decode(String.self)
        guard let digest = ImageDigest(text) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "'\(text)' is no sha256 digest")
        }
        self = digest
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}
