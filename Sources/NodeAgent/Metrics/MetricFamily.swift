/// What a metric is: its name, its help and its labels.
package struct MetricDescriptor: Sendable, Hashable {
    package enum Kind: Sendable, Hashable {
        case counter
        case gauge
        /// With the upper bounds of its buckets, rising; the infinite one is added.
        case histogram([Double])
    }

    package let name: String
    package let help: String
    package let kind: Kind
    /// The label names that every series of it bears, in their order.
    package let labels: [String]

    package init(_ name: String, _ kind: Kind, _ help: String, labels: [String] = []) {
        self.name = name
        self.kind = kind
        self.help = help
        self.labels = labels
    }
}

/// One value of a metric.
package struct MetricSample: Sendable, Equatable {
    package struct Label: Sendable, Equatable {
        package var name: String
        package var value: String
    }

    /// What follows the metric's name, such as `_bucket`.
    package var suffix: String
    package var labels: [Label]
    package var value: Double

    package init(_ value: Double, labels: [Label] = [], suffix: String = "") {
        self.value = value
        self.labels = labels
        self.suffix = suffix
    }
}

/// A metric with the values that it has now.
package struct MetricFamily: Sendable, Equatable {
    package var descriptor: MetricDescriptor
    package var samples: [MetricSample]

    package init(_ descriptor: MetricDescriptor, _ samples: [MetricSample] = []) {
        self.descriptor = descriptor
        self.samples = samples
    }

    /// Adds a value with the label values in the descriptor's order.
    package mutating func add(_ value: Double, _ values: String...) {
        let labels = zip(descriptor.labels, values).map { MetricSample.Label(name: $0, value: $1) }
        samples.append(MetricSample(value, labels: labels))
    }
}
