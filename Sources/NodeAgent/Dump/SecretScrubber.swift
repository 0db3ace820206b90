internal import Glibc

/// Takes secrets out of texts that leave the node: those that are known, wherever they stand, and what looks like one.
package struct SecretScrubber: Sendable {
    package static let removed = "REMOVED"
    private var known: [[UInt8]] = []
    /// A shorter one stands in too many innocent words.
    private static let shortest = 6

    package init() {}

    /// Adds a secret, which is removed wherever it stands. White space at its ends does not belong to it.
    package mutating func learn(_ secret: String) {
        let bytes = Array(Self.trimmed(secret).utf8)
        guard bytes.count >= Self.shortest, !known.contains(bytes) else { return }
        known.append(bytes)
        // A secret may be the beginning of another.
        known.sort { $0.count > $1.count }
    }

    /// Adds those that another one knows.
    package mutating func learn(from other: SecretScrubber) {
        for secret in other.known { learn(String(decoding: secret, as: UTF8.self)) }
    }

    private static func trimmed(_ text: String) -> String {
        let head = text.drop { $0.isWhitespace }
        guard let last = head.lastIndex(where: { !$0.isWhitespace }) else { return "" }
        return String(head[...last])
    }

    /// The text without them. Each is replaced by `REMOVED`, so that a reader sees that there was one.
    package func scrub(_ text: String) -> String {
        var bytes = Array(text.utf8)
        for secret in known { bytes = Self.replacing(secret, in: bytes) }
        var lines: [String] = []
        var isInKey = false
        for line in bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
            var text = String(decoding: line, as: UTF8.self)
            if isInKey {
                isInKey = !text.contains("-----END ")
                continue
            }
            guard Self.mayHoldSecret(line) else {
                lines.append(text)
                continue
            }
            if let begin = text.firstRange(of: /-----BEGIN [A-Z ]*PRIVATE KEY-----/) {
                let end = text[begin.upperBound...].firstRange(of: /-----END [A-Z ]*PRIVATE KEY-----/)
                isInKey = end == nil
                text.replaceSubrange(begin.lowerBound..<(end?.upperBound ?? text.endIndex), with: Self.removed)
            }
            lines.append(Self.withoutValues(text))
        }
        return lines.joined(separator: "\n")
    }

    private static func replacing(_ secret: [UInt8], in bytes: [UInt8]) -> [UInt8] {
        guard let first = secret.first else { return bytes }
        var result: [UInt8] = []
        var start = 0
        bytes.withUnsafeBytes { bytes in
            guard let base = bytes.baseAddress else { return }
            var next = 0
            while next + secret.count <= bytes.count,
                let found = memchr(base + next, Int32(first), bytes.count - next - secret.count + 1)
            {
                let place = UnsafeRawPointer(found) - base
                next = place + 1
                guard memcmp(found, secret, secret.count) == 0 else { continue }
                result += bytes[start..<place]
                result += removed.utf8
                start = place + secret.count
                next = start
            }
            result += bytes[start...]
        }
        return result
    }

    /// Most lines hold nothing of the kind, and expressions are slow.
    private static func mayHoldSecret(_ line: ArraySlice<UInt8>) -> Bool {
        line.withUnsafeBytes { line in
            line.indices.contains { place in
                guard firstBytes[Int(line[place] | 0x20)] else { return false }
                return words.contains { word in
                    place + word.count <= line.count
                        && word.indices.allSatisfy { line[place + $0] | 0x20 == word[$0] }
                }
            }
        }
    }

    private static let firstBytes: [Bool] = (0..<256).map { byte in words.contains { $0.first.map(Int.init) == byte } }
    private static let words = [
        "passw", "passphrase", "secret", "token", "apikey", "api_key", "api-key", "credential", "authorization",
        "bearer", "private key", "://", "eyj",
    ].map { word in word.utf8.map { $0 | 0x20 } }

    private static func withoutValues(_ line: String) -> String {
        var line = line
        line.replace(/(?i)(authorization["']?\s*[:=]\s*).*/) { "\($0.1)\(removed)" }
        line.replace(/(?i)(bearer\s+)[A-Za-z0-9._~+\/=-]{8,}/) { "\($0.1)\(removed)" }
        line.replace(/:\/\/[^\/\s@"']+:[^\/\s@"']*@/) { _ in "://\(removed)@" }
        line.replace(/eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*/) { _ in removed }
        line.replace(
            /(?i)([A-Za-z0-9_.-]*(?:passwd|password|passphrase|secret|token|api[_-]?key|credentials?))(\\?["']?\s*[:=]\s*\\?)("(?:[^"\\]|\\.)*"|'[^']*'|[^\s"',;<>{}\[\]\\]+)/
        ) { match in
            let (whole, name, equals, value) = match.output
            // The name of a Secret is no secret.
            if name.lowercased().hasSuffix("pullsecret") { return String(whole) }
            let quote = value.first.map { $0 == "\"" || $0 == "'" ? String($0) : "" } ?? ""
            return "\(name)\(equals)\(quote)\(removed)\(quote)"
        }
        return line
    }
}
