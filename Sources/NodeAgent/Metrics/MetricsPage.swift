import Synchronization

/// The page that `/metrics` shows.
///
/// Owns the count of scrapes at work. Synchronization: a mutex guards it; everything else is asked of its owners.
package final class MetricsPage: Sendable {
    package typealias Source = @Sendable () async -> [MetricFamily]

    /// Scrapes at once; more are turned away, so that a monitor gone wild costs little.
    private static let limit = 3
    /// Older counters of VMs are left out: they would be taken for the truth.
    private static let oldest = Duration.seconds(60)

    private let registry: MetricsRegistry
    private let statistics: StatisticsCache
    private let instances: @Sendable () async -> [InstanceSample]
    private let sources: [Source]
    private let node: String
    private let active = Mutex(0)

    /// `sources` are what others count, such as the API client's requests.
    package init(
        node: String, registry: MetricsRegistry, statistics: StatisticsCache,
        instances: @escaping @Sendable () async -> [InstanceSample], sources: [Source] = []
    ) {
        self.node = node
        self.registry = registry
        self.statistics = statistics
        self.instances = instances
        self.sources = sources
    }

    /// The page's text; nil where too many scrapes are at work.
    package func text() async -> String? {
        let isAdmitted = active.withLock { active in
            guard active < Self.limit else { return false }
            active += 1
            return true
        }
        guard isAdmitted else { return nil }
        defer { active.withLock { $0 -= 1 } }
        var families = registry.families() + ProcessMetrics.families()
        for source in sources { families += await source() }
        let instances = await instances()
        let reading = instances.isEmpty ? nil : await statistics.reading()
        if let reading {
            let age = Double(reading.age.components.seconds) + Double(reading.age.components.attoseconds) / 1e18
            families.append(MetricFamily(AgentMetrics.statisticsAge, [MetricSample(age)]))
        }
        let counters = reading.map { $0.age <= Self.oldest ? $0.statistics : [] } ?? []
        families += InstanceMetrics.families(instances, counters, node: node)
        return PrometheusText.encode(families)
    }
}
