internal import Glibc

/// Draws a density run as SVG: how many VMs had come how far by when, and the writes that it took.
package struct DensityChart: Sendable {
    private let figures: DensityFigures
    private let title: String

    package static let width = 860
    package static let height = 560

    package init(_ figures: DensityFigures, title: String) {
        self.figures = figures
        self.title = title
    }

    /// Where the curves are drawn, in the SVG's units.
    private static let plot = (left: 64.0, top: 64.0, right: 836.0, bottom: 372.0)
    private static let curves:
        [(name: String, color: String, spread: any KeyPath<DensityFigures, DensityFigures.Spread> & Sendable)] = [
            ("creation to Running", "#1f6feb", \.creationToRunning),
            ("Scheduled to Running", "#1a7f37", \.scheduledToRunning),
            ("deletion to gone", "#9a6700", \.deletionToGone),
        ]

    /// A whole document: nothing is loaded from elsewhere.
    package var svg: String {
        """
        <svg xmlns="http://www.w3.org/2000/svg" width="\(Self.width)" height="\(Self.height)" \
        viewBox="0 0 \(Self.width) \(Self.height)" role="img" font-family="system-ui, sans-serif" font-size="13">
        <title>\(Self.escape(title))</title>
        <rect width="100%" height="100%" fill="#ffffff"/>
        <text x="64" y="28" font-size="17" font-weight="600" fill="#1f2328">\(Self.escape(title))</text>
        <text x="64" y="48" fill="#59636e">share of VMs by time, in seconds on a logarithmic scale</text>
        \(axes)\(kubeVirt)\(lines)\(legend)\(bars)</svg>

        """
    }

    /// The axis in powers of ten, so that a tenth of a second and half a minute are both readable.
    private var decades: ClosedRange<Int> {
        let all = Self.curves.flatMap { figures[keyPath: $0.spread].seconds }
        let smallest = all.filter { $0 > 0 }.min() ?? 0.1
        let largest = max(all.max() ?? 1, DensityFigures.KubeVirt.creationToRunningP95)
        return max(-3, Self.decade(smallest))...max(1, Self.decade(largest) + 1)
    }

    /// The power of ten at or below a value.
    private static func decade(_ value: Double) -> Int { Int(log10(value).rounded(.down)) }

    private func x(_ seconds: Double) -> Double {
        let (low, high) = (decades.lowerBound, decades.upperBound)
        let position = (log10(max(seconds, Self.power(low))) - Double(low)) / Double(high - low)
        return Self.plot.left + position * (Self.plot.right - Self.plot.left)
    }

    private func y(_ share: Double) -> Double { Self.plot.bottom - share * (Self.plot.bottom - Self.plot.top) }

    private var axes: String {
        var text = ""
        for share in [0.0, 0.25, 0.5, 0.75, 0.95, 1.0] {
            let level = Self.number(y(share))
            text += "<line x1=\"64\" x2=\"836\" y1=\"\(level)\" y2=\"\(level)\" stroke=\"#d1d9e0\"/>"
            text +=
                "<text x=\"56\" y=\"\(Self.number(y(share) + 4))\" text-anchor=\"end\" fill=\"#59636e\">\(Int(share * 100))%</text>\n"
        }
        for power in decades {
            let place = Self.number(x(Self.power(power)))
            text += "<line x1=\"\(place)\" x2=\"\(place)\" y1=\"64\" y2=\"372\" stroke=\"#d1d9e0\"/>"
            text +=
                "<text x=\"\(place)\" y=\"390\" text-anchor=\"middle\" fill=\"#59636e\">\(Self.seconds(Self.power(power)))</text>\n"
        }
        return text
    }

    /// KubeVirt publishes two points of its curve.
    private var kubeVirt: String {
        typealias Theirs = DensityFigures.KubeVirt
        return [(Theirs.creationToRunningP50, 0.5), (Theirs.creationToRunningP95, 0.95)].map { seconds, share in
            let (left, top) = (Self.number(x(seconds)), Self.number(y(share)))
            return "<circle cx=\"\(left)\" cy=\"\(top)\" r=\"5\" fill=\"#cf222e\"/>"
                + "<text x=\"\(Self.number(x(seconds) - 9))\" y=\"\(Self.number(y(share) + 16))\" text-anchor=\"end\" fill=\"#cf222e\">\(Self.seconds(seconds))</text>\n"
        }.joined()
    }

    private var lines: String {
        Self.curves.map { curve in
            let seconds = figures[keyPath: curve.spread].seconds
            guard let first = seconds.first else { return "" }
            var path = "M\(Self.number(x(first))) \(Self.number(y(0)))"
            for (index, value) in seconds.enumerated() {
                path += "H\(Self.number(x(value)))V\(Self.number(y(Double(index + 1) / Double(seconds.count))))"
            }
            return "<path d=\"\(path)\" fill=\"none\" stroke=\"\(curve.color)\" stroke-width=\"2\"/>\n"
        }.joined()
    }

    private var legend: String {
        var text = ""
        var entries = Self.curves.compactMap { curve -> (String, String)? in
            let spread = figures[keyPath: curve.spread]
            guard let median = spread.at(percent: 50), let late = spread.at(percent: 95) else { return nil }
            return ("\(curve.name): p50 \(Self.seconds(median)), p95 \(Self.seconds(late))", curve.color)
        }
        entries.append(("KubeVirt, creation to Running (100 VMIs, 100 ms apart)", "#cf222e"))
        for (index, entry) in entries.enumerated() {
            let (left, top) = (64 + (index % 2) * 390, 412 + (index / 2) * 20)
            text += "<rect x=\"\(left)\" y=\"\(top - 10)\" width=\"12\" height=\"12\" fill=\"\(entry.1)\"/>"
            text += "<text x=\"\(left + 18)\" y=\"\(top)\" fill=\"#1f2328\">\(Self.escape(entry.0))</text>\n"
        }
        return text
    }

    /// Writes of a VMI until it runs, beside KubeVirt's.
    private var bars: String {
        guard let updates = figures.requestsUntilRunning("update"), let patches = figures.requestsUntilRunning("patch")
        else { return "" }
        typealias Theirs = DensityFigures.KubeVirt
        let rows = [
            ("virt-node", updates, patches, "#1f6feb", "#79b8ff"),
            ("KubeVirt", Theirs.updates, Theirs.patches, "#cf222e", "#f2a3a8"),
        ]
        var text =
            "<text x=\"64\" y=\"472\" font-weight=\"600\" fill=\"#1f2328\">Writes of a VMI until it runs</text>\n"
        for (index, row) in rows.enumerated() {
            let top = 484 + index * 32
            let (first, second) = (row.1 * 80, row.2 * 80)
            text += "<text x=\"140\" y=\"\(top + 16)\" text-anchor=\"end\" fill=\"#1f2328\">\(row.0)</text>"
            text += "<rect x=\"150\" y=\"\(top)\" width=\"\(Self.number(first))\" height=\"22\" fill=\"\(row.3)\"/>"
            text +=
                "<rect x=\"\(Self.number(150 + first))\" y=\"\(top)\" width=\"\(Self.number(second))\" height=\"22\" fill=\"\(row.4)\"/>"
            text +=
                "<text x=\"\(Self.number(158 + first + second))\" y=\"\(top + 16)\" fill=\"#1f2328\">\(Self.number(row.1)) updates, \(Self.number(row.2)) patches</text>\n"
        }
        return text
    }
}

// MARK: - Numbers and text

extension DensityChart {
    private static func power(_ exponent: Int) -> Double { pow(10, Double(exponent)) }

    /// Two decimals, fewer where they say nothing.
    static func number(_ value: Double) -> String {
        let hundredths = Int((value * 100).rounded())
        let (whole, rest) = (abs(hundredths) / 100, abs(hundredths) % 100)
        let sign = hundredths < 0 ? "-" : ""
        if rest == 0 { return "\(sign)\(whole)" }
        return rest % 10 == 0 ? "\(sign)\(whole).\(rest / 10)" : "\(sign)\(whole).\(rest < 10 ? "0" : "")\(rest)"
    }

    /// `0.12 s`, `28.3 s`.
    package static func seconds(_ value: Double) -> String {
        value < 0.1 ? "\(number(value * 1000)) ms" : "\(number(value)) s"
    }

    package static func escape(_ text: String) -> String {
        text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
            .replacing("\"", with: "&quot;")
    }
}
