package import KubeVirtModel

extension OwnerStateMachine {
    package enum Input: Sendable, Equatable {
        case wishChanged(Wish)
        case restartRequested
        /// A user's stop, with a grace period of its own.
        case stopRequested(gracePeriod: Int64?)
        case specChanged
        /// What kept a start from succeeding may be gone: an object came, a resource is free.
        case causeGone
        case retryDue
        /// libvirt answers again.
        case libvirtFound
        case startSucceeded
        case startFailed(StartFailure)
        case domainStopped(DomainStop)
        case signalDue
        case graceExpired
        case destroyFailed
        case destroyDue
        case released(isClean: Bool)
        case releaseDue
        case libvirtLost
        case truthFound(DomainTruth)
    }

    /// What a VM is stopped for.
    package enum StopPurpose: String, Sendable, Codable {
        /// It restarts, or its node is drained.
        case startAgain
        case end
    }

    package enum Action: Sendable, Equatable {
        case start
        case cancelStart
        /// Ask libvirt and the host what became of the domain.
        case verify
        /// Write down what the stop is for, before anything is done to the guest.
        case recordStop(StopPurpose)
        case sendShutdown
        /// Repeat the signal after this many seconds: a guest that boots misses the first.
        case scheduleSignal(seconds: Int)
        case scheduleKill(seconds: Int64)
        case destroy(gracefully: Bool)
        case scheduleDestroy(seconds: Int)
        /// Give everything back, and remember what comes next.
        case release(Next)
        case scheduleRelease(seconds: Int)
        case scheduleRetry(seconds: Int)
        /// Nothing is left: let the VMI go.
        case finish
    }

    /// Why libvirt says that a domain stopped.
    package enum DomainStop: Sendable, Equatable {
        case shutdown, destroyed, crashed, failed, unknown
        /// libvirt knows no such domain any more, and no QEMU runs.
        case vanished
    }

    /// What libvirt and the host prove of a domain.
    package enum DomainTruth: Sendable, Equatable {
        /// Its QEMU runs, paused or not.
        case alive
        case stopped(DomainStop)
        /// It was defined and never started, or is not even defined.
        case neverRan
        /// It ran before the host booted.
        case rebooted
        /// Nothing is proven.
        case unknown
    }

    /// How a VM ended.
    package struct Ending: Sendable, Equatable {
        package var phase: VMIPhase
        package var reason: String
        /// Whether a user, or the VMI's deletion, asked for the end.
        package var wasRequested: Bool

        package init(phase: VMIPhase, reason: String, wasRequested: Bool) {
            self.phase = phase
            self.reason = reason
            self.wasRequested = wasRequested
        }

        /// KubeVirt's rule: a kill after a grace period that ran out is a failure, one without a period is not.
        init(_ stop: DomainStop, isStoppedByUs: Bool, _ machine: OwnerStateMachine) {
            let isGraceful = machine.hasACPI && machine.gracePeriod > 0
            wasRequested = isStoppedByUs
            switch stop {
            case .shutdown: (phase, reason) = (.succeeded, "the guest powered off")
            case .destroyed where isStoppedByUs && isGraceful:
                phase = .failed
                reason = "killed, since the guest did not power off within \(machine.gracePeriod) s"
            case .destroyed where isStoppedByUs: (phase, reason) = (.succeeded, "killed at once, as was asked")
            case .destroyed:
                (phase, reason) = (isGraceful ? .failed : .succeeded, "the domain was destroyed by somebody")
            case .crashed: (phase, reason) = (.failed, "the guest or QEMU crashed")
            case .failed:
                phase = .failed
                reason =
                    "QEMU ended by itself, or the kernel ended it: its log and the kernel's (out of memory?) say why"
            case .vanished: (phase, reason) = (.failed, "the domain was removed by somebody, and no QEMU of it runs")
            case .unknown: (phase, reason) = (.failed, "the domain stopped for a reason that libvirt does not name")
            }
        }
    }

    /// Why a start did not succeed.
    package struct StartFailure: Sendable, Equatable {
        /// One word for the condition's reason.
        package var reason: String
        /// A sentence that names the field or fact, and the remedy.
        package var message: String
        /// Whether time alone may heal it; else the spec must change.
        package var isWorthRetrying: Bool
        /// Whether libvirt may still carry out what was asked of it.
        package var isUnconfirmed: Bool

        package init(reason: String, message: String, isWorthRetrying: Bool, isUnconfirmed: Bool = false) {
            self.reason = reason
            self.message = message
            self.isWorthRetrying = isWorthRetrying
            self.isUnconfirmed = isUnconfirmed
        }
    }
}
