import KubernetesModel
import NodeAgent

/// A density run's figures beside KubeVirt's, as tables, a page and a document.
struct BenchDensityReport {
    private let figures: DensityFigures
    private let subject: String

    init(_ figures: DensityFigures, subject: String) {
        self.figures = figures
        self.subject = subject
    }

    private typealias Theirs = DensityFigures.KubeVirt

    var chart: DensityChart { DensityChart(figures, title: subject) }
    var page: DensityPage { DensityPage(title: subject, chart: chart, tables: tables, notes: notes) }

    var text: String {
        var text =
            "\(subject): \(figures.creationToRunning.seconds.count) ran, the last \(Self.seconds(figures.secondsUntilAllRun)) after the first was created\n"
        for table in tables {
            var columns = TextTable(gap: 3)
            for (index, row) in table.rows.enumerated() {
                columns.add(index == 0 ? [table.title] + row.dropFirst() : row)
            }
            text += "\n" + columns.text
        }
        return text + "\n" + notes.map { $0 + "\n" }.joined()
    }

    private var notes: [String] {
        [
            "Times are this program's own clock, from the request to what the watch brought: those in the objects count whole seconds.",
            "KubeVirt: its density test of 100 VMIs, 100 ms apart, on KVM, in a whole cluster.",
        ]
    }

    private var tables: [DensityPage.Table] { [times] + [requests, costs].compactMap(\.self) }

    private var times: DensityPage.Table {
        func row(_ title: String, _ spread: DensityFigures.Spread, _ p50: String = "-", _ p95: String = "-") -> [String]
        {
            let own = [50.0, 95, 99, 100].map { spread.at(percent: $0).map(Self.seconds) ?? "-" }
            return [title] + own + [p50, p95]
        }
        return DensityPage.Table(
            title: "Durations",
            rows: [
                ["", "p50", "p95", "p99", "max", "KubeVirt p50", "KubeVirt p95"],
                row(
                    "creation to Running", figures.creationToRunning, "\(Theirs.creationToRunningP50) s",
                    "\(Theirs.creationToRunningP95) s"),
                row("Scheduled to Running", figures.scheduledToRunning),
                row("deletion to gone", figures.deletionToGone),
            ])
    }

    private var requests: DensityPage.Table? {
        guard figures.before != nil, figures.running != nil else { return nil }
        func row(_ title: String, _ verb: String, _ isOfInstances: Bool, _ theirs: String = "-") -> [String] {
            [
                title, Self.number(figures.requestsUntilRunning(verb, ofInstancesOnly: isOfInstances)),
                Self.number(figures.requestsInAll(verb, ofInstancesOnly: isOfInstances)), theirs,
            ]
        }
        var rows = [
            ["", "until Running", "whole life", "KubeVirt"],
            row("updates of the VMI", "update", true, "\(Theirs.updates)"),
            row("patches of the VMI", "patch", true, "\(Theirs.patches)"),
            row("gets of the VMI", "get", true),
        ]
        for verb in ["create", "update", "patch", "get", "list", "watch", "delete"] {
            rows.append(row("all \(verb) requests", verb, false))
        }
        return DensityPage.Table(title: "Requests of the daemon per VMI", rows: rows)
    }

    private var costs: DensityPage.Table? {
        guard let before = figures.before, let running = figures.running else { return nil }
        func row(_ title: String, _ perVM: String, _ value: (DensityCounters) -> String) -> [String] {
            [title, value(before), value(running), perVM, figures.after.map(value) ?? "-"]
        }
        let count = Double(max(1, figures.count))
        let cpu = (running.cpuSeconds - before.cpuSeconds) * 1000 / count
        func perVM(_ bytes: (DensityCounters) -> Double) -> String {
            "\(Int((bytes(running) - bytes(before)) / count / 1024)) KiB"
        }
        return DensityPage.Table(
            title: "The daemon",
            rows: [
                ["", "before", "all running", "per VM", "all gone"],
                row("CPU time", "\(Self.number(cpu)) ms") { "\(Self.number($0.cpuSeconds)) s" },
                row("resident memory", perVM(\.residentBytes)) { Self.mebibytes($0.residentBytes) },
                row("of it anonymous", perVM(\.anonymousBytes)) { Self.mebibytes($0.anonymousBytes) },
            ])
    }

    private static func seconds(_ value: Double) -> String { DensityChart.seconds(value) }
    private static func mebibytes(_ bytes: Double) -> String { "\(number(bytes / 1_048_576)) MiB" }

    private static func number(_ value: Double?) -> String {
        guard let value else { return "-" }
        return "\((value * 100).rounded() / 100)"
    }

    /// Everything, with the raw times in seconds.
    var json: String {
        func list(_ spread: DensityFigures.Spread) -> DocumentNode {
            .array(spread.seconds.map { DocumentNode(.number("\(($0 * 1e6).rounded() / 1e6)")) })
        }
        func costs(_ counters: DensityCounters?) -> DocumentNode {
            guard let counters else { return DocumentNode(.null) }
            let requests = counters.requests.sorted { ($0.key.verb, $0.key.resource) < ($1.key.verb, $1.key.resource) }
            return .object([
                DocumentMember("cpuSeconds", DocumentNode(.number("\(counters.cpuSeconds)"))),
                DocumentMember("residentBytes", .number(Int(counters.residentBytes))),
                DocumentMember("anonymousBytes", .number(Int(counters.anonymousBytes))),
                DocumentMember(
                    "requests",
                    .array(
                        requests.map { request, count in
                            .object([
                                DocumentMember("verb", .string(request.verb)),
                                DocumentMember("resource", .string(request.resource)),
                                DocumentMember("count", .number(Int(count))),
                            ])
                        })),
            ])
        }
        return DocumentWriter.json(
            .object([
                DocumentMember("subject", .string(subject)), DocumentMember("count", .number(figures.count)),
                DocumentMember("gapSeconds", DocumentNode(.number("\(figures.gap)"))),
                DocumentMember("creationToRunning", list(figures.creationToRunning)),
                DocumentMember("scheduledToRunning", list(figures.scheduledToRunning)),
                DocumentMember("deletionToGone", list(figures.deletionToGone)),
                DocumentMember("failures", .array(figures.failures.map { .string($0) })),
                DocumentMember("before", costs(figures.before)), DocumentMember("running", costs(figures.running)),
                DocumentMember("after", costs(figures.after)),
            ])) + "\n"
    }
}
