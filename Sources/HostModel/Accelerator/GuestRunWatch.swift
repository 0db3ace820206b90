import Subprocess
import Synchronization

/// The clock of one run, and who ended it first.
///
/// Synchronization: one mutex around both facts; the reader of the marks and the watchdogs use it at once.
final class GuestRunWatch: Sendable {
    private struct State {
        var kill: GuestRun.Ending?
        var reachedLongMode = false
    }

    private let start = ContinuousClock.now
    private let state = Mutex(State())

    var elapsed: Double { (ContinuousClock.now - start) / .seconds(1) }

    /// How the probe ended QEMU; `nil` where it did not.
    var kill: GuestRun.Ending? { state.withLock { $0.kill } }

    var reachedLongMode: Bool { state.withLock { $0.reachedLongMode } }

    /// Whether this was the first to note it.
    func noteLongMode() -> Bool {
        state.withLock { state in
            defer { state.reachedLongMode = true }
            return !state.reachedLongMode
        }
    }

    func end<Input, Output, Problem>(_ qemu: Execution<Input, Output, Problem>, as ending: GuestRun.Ending) {
        state.withLock { $0.kill = $0.kill ?? ending }
        do {
            try qemu.send(signal: .kill)
        } catch {
            // Only a QEMU that is gone already cannot be killed.
        }
    }
}
