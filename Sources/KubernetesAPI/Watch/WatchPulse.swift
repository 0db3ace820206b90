import Synchronization

/// Whether anything came over a watch's connection.
///
/// Synchronization: one mutex; the reader beats, the watchdog looks.
final class WatchPulse: Sendable {
    private struct State {
        var beats = 0
        var hasBookmarks = false
    }

    private let state = Mutex(State())
    private let settings: ReflectorSettings
    private let watchSeconds: Int

    init(_ settings: ReflectorSettings, watchSeconds: Int) {
        self.settings = settings
        self.watchSeconds = watchSeconds
    }

    func beat() { state.withLock { $0.beats += 1 } }
    func noteBookmark() { state.withLock { $0.hasBookmarks = true } }

    /// Returns when nothing came for too long, or a little later than that.
    func untilSilent() async throws {
        let end = Duration.seconds(watchSeconds) + settings.slack
        let short = min(settings.bookmarkSilence, end)
        let slice = short / 8
        var last = state.withLock { $0.beats }
        var silence: Duration = .zero
        while true {
            try await settings.time.sleep(slice)
            let (beats, hasBookmarks) = state.withLock { ($0.beats, $0.hasBookmarks) }
            silence = beats == last ? silence + slice : .zero
            last = beats
            if silence >= (hasBookmarks ? short : end) { return }
        }
    }
}
