/// A density run as one HTML file: the chart and the tables, and nothing from elsewhere.
package struct DensityPage: Sendable {
    /// A table of the report: the first row is its head.
    package struct Table: Sendable {
        package var title: String
        package var rows: [[String]]

        package init(title: String, rows: [[String]]) {
            self.title = title
            self.rows = rows
        }
    }

    private let title: String
    private let chart: DensityChart
    private let tables: [Table]
    private let notes: [String]

    package init(title: String, chart: DensityChart, tables: [Table], notes: [String]) {
        self.title = title
        self.chart = chart
        self.tables = tables
        self.notes = notes
    }

    package var html: String {
        """
        <!DOCTYPE html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width">
        <title>\(DensityChart.escape(title))</title>
        <style>
        body { font: 15px/1.5 system-ui, sans-serif; color: #1f2328; background: #fff; max-width: 900px; margin: 2em auto; padding: 0 1em }
        svg { max-width: 100%; height: auto }
        table { border-collapse: collapse; margin: .5em 0 1.5em }
        th, td { padding: .25em .9em; border-bottom: 1px solid #d1d9e0; text-align: right }
        th:first-child, td:first-child { text-align: left; padding-left: 0 }
        p { color: #59636e; max-width: 46em }
        </style>
        </head>
        <body>
        \(chart.svg)
        \(tables.map(Self.table).joined(separator: "\n"))
        \(notes.map { "<p>\(DensityChart.escape($0))</p>" }.joined(separator: "\n"))
        </body>
        </html>

        """
    }

    private static func table(_ table: Table) -> String {
        let rows = table.rows.enumerated().map { index, cells in
            let tag = index == 0 ? "th" : "td"
            return "<tr>\(cells.map { "<\(tag)>\(DensityChart.escape($0))</\(tag)>" }.joined())</tr>"
        }
        return "<h2>\(DensityChart.escape(table.title))</h2>\n<table>\n\(rows.joined(separator: "\n"))\n</table>"
    }
}
