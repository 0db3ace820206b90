/// What a density run found: raw times, and what it cost the daemon.
package struct DensityFigures: Sendable {
    /// Durations in seconds, sorted.
    package struct Spread: Sendable, Equatable {
        package let seconds: [Double]

        package init(_ seconds: [Double]) { self.seconds = seconds.sorted() }

        /// The smallest duration that so many percent do not exceed; nil where there is none.
        package func at(percent: Double) -> Double? {
            guard !seconds.isEmpty else { return nil }
            let rank = Int((percent / 100 * Double(seconds.count)).rounded(.up))
            return seconds[min(max(rank, 1), seconds.count) - 1]
        }
    }

    /// KubeVirt's own figures for 100 VMIs, 100 ms apart: its continuous tests, on KVM, a whole cluster.
    package enum KubeVirt {
        package static let creationToRunningP50 = 17.0
        package static let creationToRunningP95 = 28.3
        package static let updates = 5.4
        package static let patches = 0.9
    }

    package var count: Int
    /// Seconds between two creations; 0 where all were created at once.
    package var gap: Double
    package var creationToRunning: Spread
    package var scheduledToRunning: Spread
    package var deletionToGone: Spread
    /// From the first creation until the last VM ran.
    package var secondsUntilAllRun: Double
    /// VMIs that did not run, with what their status says.
    package var failures: [String]
    /// Of the daemon: before the first creation, when all ran, and when all were gone. Nil where it tells nothing.
    package var before: DensityCounters?
    package var running: DensityCounters?
    package var after: DensityCounters?

    package init(
        count: Int, gap: Double, creationToRunning: Spread, scheduledToRunning: Spread, deletionToGone: Spread,
        secondsUntilAllRun: Double, failures: [String] = [], before: DensityCounters? = nil,
        running: DensityCounters? = nil, after: DensityCounters? = nil
    ) {
        self.count = count
        self.gap = gap
        self.creationToRunning = creationToRunning
        self.scheduledToRunning = scheduledToRunning
        self.deletionToGone = deletionToGone
        self.secondsUntilAllRun = secondsUntilAllRun
        self.failures = failures
        self.before = before
        self.running = running
        self.after = after
    }

    /// Requests of VMIs by verb and VM until all ran; nil where the daemon tells nothing.
    package func requestsUntilRunning(_ verb: String, ofInstancesOnly: Bool = true) -> Double? {
        guard let before, let running, count > 0 else { return nil }
        return running.requests(since: before, verb: verb, ofInstancesOnly: ofInstancesOnly) / Double(count)
    }

    /// The same over the VMs' whole lives.
    package func requestsInAll(_ verb: String, ofInstancesOnly: Bool = true) -> Double? {
        guard let before, let after, count > 0 else { return nil }
        return after.requests(since: before, verb: verb, ofInstancesOnly: ofInstancesOnly) / Double(count)
    }
}
