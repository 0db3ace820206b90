/// What a run of cases found, and what it took.
struct FuzzLog {
    private let name: String
    private let residentBefore = FuzzSettings.residentMiB
    private let start = ContinuousClock.now
    private(set) var faults: [String] = []
    private(set) var rounds = 0
    /// Cases with at least one domain.
    private(set) var compiled = 0
    /// Cases whose domains were compared with those of a twin.
    private(set) var twins = 0
    private var slowest = (round: -1, time: Duration.zero)

    init(_ name: String) { self.name = name }

    var grownMiB: Int { FuzzSettings.residentMiB - residentBefore }

    mutating func run(_ round: Int, _ text: String, _ body: () -> Cases.Result) {
        let clock = ContinuousClock.now
        let result = body()
        let time = ContinuousClock.now - clock
        if time > slowest.time { slowest = (round, time) }
        rounds += 1
        compiled += result.domains > 0 ? 1 : 0
        twins += result.hasTwin ? 1 : 0
        for fault in result.faults.prefix(3) {
            faults.append("round \(round): \(fault)" + (faults.count < 3 ? "\n\(text.prefix(4000))" : ""))
        }
    }

    /// The first faults, and the figures.
    var report: String { (faults.prefix(12) + [figures]).joined(separator: "\n") }

    private var figures: String {
        "\(name): seed \(FuzzSettings.seed), \(rounds) cases, \(compiled) with domains, \(twins) with twins, \(faults.count) faults, "
            + "\(ContinuousClock.now - start) in all, slowest case \(slowest.round) \(slowest.time), \(grownMiB) MiB more"
    }

    /// For whoever asked for a long run.
    func printFigures() { if FuzzSettings.isLong { print(figures) } }
}
