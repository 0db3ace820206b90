/// Lines of two columns: what there is on the left, and on the right what is said of it.
struct TwoColumns {
    /// Columns of a line, and where the right half begins.
    private static let width = 120
    private static let middle = 60
    private static let deepest = 40
    private static let continuation = 4

    private(set) var text = ""

    /// Adds a row; both halves break between words. On the left a word that is too long has a line of its own, and is
    /// cut where even that is too short; on the right it is broken.
    mutating func row(_ words: [String], indent: Int = 0, _ right: String = "") {
        let room = Self.width - Self.middle
        let said = Self.visible(right).split(separator: " ").flatMap { Self.pieces($0, of: room - 2) }
        var comments = Self.wrap(said, indents: (0, 2), room).makeIterator()
        let indent = min(indent, Self.deepest)
        for line in Self.wrap(words, indents: (indent, indent + Self.continuation), Self.middle - 2) {
            if line.count <= Self.middle - 2, let comment = comments.next() {
                add(line + Self.spaces(Self.middle - line.count) + comment)
            } else {
                add(line)
            }
        }
        while let comment = comments.next() { add(Self.spaces(Self.middle) + comment) }
    }

    /// Adds a sentence across both halves.
    mutating func line(_ text: String, indent: Int = 0) {
        let words = Self.visible(text).split(separator: " ").flatMap { Self.pieces($0, of: Self.width - indent - 2) }
        for line in Self.wrap(words, indents: (indent, indent + 2), Self.width) { add(line) }
    }

    /// Text of a VMI must not move a terminal's cursor or forge a line.
    private mutating func add(_ line: String) {
        text += Self.visible(line)
        text += "\n"
    }

    private static func wrap(_ words: [String], indents: (first: Int, rest: Int), _ width: Int) -> [String] {
        var lines: [String] = []
        var line = spaces(indents.first)
        var isEmpty = true
        for word in words {
            let word = cut(visible(word), to: Self.width - indents.rest)
            if isEmpty || line.count + 1 + word.count <= width {
                line += isEmpty ? word : " \(word)"
            } else {
                lines.append(line)
                line = spaces(indents.rest) + word
            }
            isEmpty = false
        }
        return isEmpty ? lines : lines + [line]
    }

    /// The first and last characters of a word that is too long.
    private static func cut(_ word: String, to width: Int) -> String {
        guard word.count > width else { return word }
        let tail = width / 3
        return "\(word.prefix(width - tail - 3))...\(word.suffix(tail))"
    }

    private static func pieces(_ word: Substring, of length: Int) -> [String] {
        var pieces: [String] = []
        var rest = word
        while !rest.isEmpty {
            pieces.append(String(rest.prefix(length)))
            rest = rest.dropFirst(length)
        }
        return pieces
    }

    private static func spaces(_ count: Int) -> String { String(repeating: " ", count: max(0, count)) }

    private static func visible(_ text: String) -> String {
        func isControl(_ scalar: Unicode.Scalar) -> Bool { scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value) }
        guard text.unicodeScalars.contains(where: isControl) else { return text }
        return text.unicodeScalars.reduce(into: "") { shown, scalar in
            switch scalar {
            case "\n": shown += "\\n"
            case "\t": shown += "\\t"
            case _ where isControl(scalar): shown += "\\u{\(String(scalar.value, radix: 16))}"
            default: shown.unicodeScalars.append(scalar)
            }
        }
    }
}
