import NodeAgent
import Testing

@Suite struct MetricsRegistryTests {
    private static let counter = MetricDescriptor("t_total", .counter, "A count.", labels: ["namespace", "name"])
    private static let gauge = MetricDescriptor("t_gauge", .gauge, "A \"state\"\\\nof things.")
    private static let histogram = MetricDescriptor("t_seconds", .histogram([0.1, 1]), "Times.", labels: ["step"])

    @Test("counters add up, gauges are set, and both are told by their labels")
    func values() throws {
        let registry = MetricsRegistry()
        registry.add(to: Self.counter, "a", "x")
        registry.add(2.5, to: Self.counter, "a", "x")
        registry.add(to: Self.counter, "a", "y")
        registry.set(Self.gauge, to: 7)
        registry.set(Self.gauge, to: -1)
        let page = try ExpositionParser(PrometheusText.encode(registry.families()))
        #expect(page.value("t_total", ["namespace": "a", "name": "x"]) == 3.5)
        #expect(page.value("t_total", ["namespace": "a", "name": "y"]) == 1)
        #expect(page.value("t_gauge") == -1)
        #expect(page.types == ["t_total": "counter", "t_gauge": "gauge"])
    }

    @Test("a histogram's buckets hold what is below them, with the infinite one last")
    func histograms() throws {
        let registry = MetricsRegistry()
        for value in [0.05, 0.1, 0.5, 3] { registry.observe(value, in: Self.histogram, "boot") }
        let text = PrometheusText.encode(registry.families())
        let page = try ExpositionParser(text)
        #expect(page.value("t_seconds_bucket", ["step": "boot", "le": "0.1"]) == 2)
        #expect(page.value("t_seconds_bucket", ["step": "boot", "le": "1"]) == 3)
        #expect(page.value("t_seconds_bucket", ["step": "boot", "le": "+Inf"]) == 4)
        #expect(page.value("t_seconds_count", ["step": "boot"]) == 4)
        #expect(page.value("t_seconds_sum", ["step": "boot"]) == 3.65)
    }

    @Test("the series of a VM vanish with it, and no others do")
    func forget() throws {
        let registry = MetricsRegistry()
        registry.add(to: Self.counter, "a", "x")
        registry.add(to: Self.counter, "b", "x")
        registry.set(AgentMetrics.vncConnections, to: 1, "a", "x")
        registry.set(Self.gauge, to: 7)
        registry.forget(namespace: "a", name: "x")
        let page = try ExpositionParser(PrometheusText.encode(registry.families()))
        #expect(page.values.keys.map(\.name).sorted() == ["t_gauge", "t_total"])
        #expect(page.value("t_total", ["namespace": "b", "name": "x"]) == 1)
    }

    @Test("a metric takes a bounded number of series, and says what it dropped")
    func bounds() throws {
        let registry = MetricsRegistry(maximumSeries: 3)
        for index in 0..<5 { registry.add(to: Self.counter, "a", "\(index)") }
        registry.add(to: Self.counter, "a", "0")
        let page = try ExpositionParser(PrometheusText.encode(registry.families()))
        #expect(page.values.keys.filter { $0.name == "t_total" }.count == 3)
        #expect(page.value("t_total", ["namespace": "a", "name": "0"]) == 2)
        #expect(page.value("virt_node_metrics_dropped_total", ["metric": "t_total"]) == 2)
    }

    @Test("label values are escaped so that they come back as they were")
    func escaping() throws {
        let registry = MetricsRegistry()
        let odd = "a\"b\\c\nd,e}f={ü"
        registry.add(to: Self.counter, odd, "x")
        registry.set(Self.gauge, to: .infinity)
        let page = try ExpositionParser(PrometheusText.encode(registry.families()))
        #expect(page.value("t_total", ["namespace": odd, "name": "x"]) == 1)
        #expect(page.value("t_gauge") == .infinity)
    }

    @Test("numbers keep their digits")
    func numbers() {
        let values: [Double] = [0, 1, 1_700_000_000, 0.001, 9_007_199_254_740_992, -3.5]
        let family = MetricFamily(Self.gauge, values.map { MetricSample($0) })
        let text = PrometheusText.encode([family])
        let numbers = text.split(separator: "\n").dropFirst(2).compactMap { Double($0.split(separator: " ")[1]) }
        #expect(Set(numbers) == Set(values))
        #expect(text.contains("t_gauge 1700000000\n"))
    }
}
