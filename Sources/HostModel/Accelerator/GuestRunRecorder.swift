/// Turns the guest's marks and the instants at which they came into a `GuestRun`. Pure: instants are handed in, as
/// seconds since QEMU's start.
struct GuestRunRecorder: Sendable {
    private(set) var firstInstruction: Double?
    private(set) var longMode: Double?
    private(set) var turns = 0
    private(set) var lastMark: Double = 0

    mutating func note(_ marks: some Sequence<UInt8>, at seconds: Double) {
        for mark in marks {
            switch mark {
            case AcceleratorPayload.realMode: firstInstruction = firstInstruction ?? seconds
            case AcceleratorPayload.longMode: longMode = longMode ?? seconds
            case AcceleratorPayload.smallStep: turns += AcceleratorPayload.smallTurns
            case AcceleratorPayload.largeStep: turns += AcceleratorPayload.largeTurns
            default: continue
            }
            lastMark = seconds
        }
    }

    /// Whether the rate is known well: a million turns, over at least this many seconds.
    func knowsRate(after seconds: Double) -> Bool {
        guard let longMode else { return false }
        return turns >= AcceleratorPayload.largeTurns && lastMark - longMode >= seconds
    }

    func run(
        _ accelerator: GuestRun.Accelerator, cpuModel: String, ending: GuestRun.Ending, code: Int?,
        endedAt end: Double, log: String
    ) -> GuestRun {
        GuestRun(
            accelerator: accelerator, cpuModel: cpuModel, ending: ending, code: code,
            startupSeconds: firstInstruction, reachedLongMode: longMode != nil, turns: turns,
            seconds: guestSeconds(endedAt: end), wallSeconds: end, log: log)
    }

    /// Marks that a busy host read all at once say only that the guest took no longer than the whole run.
    private func guestSeconds(endedAt end: Double) -> Double {
        guard let longMode else { return 0 }
        if turns == 0 { return end - longMode }
        return lastMark > longMode ? lastMark - longMode : end
    }
}
