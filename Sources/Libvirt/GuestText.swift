/// What a guest says of itself. It may lie, and it may flood: its texts are kept to a line of a bounded length, so that
/// they fit into a status, a log and a terminal.
enum GuestText {
    /// At most `limit` bytes of the text, without control characters.
    static func line(_ text: String, limit: Int) -> String {
        let isPlain = text.utf8.count <= limit && text.unicodeScalars.allSatisfy { !isControl($0) }
        if isPlain { return text }
        var line = ""
        var count = 0
        for scalar in text.unicodeScalars {
            let size = UTF8.width(scalar)
            guard count + size <= limit else { break }
            count += size
            line.unicodeScalars.append(isControl(scalar) ? " " : scalar)
        }
        return line
    }

    private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
        scalar.value < 0x20 || 0x7F...0x9F ~= scalar.value
    }
}

/// An answer of the agent, as `virDomainQemuAgentCommand` returns it.
enum GuestAgentAnswer {
    private static let key = Array("\"version\":\"".utf8)
    /// All commands that an agent lists take a tenth of it.
    private static let mostBytes = 64 << 10

    /// The agent's own version in an answer to `guest-info`; nil where it names none.
    static func version(in answer: String) -> String? {
        // libvirt prints the answer compactly, and the first member of that name is the agent's.
        let bytes = Array(answer.utf8.prefix(mostBytes))
        guard let start = bytes.indices.first(where: { bytes[$0...].starts(with: key) }) else { return nil }
        let value = bytes[(start + key.count)...].prefix { $0 != UInt8(ascii: "\"") }
        return GuestText.line(String(decoding: value, as: UTF8.self), limit: 128)
    }
}
