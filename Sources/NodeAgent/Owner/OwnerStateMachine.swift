internal import KubeVirtModel

/// The life of one VMI on its node: a pure machine that turns (state, input) into (state, actions).
///
///      ┌────────── retry, spec changed, cause gone ──────────┐
///      ▼                                                     │
///     idle ──start──▶ starting ──failed──▶ releasing ──▶ waiting
///      ▲                 │ started
///      │                 ▼        wish changed            grace over
///      │              running ──────────────▶ stopping ──────────────▶ killing
///      │                 │ domain stopped        │                        │
///      │                 └───────────────────────┴────────────────────────┤
///      │ restart, drain, boot                                             ▼
///      └───────────────────────────────────────────────────────────── releasing ──▶ ended ──deleted──▶ gone
///
///     unknown: libvirt does not answer, or has not proven yet what it says. Nothing is done and nothing ends there.
///
/// Only positive evidence ends a VM: an event, libvirt's own reason, a QEMU that is gone.
package struct OwnerStateMachine: Sendable {
    package enum State: Sendable, Equatable {
        case idle
        case starting(isCancelled: Bool)
        case waiting(StartFailure)
        case running
        case stopping
        case killing
        case releasing(Next)
        case unknown
        case ended(Ending)
        case gone
    }

    /// What comes once all is given back.
    package enum Next: Sendable, Equatable {
        case idle
        case waiting(StartFailure)
        case ended(Ending)
    }

    /// What should become of the VMI.
    package enum Wish: Sendable, Equatable {
        case run
        /// Nobody has said yet: what runs goes on, and nothing is started or stopped.
        case keep
        /// It is to run, and not now: the node is drained, or the host shuts down.
        case hold
        /// It is to end for good, at a user's word.
        case end
        /// The VMI is being deleted, or is gone.
        case remove
    }

    package private(set) var state: State
    package private(set) var wish: Wish
    /// A stop and a start are wanted.
    package private(set) var isRestarting = false
    /// The grace period of the stop that is under way, in seconds.
    package private(set) var gracePeriod: Int64
    let specGracePeriod: Int64
    let hasACPI: Bool
    private var attempts = 0
    private var releaseAttempts = 0
    private var isStoppedByUs = false
    /// The stop that libvirt's silence interrupted: it goes on where it was, and its time runs on meanwhile.
    private var interrupted: State?
    /// Why a start ended that libvirt may have carried out all the same.
    private var unconfirmed: StartFailure?

    /// Seconds between two signals.
    package static let signalInterval = 5

    /// `stop` is what an earlier process had begun to stop the VM for.
    package init(state: State = .idle, wish: Wish, gracePeriod: Int64, hasACPI: Bool, stop: StopPurpose? = nil) {
        self.state = state
        self.wish = stop == .end ? .end : wish
        isStoppedByUs = stop != nil
        isRestarting = stop == .startAgain
        specGracePeriod = gracePeriod
        self.gracePeriod = gracePeriod
        self.hasACPI = hasACPI
    }

    package mutating func handle(_ input: Input) -> [Action] {
        switch input {
        case .wishChanged(let wish): return take(wish)
        case .restartRequested:
            isRestarting = state.holdsDomain
            return advance()
        case .stopRequested(let seconds):
            if let seconds { gracePeriod = seconds }
            return take(.end)
        case .specChanged, .libvirtFound, .causeGone, .retryDue:
            guard case .waiting = state else { return [] }
            // Attempts that could not succeed say nothing of the next one.
            if input == .specChanged || input == .libvirtFound { attempts = 0 }
            state = .idle
            return advance()
        case .startSucceeded: return didStart()
        case .startFailed(let failure): return didFail(failure)
        case .domainStopped(let stop): return didStop(stop)
        case .signalDue:
            guard state == .stopping else { return [] }
            return [.sendShutdown, .scheduleSignal(seconds: Self.signalInterval)]
        case .graceExpired:
            if interrupted == .stopping { interrupted = .killing }
            guard state == .stopping else { return [] }
            state = .killing
            return [.destroy(gracefully: true)]
        case .destroyFailed:
            guard state == .killing else { return [] }
            return [.scheduleDestroy(seconds: 10)]
        case .destroyDue:
            guard state == .killing else { return [] }
            return [.destroy(gracefully: false)]
        case .released(let isClean): return didRelease(isClean)
        case .releaseDue:
            guard case .releasing(let next) = state else { return [] }
            return [.release(next)]
        case .libvirtLost:
            switch state {
            case .running: state = .unknown
            case .stopping, .killing:
                interrupted = state
                state = .unknown
            default: break
            }
            return []
        case .truthFound(let truth): return didFind(truth)
        }
    }

    private mutating func take(_ wish: Wish) -> [Action] {
        // What is being removed, or was ended, does not come back.
        switch (self.wish, wish) {
        case (.remove, let next) where next != .remove: return []
        case (.end, .run), (.end, .hold), (.end, .keep): return []
        default: break
        }
        self.wish = wish
        return advance()
    }

    /// Does what the wish asks of the state.
    private mutating func advance() -> [Action] {
        switch (state, wish) {
        case (.idle, .run):
            state = .starting(isCancelled: false)
            isStoppedByUs = false
            return [.start]
        case (.idle, .end), (.waiting, .end):
            let ending = Ending(phase: .failed, reason: "stopped before it was started", wasRequested: true)
            return release(.ended(ending))
        case (.idle, .remove), (.waiting, .remove), (.ended, .remove):
            state = .gone
            return [.finish]
        case (.starting(false), .hold), (.starting(false), .end), (.starting(false), .remove):
            state = .starting(isCancelled: true)
            return [.cancelStart]
        case (.running, .hold), (.running, .end), (.running, .remove): return beginStop()
        case (.running, .run) where isRestarting, (.running, .keep) where isRestarting: return beginStop()
        default: return []
        }
    }

    private mutating func didStart() -> [Action] {
        guard case .starting = state else { return [] }
        state = .running
        attempts = 0
        return advance()
    }

    private mutating func didFail(_ failure: StartFailure) -> [Action] {
        guard case .starting(let isCancelled) = state else { return [] }
        attempts += 1
        if failure.isUnconfirmed {
            unconfirmed = failure
            state = .unknown
            return [.verify]
        }
        return release(isCancelled && wish != .run ? .idle : .waiting(failure))
    }

    private mutating func beginStop() -> [Action] {
        isStoppedByUs = true
        let purpose: StopPurpose = wish == .end || wish == .remove ? .end : .startAgain
        guard gracePeriod > 0, hasACPI else {
            state = .killing
            return [.recordStop(purpose), .destroy(gracefully: true)]
        }
        state = .stopping
        return [
            .recordStop(purpose), .sendShutdown, .scheduleSignal(seconds: Self.signalInterval),
            .scheduleKill(seconds: gracePeriod),
        ]
    }

    private mutating func didStop(_ stop: DomainStop) -> [Action] {
        switch state {
        case .running, .stopping, .killing, .unknown: break
        case .starting:
            // libvirt's answer to the start comes too, and tells more.
            return []
        case .idle, .waiting, .releasing, .ended, .gone: return []
        }
        interrupted = nil
        let startsAgain = wish != .end && wish != .remove && (isRestarting || wish == .hold)
        isRestarting = false
        if startsAgain, isStoppedByUs { return release(.idle) }
        return release(.ended(Ending(stop, isStoppedByUs: isStoppedByUs, self)))
    }

    private mutating func didRelease(_ isClean: Bool) -> [Action] {
        guard case .releasing(let next) = state else { return [] }
        guard isClean else {
            releaseAttempts += 1
            return [.scheduleRelease(seconds: OwnerBackoff.seconds(attempt: releaseAttempts, longest: 60))]
        }
        releaseAttempts = 0
        gracePeriod = specGracePeriod
        switch next {
        case .idle:
            state = .idle
            return advance()
        case .ended(let ending):
            state = .ended(ending)
            return advance()
        case .waiting(let failure):
            state = .waiting(failure)
            let further = advance()
            guard further.isEmpty, failure.isWorthRetrying else { return further }
            return [.scheduleRetry(seconds: OwnerBackoff.seconds(attempt: attempts, longest: 60))]
        }
    }

    /// The domain runs after all.
    private mutating func goOn() -> [Action] {
        defer { interrupted = nil }
        switch interrupted {
        case .stopping:
            state = .stopping
            return [.sendShutdown, .scheduleSignal(seconds: Self.signalInterval)]
        case .killing:
            state = .killing
            return [.destroy(gracefully: false)]
        default:
            state = .running
            return advance()
        }
    }

    private mutating func release(_ next: Next) -> [Action] {
        state = .releasing(next)
        return [.release(next)]
    }

    private mutating func didFind(_ truth: DomainTruth) -> [Action] {
        switch (state, truth) {
        case (.unknown, .alive):
            unconfirmed = nil
            attempts = 0
            return goOn()
        case (.unknown, .stopped(let stop)), (.running, .stopped(let stop)), (.stopping, .stopped(let stop)),
            (.killing, .stopped(let stop)):
            return didStop(stop)
        case (.unknown, .neverRan), (.unknown, .rebooted):
            // It was not: that start failed, and the next one waits its turn.
            defer { unconfirmed = nil }
            return release(unconfirmed.map { .waiting($0) } ?? .idle)
        case (.running, .neverRan), (.running, .rebooted): return release(.idle)
        case (.releasing(let next), _): return [.release(next)]
        default: return []
        }
    }
}

extension OwnerStateMachine.State {
    /// Whether a domain may run in this state.
    package var holdsDomain: Bool {
        switch self {
        case .running, .stopping, .killing, .unknown: true
        case .idle, .starting, .waiting, .releasing, .ended, .gone: false
        }
    }
}

/// Seconds between attempts: they double from one.
enum OwnerBackoff {
    static func seconds(attempt: Int, longest: Int) -> Int { min(longest, 1 << min(max(attempt - 1, 0), 10)) }
}
