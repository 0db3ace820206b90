/// What became of a case.
struct Outcome {
    /// Whether the input was taken for what it should be.
    var isAccepted = false
    var faults: [String] = []

    static let refused = Outcome()
    static func accepted(_ faults: [String] = []) -> Outcome { Outcome(isAccepted: true, faults: faults) }

    /// For what is refused: a reason that a person can use, and no more of the input than finds it again.
    static func refused(_ error: some Error, mustName word: String = "") -> Outcome {
        let text = "\(error)"
        var faults: [String] = []
        if text.utf8.count > longestMessage {
            faults.append("a message of \(text.utf8.count) bytes: \(text.prefix(80))")
        }
        if !text.contains(" ") { faults.append("no sentence: \(text.prefix(80).debugDescription)") }
        if !text.contains(word) { faults.append("\(word) is not named: \(text.prefix(200))") }
        return Outcome(faults: faults)
    }

    /// Bytes.
    static let longestMessage = 4096
}

/// What a run of cases found, and what it took.
struct FuzzLog {
    private let name: String
    private let residentBefore = FuzzSettings.residentMiB
    private let start = ContinuousClock.now
    private(set) var faults: [String] = []
    private(set) var rounds = 0
    private(set) var accepted = 0
    /// Cases with at least one domain.
    private(set) var compiled = 0
    /// Cases whose domains were compared with those of a twin.
    private(set) var twins = 0
    private var slowest = (round: -1, time: Duration.zero)

    init(_ name: String) { self.name = name }

    var grownMiB: Int { FuzzSettings.residentMiB - residentBefore }

    mutating func run(_ round: Int, _ text: String, _ body: () -> Cases.Result) {
        let mark = FuzzWatch.shared.begin(name, round, text.utf8)
        let result = body()
        compiled += result.domains > 0 ? 1 : 0
        twins += result.hasTwin ? 1 : 0
        note(round, FuzzWatch.shared.end(mark), result.faults, isAccepted: result.domains > 0, text)
    }

    mutating func run(_ round: Int, _ input: some Collection<UInt8>, _ body: () -> Outcome) {
        let mark = FuzzWatch.shared.begin(name, round, input)
        let outcome = body()
        note(round, FuzzWatch.shared.end(mark), outcome, input)
    }

    mutating func run(_ round: Int, _ input: some Collection<UInt8>, _ body: () async -> Outcome) async {
        let mark = FuzzWatch.shared.begin(name, round, input, waits: true)
        let outcome = await body()
        note(round, FuzzWatch.shared.end(mark), outcome, input)
    }

    private mutating func note(_ round: Int, _ time: Duration, _ outcome: Outcome, _ input: some Collection<UInt8>) {
        let text = outcome.faults.isEmpty ? "" : String(decoding: input.prefix(4000), as: UTF8.self)
        note(round, time, outcome.faults, isAccepted: outcome.isAccepted, text)
    }

    private mutating func note(
        _ round: Int, _ time: Duration, _ found: [String], isAccepted: Bool, _ text: String
    ) {
        if time > slowest.time { slowest = (round, time) }
        rounds += 1
        accepted += isAccepted ? 1 : 0
        for fault in found.prefix(3) {
            faults.append("round \(round): \(fault)" + (faults.count < 3 ? "\n\(text.prefix(4000))" : ""))
        }
    }

    /// The first faults, and the figures.
    var report: String { (faults.prefix(12) + [figures]).joined(separator: "\n") }

    private var figures: String {
        let compiled = compiled > 0 ? ", \(compiled) with domains, \(twins) with twins" : ""
        return
            "\(name): seed \(FuzzSettings.seed), \(rounds) cases, \(accepted) accepted\(compiled), \(faults.count) faults, "
            + "\(ContinuousClock.now - start) in all, slowest case \(slowest.round) \(slowest.time), \(grownMiB) MiB more"
    }

    /// For whoever asked for a long run.
    func printFigures() { if FuzzSettings.isLong { print(figures) } }
}
