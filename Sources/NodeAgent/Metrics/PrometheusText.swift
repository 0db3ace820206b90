/// Prometheus' text exposition format, version 0.0.4.
package enum PrometheusText {
    package static let contentType = "text/plain; version=0.0.4; charset=utf-8"

    /// Families sorted by name, the series of each by their labels; families of one name become one, empty ones none.
    package static func encode(_ families: [MetricFamily]) -> String {
        var text = ""
        let byName = Dictionary(grouping: families) { $0.descriptor.name }
        for name in byName.keys.sorted() {
            guard let group = byName[name], let descriptor = group.first?.descriptor else { continue }
            let samples = group.flatMap(\.samples)
            guard !samples.isEmpty else { continue }
            text += "# HELP \(name) \(escapeHelp(descriptor.help))\n# TYPE \(name) \(word(descriptor.kind))\n"
            if case .histogram = descriptor.kind {
                // The registry gives a histogram's lines in the order that readers expect: rising buckets, sum, count.
                for sample in samples { text += line(name, sample) }
            } else {
                for line in samples.map({ line(name, $0) }).sorted() { text += line }
            }
        }
        return text
    }

    private static func word(_ kind: MetricDescriptor.Kind) -> String {
        switch kind {
        case .counter: "counter"
        case .gauge: "gauge"
        case .histogram: "histogram"
        }
    }

    private static func line(_ name: String, _ sample: MetricSample) -> String {
        let labels = sample.labels.map { "\($0.name)=\"\(escapeValue($0.value))\"" }.joined(separator: ",")
        return "\(name)\(sample.suffix)\(labels.isEmpty ? "" : "{\(labels)}") \(number(sample.value))\n"
    }

    static func number(_ value: Double) -> String {
        if value.isNaN { return "NaN" }
        if value.isInfinite { return value < 0 ? "-Inf" : "+Inf" }
        // Whole numbers without a fraction, as far as a Double counts them.
        if let whole = Int64(exactly: value), abs(value) < 9_007_199_254_740_992 { return "\(whole)" }
        return "\(value)"
    }

    private static func escapeHelp(_ text: String) -> String { escape(text, quotes: false) }
    private static func escapeValue(_ text: String) -> String { escape(text, quotes: true) }

    private static func escape(_ text: String, quotes: Bool) -> String {
        guard text.utf8.contains(where: { $0 == 0x5C || $0 == 0x0A || $0 == 0x22 }) else { return text }
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\"" where quotes: result += "\\\""
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }
}
