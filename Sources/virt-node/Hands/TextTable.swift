/// Rows of text in columns as wide as their longest cell. Tenants' text is made visible, and stays on its line.
struct TextTable {
    private var rows: [[String]]
    private let gap: String
    private let indent: String
    /// As wide as any row so far, for tables that grow while they are printed.
    private var widths: [Int]

    init(_ header: [String] = [], gap: Int = 3, indent: Int = 0) {
        rows = header.isEmpty ? [] : [header]
        self.gap = String(repeating: " ", count: gap)
        self.indent = String(repeating: " ", count: indent)
        widths = header.map(\.count)
    }

    var isEmpty: Bool { rows.isEmpty }

    mutating func add(_ cells: [String]) {
        let cells = cells.map(Self.cell)
        for (column, cell) in cells.enumerated() {
            if column < widths.count {
                widths[column] = max(widths[column], cell.count)
            } else {
                widths.append(cell.count)
            }
        }
        rows.append(cells)
    }

    /// All rows so far as lines; they are not printed again.
    mutating func take() -> String {
        defer { rows = [] }
        return text
    }

    var text: String { rows.map { line($0) + "\n" }.joined() }

    /// The same for a terminal of so many columns: the last cell goes on below itself.
    func text(width: Int?) -> String {
        guard let width, let last = widths.indices.last else { return text }
        let start = indent.count + widths.dropLast().reduce(0) { $0 + $1 + gap.count }
        let limit = width - start
        // What has no room beside the other cells is left to the terminal.
        guard limit >= 30 else { return text }
        return rows.map { row in
            guard row.count == last + 1 else { return line(row) + "\n" }
            let parts = TextWrap.lines(row[last], limit: limit)
            let rest = parts.dropFirst().map { String(repeating: " ", count: start) + $0 + "\n" }
            return line(row.dropLast() + [parts[0]]) + "\n" + rest.joined()
        }.joined()
    }

    private func line(_ cells: [String]) -> String {
        var line = indent
        for (column, cell) in cells.enumerated() {
            line += cell
            // Nothing follows the last cell that says something.
            guard cells[(column + 1)...].contains(where: { !$0.isEmpty }) else { break }
            line += String(repeating: " ", count: max(0, widths[column] - cell.count)) + gap
        }
        return line
    }

    private static func cell(_ text: String) -> String {
        let shown = Standard.visible(text)
        guard shown.utf8.contains(where: { $0 == 0x0A || $0 == 0x09 }) else { return shown }
        return shown.replacing("\n", with: "\\n").replacing("\t", with: " ")
    }
}
