/// Reads a guest's serial console for signs of life. It holds the last line only.
package struct GuestBootDetector: Sendable {
    package enum Sign: Sendable, Equatable {
        /// The first line was printed.
        case firstLine
        /// A login or shell prompt waits for input.
        case prompt
    }

    private var line: [UInt8] = []
    private var hasLine = false
    private var hasPrompt = false
    private static let lineLimit = 512

    package init() {}

    /// Takes what was printed, and returns each sign once.
    package mutating func take(_ bytes: [UInt8]) -> [Sign] {
        guard !hasPrompt else { return [] }
        var signs: [Sign] = []
        for byte in bytes {
            if byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r") {
                if !hasLine, Self.text(line).contains(where: { !$0.isWhitespace }) {
                    hasLine = true
                    signs.append(.firstLine)
                }
                line.removeAll(keepingCapacity: true)
            } else if line.count < Self.lineLimit {
                line.append(byte)
            }
        }
        if Self.isPrompt(Self.text(line)) {
            hasPrompt = true
            signs.append(.prompt)
        }
        return signs
    }

    /// The line without terminal escapes.
    private static func text(_ line: [UInt8]) -> String {
        String(decoding: line, as: UTF8.self).replacing(/\u{1B}(\[[0-9;?]*[A-Za-z]|[()][A-Z0-9]|[=>])/, with: "")
    }

    private static func isPrompt(_ line: String) -> Bool {
        let shell = #/[^\s].{0,80}[#$]\ |(/|~)?\ ?[#$]\ /#
        return line.hasSuffix("login: ") || line.wholeMatch(of: shell) != nil
    }
}
