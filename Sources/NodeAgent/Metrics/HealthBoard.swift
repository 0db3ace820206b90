import Synchronization

/// Whether the agent lives, and whether it is ready.
///
/// Owns the last beat of every loop and the parts of readiness. Synchronization: one mutex.
package final class HealthBoard: Sendable {
    /// What must be true before the agent counts as ready.
    package enum Part: String, Sendable, CaseIterable {
        /// The first list of this node's VMIs was read.
        case api
        case libvirt
        /// Every running VM was found and taken over.
        case adoption
    }

    /// A check's outcome, as one line of an answer.
    package struct Check: Sendable, Equatable {
        package var name: String
        package var isGood: Bool
        package var detail: String

        package init(name: String, isGood: Bool, detail: String) {
            self.name = name
            self.isGood = isGood
            self.detail = detail
        }
    }

    private struct Loop {
        var beat: Duration
        var silence: Duration
    }

    private struct State {
        var loops: [String: Loop] = [:]
        var parts: [Part: (isGood: Bool, detail: String)] = [:]
    }

    private let state = Mutex(State())
    private let now: @Sendable () -> Duration

    /// `now` is a clock that never jumps.
    package init(now: @escaping @Sendable () -> Duration) { self.now = now }

    /// Tells that a loop turns. It is dead when it says nothing for `silence`.
    package func beat(_ loop: String, silence: Duration) {
        let beat = now()
        state.withLock { $0.loops[loop] = Loop(beat: beat, silence: silence) }
    }

    /// Takes a loop that ended as it should out of the checks.
    package func end(_ loop: String) { state.withLock { $0.loops[loop] = nil } }

    package func set(_ part: Part, _ isGood: Bool, _ detail: String = "") {
        state.withLock { $0.parts[part] = (isGood, detail) }
    }

    package var liveness: [Check] {
        let now = now()
        let loops = state.withLock { $0.loops }
        return loops.sorted { $0.key < $1.key }.map { name, loop in
            let silent = now - loop.beat
            let isGood = silent <= loop.silence
            return Check(name: name, isGood: isGood, detail: isGood ? "" : "silent for \(silent.components.seconds) s")
        }
    }

    package var readiness: [Check] {
        let parts = state.withLock { $0.parts }
        return Part.allCases.map { part in
            let (isGood, detail) = parts[part] ?? (false, "not yet")
            return Check(name: part.rawValue, isGood: isGood, detail: detail)
        }
    }

    package var isReady: Bool { readiness.allSatisfy(\.isGood) }
}
