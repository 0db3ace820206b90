/// Rows of text under a header, in columns as wide as they need, or as narrow as a width makes them.
struct TextTable {
    struct Column {
        var title: String
        var alignsRight = false
        /// Whether its texts may be broken over several lines where the table is too wide.
        var shrinks = false
    }

    private static let narrowest = 8

    var columns: [Column]
    var rows: [[String]] = []

    /// Without blanks at the ends of lines; as wide as it wants without a width.
    func lines(width: Int? = nil) -> [String] {
        let widths = fitted(to: width ?? .max)
        let body = rows.map { row in
            zip(columns.indices, row).map { columns[$0].shrinks ? broken($1, width: widths[$0]) : [$1] }
        }
        return [line(columns.map(\.title), widths)]
            + body.flatMap { row in
                (0..<(row.map(\.count).max() ?? 1)).map { index in
                    line(row.map { index < $0.count ? $0[index] : "" }, widths)
                }
            }
    }

    /// Takes from the widest column that shrinks until all fit.
    private func fitted(to width: Int) -> [Int] {
        var widths = columns.indices.map { column in
            max(columns[column].title.count, rows.map { $0[column].count }.max() ?? 0)
        }
        var excess = widths.reduce(0, +) + 2 * (widths.count - 1) - width
        while excess > 0 {
            let shrinking = columns.indices.filter { columns[$0].shrinks && widths[$0] > Self.narrowest }
            guard let widest = shrinking.max(by: { widths[$0] < widths[$1] }) else { break }
            widths[widest] -= 1
            excess -= 1
        }
        return widths
    }

    private func line(_ cells: [String], _ widths: [Int]) -> String {
        let texts = columns.indices.map { index in
            let blanks = String(repeating: " ", count: max(0, widths[index] - cells[index].count))
            return columns[index].alignsRight ? blanks + cells[index] : cells[index] + blanks
        }
        let text = texts.joined(separator: "  ")
        return String(text[..<(text.lastIndex { $0 != " " }.map(text.index(after:)) ?? text.startIndex)])
    }
}

/// Lines of at most `width` characters, broken after commas and at blanks, and inside a longer word.
func broken(_ text: String, width: Int) -> [String] {
    guard text.count > width else { return [text] }
    var words: [Substring] = []
    for word in text.split(separator: " ") {
        var rest = word[...]
        while !rest.isEmpty {
            let comma = rest.firstIndex(of: ",").map(rest.index(after:)) ?? rest.endIndex
            let end = min(
                comma, rest.index(rest.startIndex, offsetBy: width, limitedBy: rest.endIndex) ?? rest.endIndex)
            words.append(rest[..<end])
            rest = rest[end...]
        }
        words.append(" ")
    }
    var lines = [""]
    for word in words {
        if lines[lines.count - 1].count + word.count > width, word != " " { lines.append("") }
        lines[lines.count - 1] += word
    }
    return lines.map { String($0.trimmed) }
}

/// Text from files of the host, which may hold anything: printable ASCII as it is, everything else as `?`, so that no
/// name moves the cursor or a column.
func plain(_ text: String) -> String {
    String(
        String.UnicodeScalarView(text.unicodeScalars.map { (0x20...0x7E).contains($0.value) ? $0 : "?" }))
}
