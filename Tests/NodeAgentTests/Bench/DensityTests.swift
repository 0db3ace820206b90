import NodeAgent
import Testing

/// The figures of a density run, and what is drawn of them.
@Suite struct DensityTests {
    static func figures(_ seconds: [Double], updates: Int = 0) -> DensityFigures {
        let before = DensityCounters(metrics: "")
        let running = DensityCounters(
            metrics: """
                # HELP virt_node_api_requests_total Requests to the Kubernetes API.
                virt_node_api_requests_total{verb="update",resource="virtualmachineinstances",code="200"} \(updates)
                virt_node_api_requests_total{verb="update",resource="virtualmachineinstances",code="409"} 1
                virt_node_api_requests_total{verb="update",resource="virtualmachineinstances/status",code="200"} 2
                virt_node_api_requests_total{verb="update",resource="leases",code="200"} 7
                process_cpu_seconds_total 1.5
                process_resident_memory_bytes 1.048576e+06
                """)
        return DensityFigures(
            count: seconds.count, gap: 0, creationToRunning: .init(seconds), scheduledToRunning: .init([]),
            deletionToGone: .init(seconds), secondsUntilAllRun: seconds.max() ?? 0, before: before, running: running,
            after: running)
    }

    @Test("a percentile is a time that was measured: the smallest that so many do not exceed")
    func percentiles() {
        let spread = DensityFigures.Spread((1...100).reversed().map { Double($0) })
        #expect(spread.at(percent: 50) == 50)
        #expect(spread.at(percent: 95) == 95)
        #expect(spread.at(percent: 99) == 99)
        #expect(spread.at(percent: 100) == 100)
        #expect(DensityFigures.Spread([3]).at(percent: 50) == 3)
        #expect(DensityFigures.Spread([2, 1]).at(percent: 51) == 2)
        #expect(DensityFigures.Spread([]).at(percent: 50) == nil)
    }

    @Test("requests are counted by verb over all codes, of VMIs and their subresources or of all")
    func requests() {
        let figures = Self.figures([1, 2], updates: 5)
        #expect(figures.requestsUntilRunning("update") == 4)
        #expect(figures.requestsUntilRunning("update", ofInstancesOnly: false) == 7.5)
        #expect(figures.requestsUntilRunning("patch") == 0)
        #expect(figures.running?.cpuSeconds == 1.5)
        #expect(figures.running?.residentBytes == 1_048_576)
    }

    @Test("where the daemon tells nothing, no request is counted")
    func silence() {
        var figures = Self.figures([1])
        figures.before = nil
        #expect(figures.requestsUntilRunning("update") == nil)
    }

    @Test("the chart has a curve for each time that was measured, and loads nothing")
    func chart() {
        let svg = DensityChart(Self.figures([0.2, 0.4, 1.5]), title: "3 <VMIs> & more").svg
        #expect(svg.hasPrefix("<svg "))
        #expect(svg.contains("3 &lt;VMIs&gt; &amp; more"))
        #expect(svg.components(of: "<path ") == 2)
        #expect(svg.contains("creation to Running: p50 0.4 s, p95 1.5 s"))
        #expect(!svg.contains("nan") && !svg.contains("inf"))
        #expect(svg.components(of: "http") == 1)
    }

    @Test("a chart without any time can be drawn too")
    func emptyChart() {
        let svg = DensityChart(Self.figures([]), title: "none").svg
        #expect(svg.components(of: "<path ") == 0)
        #expect(!svg.contains("nan") && !svg.contains("inf"))
    }

    @Test("the page holds the chart and its tables, with all text escaped")
    func page() {
        let html = DensityPage(
            title: "T", chart: DensityChart(Self.figures([1]), title: "T"),
            tables: [.init(title: "A & B", rows: [["", "p50"], ["x<y", "1 s"]])], notes: ["a note"]
        ).html
        #expect(html.contains("<svg "))
        #expect(html.contains("A &amp; B"))
        #expect(html.contains("<td>x&lt;y</td>"))
        #expect(html.contains("<th>p50</th>"))
        #expect(!html.contains("<script"))
    }
}

extension String {
    /// How often a text occurs.
    fileprivate func components(of text: String) -> Int { ranges(of: text).count }
}
