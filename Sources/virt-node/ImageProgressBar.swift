import Glibc
import Images
import Synchronization

/// One line on stderr that follows a pull, only where stderr is a terminal: phase, percent, bytes and rate.
///
/// Synchronization: the line's state is guarded by a mutex, since progress comes from any thread.
final class ImageProgressBar: Sendable {
    private struct State {
        var phase: ImageProgress.Phase?
        var phaseStart = ContinuousClock.now
        var lastDraw = ContinuousClock.now - .seconds(1)
        var isShown = false
    }

    private let state = Mutex(State())
    private let title: String

    /// Nil unless stderr is a terminal.
    init?(title: String) {
        guard isatty(STDERR_FILENO) == 1 else { return nil }
        self.title = title
    }

    /// Draws at most ten times a second, and each new phase at once.
    func show(_ progress: ImageProgress) {
        state.withLock { state in
            let now = ContinuousClock.now
            if progress.phase != state.phase {
                state.phase = progress.phase
                state.phaseStart = now
            } else if now - state.lastDraw < .milliseconds(100) {
                return
            }
            state.lastDraw = now
            state.isShown = true
            Self.write("\r\u{1b}[K" + Self.line(title, progress, elapsed: now - state.phaseStart))
        }
    }

    var listener: ImageProgressListener { { self.show($0) } }

    /// Removes the line.
    func finish() {
        state.withLock { state in
            if state.isShown { Self.write("\r\u{1b}[K") }
            state.isShown = false
        }
    }

    /// The text of the line, at most 79 columns.
    static func line(_ title: String, _ progress: ImageProgress, elapsed: Duration) -> String {
        var parts = [progress.phase.rawValue]
        if let total = progress.totalBytes, total > 0 {
            let percent = min(100, progress.completedBytes * 100 / total)
            parts.append("\(percent)% of \(bytes(total))")
        } else if progress.completedBytes > 0 {
            parts.append(bytes(progress.completedBytes))
        }
        let seconds = Double(elapsed.components.seconds) + Double(elapsed.components.attoseconds) / 1e18
        if progress.completedBytes > 0, seconds > 0.5 {
            parts.append("\(bytes(Int64(Double(progress.completedBytes) / seconds)))/s")
        }
        let facts = parts.joined(separator: "  ")
        let room = max(8, 79 - facts.count - 2)
        return (title.count > room ? "…" + title.suffix(room - 1) : title) + "  " + facts
    }

    /// A size in binary units, such as `1.5GiB`.
    static func bytes(_ count: Int64) -> String {
        var value = Double(count)
        for unit in ["B", "KiB", "MiB", "GiB"] {
            if value < 1024 {
                let tenths = Int((value * 10).rounded())
                return unit == "B" || value >= 100
                    ? "\(Int(value.rounded()))\(unit)" : "\(tenths / 10).\(tenths % 10)\(unit)"
            }
            value /= 1024
        }
        let tenths = Int((value * 10).rounded())
        return "\(tenths / 10).\(tenths % 10)TiB"
    }

    private static func write(_ text: String) {
        var bytes = Array(text.utf8)
        _ = Glibc.write(STDERR_FILENO, &bytes, bytes.count)
    }
}
