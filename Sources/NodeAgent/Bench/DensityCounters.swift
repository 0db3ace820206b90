/// What a daemon's page of metrics says of its own costs, at one moment.
package struct DensityCounters: Sendable, Equatable {
    package struct Request: Sendable, Hashable {
        /// Kubernetes' word, such as `update`.
        package var verb: String
        /// The name in paths, with the subresource if there is one.
        package var resource: String

        package init(verb: String, resource: String) {
            self.verb = verb
            self.resource = resource
        }
    }

    package private(set) var requests: [Request: Double] = [:]
    package private(set) var cpuSeconds = 0.0
    package private(set) var residentBytes = 0.0
    package private(set) var anonymousBytes = 0.0

    /// Reads Prometheus' text format; what is of no interest here is skipped.
    package init(metrics: String) {
        for line in metrics.split(separator: "\n") where !line.hasPrefix("#") {
            guard let space = line.lastIndex(of: " "), let value = Double(line[line.index(after: space)...]) else {
                continue
            }
            let series = line[..<space]
            let name = series.prefix { $0 != "{" }
            switch name {
            case "virt_node_api_requests_total":
                let request = Request(
                    verb: Self.label("verb", in: series), resource: Self.label("resource", in: series))
                requests[request, default: 0] += value
            case "process_cpu_seconds_total": cpuSeconds = value
            case "process_resident_memory_bytes": residentBytes = value
            case "virt_node_process_anonymous_bytes": anonymousBytes = value
            default: continue
            }
        }
    }

    /// The values here are words of our own: none holds a quote.
    private static func label(_ name: String, in series: Substring) -> String {
        guard let start = series.firstRange(of: "\(name)=\"")?.upperBound else { return "" }
        return String(series[start...].prefix { $0 != "\"" })
    }

    /// Requests since an earlier moment: of a verb, of VMIs alone (their subresources too) or of all resources.
    package func requests(since earlier: DensityCounters, verb: String, ofInstancesOnly: Bool) -> Double {
        func count(_ counters: DensityCounters) -> Double {
            counters.requests.filter { request, _ in
                request.verb == verb
                    && (!ofInstancesOnly || request.resource.prefix { $0 != "/" } == "virtualmachineinstances")
            }.values.reduce(0, +)
        }
        return count(self) - count(earlier)
    }
}
