import KubeVirtModel
import NodeAgent
import TestSupport
import Testing

/// The rules of one VMI's life. Pure.
@Suite struct OwnerStateMachineTests {
    typealias Machine = OwnerStateMachine
    static let failure = Machine.StartFailure(reason: "ImageNotReady", message: "no such image", isWorthRetrying: true)

    /// A machine that has taken these inputs.
    static func machine(
        _ inputs: Machine.Input..., gracePeriod: Int64 = 30, hasACPI: Bool = true, wish: Machine.Wish = .run
    ) -> Machine {
        var machine = Machine(wish: wish, gracePeriod: gracePeriod, hasACPI: hasACPI)
        for input in inputs { _ = machine.handle(input) }
        return machine
    }

    static var running: Machine { machine(.wishChanged(.run), .startSucceeded) }

    @Test func `a VMI that is to run is started once`() {
        var machine = Machine(wish: .run, gracePeriod: 30, hasACPI: true)
        #expect(machine.handle(.wishChanged(.run)) == [.start])
        #expect(machine.handle(.wishChanged(.run)) == [])
        #expect(machine.handle(.startSucceeded) == [])
        #expect(machine.state == .running)
    }

    @Test func `a failed start gives all back and is tried again, ever more rarely`() {
        var machine = Self.machine(.wishChanged(.run))
        var pauses: [Int] = []
        for _ in 0..<8 {
            #expect(machine.handle(.startFailed(Self.failure)) == [.release(.waiting(Self.failure))])
            for action in machine.handle(.released(isClean: true)) {
                if case .scheduleRetry(let seconds) = action { pauses.append(seconds) }
            }
            #expect(machine.state == .waiting(Self.failure))
            #expect(machine.handle(.retryDue) == [.start])
        }
        #expect(pauses == [1, 2, 4, 8, 16, 32, 60, 60])
    }

    @Test func `a spec that cannot be fulfilled waits for its change and not for time`() {
        let failure = Machine.StartFailure(reason: "InvalidSpec", message: "spec.x", isWorthRetrying: false)
        var machine = Self.machine(.wishChanged(.run), .startFailed(failure))
        #expect(machine.handle(.released(isClean: true)) == [])
        #expect(machine.handle(.specChanged) == [.start])
    }

    @Test func `what libvirt may still carry out is verified, not undone`() {
        let failure = Machine.StartFailure(
            reason: "StartFailed", message: "lost", isWorthRetrying: true, isUnconfirmed: true)
        var machine = Self.machine(.wishChanged(.run))
        #expect(machine.handle(.startFailed(failure)) == [.verify])
        #expect(machine.state == .unknown)
        #expect(machine.handle(.truthFound(.alive)) == [])
        #expect(machine.state == .running)
    }

    @Test func `a start that libvirt did not carry out waits like any other that failed`() {
        let failure = Machine.StartFailure(
            reason: "StartFailed", message: "lost", isWorthRetrying: true, isUnconfirmed: true)
        var machine = Self.machine(.wishChanged(.run))
        var pauses: [Int] = []
        for _ in 0..<3 {
            #expect(machine.handle(.startFailed(failure)) == [.verify])
            #expect(machine.handle(.truthFound(.neverRan)) == [.release(.waiting(failure))])
            for action in machine.handle(.released(isClean: true)) {
                if case .scheduleRetry(let seconds) = action { pauses.append(seconds) }
            }
            #expect(machine.handle(.retryDue) == [.start])
        }
        #expect(pauses == [1, 2, 4])
    }

    @Test func `a stop that libvirt's silence interrupts goes on where it was, and its time runs on`() {
        var machine = Self.running
        _ = machine.handle(.wishChanged(.remove))
        #expect(machine.handle(.libvirtLost) == [])
        #expect(machine.handle(.truthFound(.alive)) == [.sendShutdown, .scheduleSignal(seconds: 5)])
        #expect(machine.state == .stopping)
        _ = machine.handle(.libvirtLost)
        #expect(machine.handle(.graceExpired) == [])
        #expect(machine.handle(.truthFound(.alive)) == [.destroy(gracefully: false)])
        #expect(machine.state == .killing)
        _ = machine.handle(.libvirtLost)
        #expect(machine.handle(.truthFound(.alive)) == [.destroy(gracefully: false)])
    }

    @Test func `a stop signals, repeats, and kills after the grace period`() {
        var machine = Self.running
        #expect(
            machine.handle(.wishChanged(.remove)) == [
                .recordStop(.end), .sendShutdown, .scheduleSignal(seconds: 5), .scheduleKill(seconds: 30),
            ])
        #expect(machine.handle(.signalDue) == [.sendShutdown, .scheduleSignal(seconds: 5)])
        #expect(machine.handle(.graceExpired) == [.destroy(gracefully: true)])
        #expect(machine.handle(.signalDue) == [])
        let ending = Machine.Ending(
            phase: .failed, reason: "killed, since the guest did not power off within 30 s", wasRequested: true)
        #expect(machine.handle(.domainStopped(.destroyed)) == [.release(.ended(ending))])
        #expect(machine.handle(.released(isClean: true)) == [.finish])
        #expect(machine.state == .gone)
    }

    @Test func `without a grace period, or without ACPI, a stop ends QEMU at once and is no failure`() {
        for (grace, acpi) in [(Int64(0), true), (30, false)] {
            var machine = Self.machine(
                .wishChanged(.run), .startSucceeded, gracePeriod: grace, hasACPI: acpi)
            #expect(machine.handle(.wishChanged(.remove)) == [.recordStop(.end), .destroy(gracefully: true)])
            _ = machine.handle(.domainStopped(.destroyed))
            guard case .releasing(.ended(let ending)) = machine.state else {
                Issue.record("\(machine.state)")
                continue
            }
            #expect(ending.phase == .succeeded)
        }
    }

    @Test func `a stop that comes while a VM starts cancels the start and leaves nothing`() {
        var machine = Self.machine(.wishChanged(.run))
        #expect(machine.handle(.wishChanged(.remove)) == [.cancelStart])
        #expect(machine.handle(.startFailed(Self.failure)) == [.release(.idle)])
        #expect(machine.handle(.released(isClean: true)) == [.finish])
    }

    @Test func `a start that succeeds although it was cancelled is stopped`() {
        var machine = Self.machine(.wishChanged(.run), .wishChanged(.remove))
        #expect(machine.handle(.startSucceeded).first == .recordStop(.end))
        #expect(machine.state == .stopping)
    }

    @Test func `a held VM stops, and starts again when it is let go`() {
        var machine = Self.running
        _ = machine.handle(.wishChanged(.hold))
        #expect(machine.state == .stopping)
        #expect(machine.handle(.domainStopped(.shutdown)) == [.release(.idle)])
        #expect(machine.handle(.released(isClean: true)) == [])
        #expect(machine.state == .idle)
        #expect(machine.handle(.wishChanged(.run)) == [.start])
    }

    @Test func `a restart stops and starts, with what was given back in between`() {
        var machine = Self.running
        #expect(machine.handle(.restartRequested).first == .recordStop(.startAgain))
        #expect(machine.handle(.domainStopped(.shutdown)) == [.release(.idle)])
        #expect(machine.handle(.released(isClean: true)) == [.start])
    }

    @Test func `a guest that powers off by itself has ended, also while a restart is wanted of nobody`() {
        var machine = Self.running
        _ = machine.handle(.domainStopped(.shutdown))
        #expect(
            machine.state
                == .releasing(.ended(.init(phase: .succeeded, reason: "the guest powered off", wasRequested: false))))
    }

    @Test func `nothing ends while libvirt does not answer`() {
        var machine = Self.running
        _ = machine.handle(.libvirtLost)
        #expect(machine.state == .unknown)
        #expect(machine.handle(.wishChanged(.remove)) == [])
        #expect(machine.handle(.truthFound(.unknown)) == [])
        #expect(machine.state == .unknown)
        #expect(machine.handle(.truthFound(.alive)).first == .recordStop(.end))
    }

    @Test func `a VM that ran before the host booted starts again`() {
        var machine = Machine(state: .unknown, wish: .run, gracePeriod: 30, hasACPI: true)
        #expect(machine.handle(.truthFound(.rebooted)) == [.release(.idle)])
        #expect(machine.handle(.released(isClean: true)) == [.start])
    }

    @Test func `an adopted VM is neither stopped nor started before the API has spoken`() {
        var machine = Machine(state: .unknown, wish: .keep, gracePeriod: 30, hasACPI: true)
        #expect(machine.handle(.truthFound(.neverRan)) == [.release(.idle)])
        #expect(machine.handle(.released(isClean: true)) == [])
        #expect(machine.handle(.wishChanged(.remove)) == [.finish])
    }

    @Test func `a VMI that is deleted before anything of it was here is let go`() {
        var machine = Machine(wish: .remove, gracePeriod: 30, hasACPI: true)
        #expect(machine.handle(.wishChanged(.remove)) == [.finish])
        #expect(machine.handle(.wishChanged(.run)) == [])
    }

    @Test func `a stop that a killed process began goes on, for what it was begun for`() {
        var machine = Machine(state: .unknown, wish: .keep, gracePeriod: 30, hasACPI: true, stop: .startAgain)
        #expect(machine.handle(.truthFound(.stopped(.unknown))) == [.release(.idle)])
        #expect(machine.handle(.released(isClean: true)) == [])
        #expect(machine.handle(.wishChanged(.run)) == [.start])
        machine = Machine(state: .unknown, wish: .keep, gracePeriod: 30, hasACPI: true, stop: .startAgain)
        #expect(machine.handle(.truthFound(.alive)).first == .recordStop(.startAgain))
        machine = Machine(state: .unknown, wish: .keep, gracePeriod: 30, hasACPI: true, stop: .end)
        #expect(machine.handle(.wishChanged(.run)) == [])
        #expect(machine.handle(.truthFound(.alive)).first == .recordStop(.end))
    }

    @Test func `what cannot be given back is tried again until it can`() {
        var machine = Self.running
        _ = machine.handle(.domainStopped(.crashed))
        #expect(machine.handle(.released(isClean: false)) == [.scheduleRelease(seconds: 1)])
        guard case .releasing(let next) = machine.state else {
            Issue.record("\(machine.state)")
            return
        }
        #expect(machine.handle(.releaseDue) == [.release(next)])
        #expect(machine.handle(.released(isClean: true)) == [])
        #expect(machine.state.isEnded)
    }

    /// Whatever comes in whatever order: a VM that is to go goes once its start, its domain and its release have answered,
    /// and no start happens while something is held.
    @Test(arguments: 0..<200) func `any order of inputs leads to an end that leaves nothing`(seed: Int) {
        var random = SeededRandom(seed: UInt64(seed))
        var machine = Machine(wish: .run, gracePeriod: random.next() % 2 == 0 ? 0 : 30, hasACPI: random.next() % 4 != 0)
        var world = World()
        world.take(machine.handle(.wishChanged(.run)))
        let inputs: [Machine.Input] = [
            .wishChanged(.run), .wishChanged(.hold), .restartRequested, .specChanged, .causeGone, .retryDue,
            .startSucceeded, .startFailed(Self.failure), .domainStopped(.shutdown), .domainStopped(.crashed),
            .signalDue,
            .graceExpired, .destroyFailed, .destroyDue, .released(isClean: false), .released(isClean: true),
            .releaseDue, .libvirtLost, .truthFound(.alive), .truthFound(.unknown), .truthFound(.neverRan),
        ]
        for _ in 0..<60 {
            let input = inputs[Int(random.next() % UInt64(inputs.count))]
            guard world.permits(input) else { continue }
            world.note(input)
            world.take(machine.handle(input))
        }
        world.take(machine.handle(.wishChanged(.remove)))
        for _ in 0..<40 where machine.state != .gone {
            guard let input = world.answer(to: machine.state) else { break }
            world.note(input)
            world.take(machine.handle(input))
        }
        #expect(machine.state == .gone)
        #expect(!world.isRunning)
        #expect(world.doubleStarts == 0)
    }

    /// What the actions do to a domain, and what it may tell.
    struct World {
        var isStarting = false
        var isRunning = false
        var isReleasing = false
        var doubleStarts = 0

        mutating func take(_ actions: [Machine.Action]) {
            for action in actions {
                switch action {
                case .start:
                    if isRunning || isStarting || isReleasing { doubleStarts += 1 }
                    isStarting = true
                case .release: isReleasing = true
                default: break
                }
            }
        }

        func permits(_ input: Machine.Input) -> Bool {
            switch input {
            case .startSucceeded, .startFailed: isStarting
            case .domainStopped: isRunning
            case .released: isReleasing
            case .truthFound(.alive): isRunning
            case .truthFound(.neverRan): !isRunning && !isStarting
            default: true
            }
        }

        mutating func note(_ input: Machine.Input) {
            switch input {
            case .startSucceeded: (isStarting, isRunning) = (false, true)
            case .startFailed: isStarting = false
            case .domainStopped: isRunning = false
            case .released(let isClean): if isClean { (isReleasing, isRunning) = (false, false) }
            default: break
            }
        }

        /// What the world says to a machine that waits.
        func answer(to state: Machine.State) -> Machine.Input? {
            switch state {
            case .starting: isStarting ? .startFailed(OwnerStateMachineTests.failure) : nil
            case .running: .domainStopped(.shutdown)
            case .stopping, .killing: .domainStopped(.destroyed)
            case .unknown: isRunning ? .truthFound(.alive) : .truthFound(.neverRan)
            case .releasing: .released(isClean: true)
            case .idle, .waiting, .ended, .gone: .wishChanged(.remove)
            }
        }
    }
}

extension OwnerStateMachine.State {
    fileprivate var isEnded: Bool { if case .ended = self { true } else { false } }
}
