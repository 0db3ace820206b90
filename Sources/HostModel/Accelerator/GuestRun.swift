/// What one run of the probe's payload under QEMU showed: the evidence behind a verdict.
package struct GuestRun: Sendable, Hashable, Codable {
    package enum Accelerator: String, Sendable, Hashable, Codable {
        case kvm
        case tcg
    }

    package enum Ending: String, Sendable, Hashable, Codable {
        /// All turns were done and QEMU ended by the guest's own wish.
        case completed
        /// The probe ended it: it had seen enough to know the rate.
        case stopped
        /// The probe ended it: its time was up before its turns were done.
        case timedOut
        /// QEMU ended by itself, too early; `code` is its exit status.
        case exited
        /// QEMU died of the signal `code`, which is how an assertion of its own ends it.
        case aborted
    }

    package let accelerator: Accelerator
    package let cpuModel: String
    package let ending: Ending
    package let code: Int?
    /// From QEMU's start to the guest's first instruction; `nil` where it never ran one.
    package let startupSeconds: Double?
    /// Whether 64-bit mode with paging was reached.
    package let reachedLongMode: Bool
    package let turns: Int
    /// From 64-bit mode to the last mark; to the end of the run where no turn was done.
    package let seconds: Double
    /// Zero where no turn was done.
    package let turnsPerSecond: Double
    /// From QEMU's start to its end.
    package let wallSeconds: Double
    /// What QEMU said, the beginning of it.
    package let log: String

    package init(
        accelerator: Accelerator, cpuModel: String, ending: Ending, code: Int? = nil, startupSeconds: Double?,
        reachedLongMode: Bool, turns: Int, seconds: Double, wallSeconds: Double, log: String = ""
    ) {
        self.accelerator = accelerator
        self.cpuModel = cpuModel
        self.ending = ending
        self.code = code
        self.startupSeconds = startupSeconds
        self.reachedLongMode = reachedLongMode
        self.turns = turns
        self.seconds = seconds
        self.turnsPerSecond = turns > 0 && seconds > 0 ? Double(turns) / seconds : 0
        self.wallSeconds = wallSeconds
        self.log = log
    }

    package var isComplete: Bool { ending == .completed }
}

extension GuestRun {
    /// `20 M turns in 0.14 s (143 M/s)`.
    var figures: String {
        let rate = turns > 0 ? " (\(Self.millions(turnsPerSecond))/s)" : ""
        return "\(Self.millions(Double(turns))) turns in \(significant(seconds)) s\(rate)"
    }

    /// `0.30 M`.
    static func millions(_ count: Double) -> String { "\(significant(count / 1_000_000)) M" }

    /// The line of QEMU's log that tells most, shortened to fit a sentence; `nil` where it said nothing.
    var complaint: String? {
        let lines = log.split(whereSeparator: \.isNewline)
        let telling = lines.first { $0.contains("Assertion") } ?? lines.last { !$0.contains("warning:") } ?? lines.last
        guard var line = telling.map(String.init) else { return nil }
        // `qemu-system-x86_64: ../../target/i386/kvm/kvm.c:3183: …`: the program and the folders tell nothing.
        if line.hasPrefix("qemu-"), let colon = line.firstIndex(of: ":") {
            line = String(line[line.index(after: colon)...]).trimmed
        }
        if line.hasPrefix("../"), let end = line.firstIndex(of: ":"), let slash = line[..<end].lastIndex(of: "/") {
            line = String(line[line.index(after: slash)...])
        }
        if line.hasSuffix(".") { line.removeLast() }
        return line.count <= 160 ? line : "\(line.prefix(159))…"
    }
}
