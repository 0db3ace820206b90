import Synchronization

/// The counters, gauges and histograms that the agent keeps.
///
/// Owns every series, by metric and label values. A metric takes a bounded number of series, so that no input makes the
/// daemon grow: what is beyond is dropped and counted. The series of a VM vanish with it, by `forget`.
///
/// Synchronization: one mutex, held for one change or one copy.
package final class MetricsRegistry: Sendable {
    private struct Histogram {
        var buckets: [UInt64]
        var sum = 0.0
        var count: UInt64 = 0
    }

    private enum Series {
        case value(Double)
        case histogram(Histogram)
    }

    private struct State {
        var families: [MetricDescriptor: [[String]: Series]] = [:]
        var dropped: [String: Double] = [:]
    }

    private let state = Mutex(State())
    private let maximumSeries: Int

    package static let dropped = MetricDescriptor(
        "virt_node_metrics_dropped_total", .counter, "Changes of series beyond the limit of their metric.",
        labels: ["metric"])

    package init(maximumSeries: Int = 2000) { self.maximumSeries = maximumSeries }

    /// Adds to a counter or a gauge. Label values stand in the order of the descriptor's names.
    package func add(_ amount: Double = 1, to metric: MetricDescriptor, _ labels: String...) {
        change(metric, labels) { series in
            if case .value(let value)? = series { .value(value + amount) } else { .value(amount) }
        }
    }

    /// Sets a gauge.
    package func set(_ metric: MetricDescriptor, to value: Double, _ labels: String...) {
        change(metric, labels) { _ in .value(value) }
    }

    /// Takes a measurement into a histogram.
    package func observe(_ value: Double, in metric: MetricDescriptor, _ labels: String...) {
        guard case .histogram(let bounds) = metric.kind else { return }
        change(metric, labels) { series in
            var histogram = Histogram(buckets: Array(repeating: 0, count: bounds.count))
            if case .histogram(let known)? = series { histogram = known }
            if let index = bounds.firstIndex(where: { value <= $0 }) { histogram.buckets[index] += 1 }
            histogram.sum += value
            histogram.count += 1
            return .histogram(histogram)
        }
    }

    /// Takes one series away, such as a gauge of a state that is over.
    package func remove(_ metric: MetricDescriptor, _ labels: String...) {
        state.withLock { $0.families[metric]?[labels] = nil }
    }

    /// Takes every series of a VM away.
    package func forget(namespace: String, name: String) {
        state.withLock { state in
            for metric in state.families.keys {
                guard let space = metric.labels.firstIndex(of: "namespace"),
                    let own = metric.labels.firstIndex(where: { $0 == "name" || $0 == "vmi" })
                else { continue }
                state.families[metric] = state.families[metric]?.filter { labels, _ in
                    labels[space] != namespace || labels[own] != name
                }
            }
        }
    }

    private func change(_ metric: MetricDescriptor, _ labels: [String], _ body: (Series?) -> Series) {
        // Series whose labels do not fit their metric would make the whole page unreadable.
        let labels = metric.labels.indices.map { $0 < labels.count ? labels[$0] : "" }
        state.withLock { state in
            var family = state.families[metric] ?? [:]
            state.families[metric] = nil
            if family[labels] != nil || family.count < maximumSeries {
                family[labels] = body(family[labels])
            } else {
                state.dropped[metric.name, default: 0] += 1
            }
            state.families[metric] = family
        }
    }

    /// All series, sorted by their labels.
    package func families() -> [MetricFamily] {
        let (families, dropped) = state.withLock { ($0.families, $0.dropped) }
        var result = families.map { metric, series in
            let samples = series.sorted { $0.key.lexicographicallyPrecedes($1.key) }.flatMap { labels, series in
                Self.samples(metric, labels, series)
            }
            return MetricFamily(metric, samples)
        }
        var family = MetricFamily(Self.dropped)
        for (name, count) in dropped { family.add(count, name) }
        result.append(family)
        return result
    }

    private static func samples(_ metric: MetricDescriptor, _ values: [String], _ series: Series) -> [MetricSample] {
        let labels = zip(metric.labels, values).map { MetricSample.Label(name: $0, value: $1) }
        guard case .histogram(let histogram) = series, case .histogram(let bounds) = metric.kind else {
            if case .value(let value) = series { return [MetricSample(value, labels: labels)] }
            return []
        }
        var below: UInt64 = 0
        var samples: [MetricSample] = []
        for (bound, count) in zip(bounds, histogram.buckets) {
            below += count
            let bucket = labels + [.init(name: "le", value: PrometheusText.number(bound))]
            samples.append(MetricSample(Double(below), labels: bucket, suffix: "_bucket"))
        }
        let all = labels + [.init(name: "le", value: "+Inf")]
        samples.append(MetricSample(Double(histogram.count), labels: all, suffix: "_bucket"))
        samples.append(MetricSample(histogram.sum, labels: labels, suffix: "_sum"))
        samples.append(MetricSample(Double(histogram.count), labels: labels, suffix: "_count"))
        return samples
    }
}
