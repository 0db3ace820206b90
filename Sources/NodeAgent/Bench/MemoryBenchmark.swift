package import KubeVirtModel
internal import KubernetesModel
internal import Libvirt
internal import Synchronization
internal import SystemPackage

/// What the process takes with no VM and with many.
package struct MemoryBenchmark: Sendable {
    /// Resident memory of a process, in KiB.
    package struct Resident: Sendable {
        package var total: Int
        /// The part that is the process' own, rather than mapped from files.
        package var anonymous: Int

        /// Reads `/proc/PID/status`; nil where there is no such process.
        package init?(process: String = "self") {
            let lines = ProcessScan.text("/proc/\(process)/status").split(separator: "\n")
            func field(_ name: String) -> Int? {
                lines.first { $0.hasPrefix("\(name):") }?.split(whereSeparator: { $0 == " " || $0 == "\t" }).dropFirst()
                    .first
                    .flatMap { Int($0) }
            }
            guard let total = field("VmRSS"), let anonymous = field("RssAnon") else { return nil }
            self.total = total
            self.anonymous = anonymous
        }
    }

    package struct Figures: Sendable {
        package var count: Int
        package var virtNode: Resident?
        package var daemon: Resident?
    }

    private let bench: BenchmarkSession

    package init(_ bench: BenchmarkSession) { self.bench = bench }

    /// The figures as of now; libvirt's daemon stands beside where it is the one in use.
    package func now(count: Int) -> Figures {
        let daemon = bench.connection.endpoint.isEmbedded ? nil : Self.daemon()
        return Figures(count: count, virtNode: Resident(), daemon: daemon.flatMap { Resident(process: $0) })
    }

    /// The figures with `count` copies of the VMI, paused so that they take no CPU.
    package func with(_ count: Int, of instance: VirtualMachineInstance) async throws(AgentError) -> Figures {
        let copies = (1...max(1, count)).map { number in
            var copy = instance
            copy.metadata.name = "\(instance.name)-\(number)"
            copy.metadata.uid = nil
            copy.spec.startStrategy = .paused
            copy.spec.terminationGracePeriodSeconds = 0
            for index in copy.spec.domain.devices.interfaces.indices {
                copy.spec.domain.devices.interfaces[index].ports = []
            }
            return copy
        }
        let running = Mutex(0)
        let figures = Mutex(Figures(count: 0, virtNode: nil, daemon: nil))
        try await bench.run(copies) { report in
            if case .status(let instance) = report, instance.status?.phase == .running { running.withLock { $0 += 1 } }
        } whenAllRun: {
            figures.withLock { $0 = now(count: running.withLock { $0 }) }
        }
        return figures.withLock { $0 }
    }

    private static func daemon() -> String? {
        Files.names(in: "/proc").first { pid in
            ["libvirtd\n", "virtqemud\n"].contains(ProcessScan.text("/proc/\(pid)/comm"))
        }
    }
}
