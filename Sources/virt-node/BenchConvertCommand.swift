import ArgumentParser
import DomainModel
import DomainPlan
import FoundationEssentials
import Glibc
import KubeVirtModel

/// `virt-node bench convert`: what the compiler takes for a VMI, and what reading the VMI takes.
struct BenchConvertCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "convert", abstract: "Time the way from a VMI to its domain, and the reading of the VMI.")

    @Argument(help: "Files with VMIs.")
    var files: [String]

    @OptionGroup var options: ConversionOptions

    @Option(help: "How often each VMI is converted.")
    var rounds = 2000

    func validate() throws {
        if rounds < 10 { throw ValidationError("--rounds \(rounds): write 10 or more") }
    }

    func run() throws {
        var conversion: [Figure] = []
        var reading: [Figure] = []
        for path in files {
            let files = try ManifestFiles.read([path], namespace: "default")
            try files.requireInstances()
            let text = try String(contentsOfFile: path, encoding: .utf8)
            reading.append(
                Figure(path, rounds: max(10, rounds / 20)) {
                    var reader = ManifestReader()
                    reader.read(text, file: path)
                    return reader.manifest.instances.count
                })
            for instance in files.manifest.instances {
                let prepared = try options.prepare(instance)
                // A first plan says what cannot be planned; the timed ones are the same.
                _ = try options.plan(prepared)
                let options = options
                conversion.append(
                    Figure("\(path): \(instance.name)", rounds: rounds) {
                        guard let plan = try? DomainPlan(options.request(prepared)) else { return 0 }
                        return plan.domain.xml().bytes.count
                    })
            }
        }
        for figure in conversion { print(figure.line) }
        print(Figure.summary("conversion, from the decoded and defaulted VMI to XML bytes", conversion))
        print(Figure.summary("reading, from YAML to the decoded, defaulted and validated VMI", reading))
        print("baseline: KubeVirt's converter and encoder take 57 to 75 µs and 251 allocations for its vmi-fedora")
        if AllocationCounter.function == nil { print("allocations were not counted: scripts/bench counts them") }
    }
}

/// The time and the allocations of one thing, done many times.
private struct Figure {
    let name: String
    /// Nanoseconds, sorted.
    let times: [Int]
    /// Of one round; nil where nobody counts.
    let allocations: Int?

    init(_ name: String, rounds: Int, _ body: () -> Int) {
        self.name = name
        var sink = 0
        for _ in 0..<(rounds / 5) { sink &+= body() }
        let before = AllocationCounter.count
        sink &+= body()
        allocations = AllocationCounter.count.flatMap { after in before.map { after - $0 } }
        let clock = ContinuousClock()
        var times: [Int] = []
        times.reserveCapacity(rounds)
        for _ in 0..<rounds {
            let time = clock.measure { sink &+= body() }
            times.append(Int(time.components.attoseconds / 1_000_000_000))
        }
        self.times = times.sorted()
        // Nothing of the work may be found to be unused, and left out.
        if sink == .min { print("") }
    }

    var median: Int { times[times.count / 2] }
    /// What a tenth of the rounds beat: a round that no neighbour of the machine disturbed.
    var undisturbed: Int { times[times.count / 10] }

    var line: String {
        let counted = allocations.map { ", \($0) allocations" } ?? ""
        return "  \(Self.microseconds(median)) µs\(counted)  \(name)"
    }

    static func summary(_ title: String, _ figures: [Figure]) -> String {
        let medians = figures.map(\.median).sorted()
        let counts = figures.compactMap(\.allocations).sorted()
        let counted = counts.isEmpty ? "" : ", \(counts[counts.count / 2]) allocations"
        let best = figures.map(\.undisturbed).sorted()
        return "\(title): median \(microseconds(medians[medians.count / 2])) µs\(counted) over \(figures.count)"
            + ", undisturbed \(microseconds(best[best.count / 2])) µs, from \(microseconds(medians.first ?? 0)) to \(microseconds(medians.last ?? 0)) µs"
    }

    private static func microseconds(_ nanoseconds: Int) -> String {
        "\(nanoseconds / 1000).\((nanoseconds % 1000) / 100)"
    }
}

/// The count of allocations that `scripts/allocation-counter.c` keeps, where it is loaded before the program.
private enum AllocationCounter {
    static let function: (@convention(c) () -> UInt)? = dlsym(nil, "virt_node_allocation_count").map {
        // SAFETY: the symbol is this function wherever it exists, by its name.
        unsafeBitCast($0, to: (@convention(c) () -> UInt).self)
    }

    static var count: Int? { function.map { Int($0()) } }
}
