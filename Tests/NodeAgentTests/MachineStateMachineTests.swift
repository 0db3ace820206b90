import KubeVirtModel
import TestSupport
import Testing

@testable import NodeAgent

@Suite struct MachineStateMachineTests {
    typealias Machine = MachineStateMachine
    typealias Input = MachineStateMachine.Input
    typealias Action = MachineStateMachine.Action

    /// A machine that took these inputs, and what it did at the last one.
    private func after(_ inputs: [Input], gracePeriod: Int64 = 30, hasACPI: Bool = true) -> (
        machine: Machine, actions: [Action]
    ) {
        var machine = Machine(gracePeriod: gracePeriod, hasACPI: hasACPI)
        var actions: [Action] = []
        for input in inputs { actions = machine.handle(input) }
        return (machine, actions)
    }

    private func ending(_ inputs: [Input], gracePeriod: Int64 = 30, hasACPI: Bool = true) -> Machine.Ending? {
        guard case .finish(let ending) = after(inputs, gracePeriod: gracePeriod, hasACPI: hasACPI).actions.last else {
            return nil
        }
        return ending
    }

    private static let running: [Input] = [.startRequested, .startSucceeded]
    private static let stopping = running + [.stopRequested]
    private static let firstSignal: [Action] = [.sendShutdown, .scheduleSignal(seconds: 5), .scheduleKill(seconds: 30)]

    @Test("a domain that cannot be ended leaves the phase Unknown, not Failed")
    func destroyFails() {
        var machine = MachineStateMachine(gracePeriod: 0, hasACPI: true)
        _ = machine.handle(.startRequested)
        _ = machine.handle(.startSucceeded)
        _ = machine.handle(.stopRequested)
        let actions = machine.handle(.destroyFailed(reason: "libvirt is gone"))
        let ending = MachineStateMachine.Ending(phase: .unknown, reason: "libvirt is gone", wasRequested: true)
        #expect(actions == [.finish(ending)])
    }

    @Test(
        "each input has its actions",
        arguments: [
            ([.startRequested], [.start]), (running, []), ([.startRequested, .stopRequested], [.cancelStart]),
            ([.startRequested, .killRequested], [.cancelStart]), (stopping, firstSignal),
            (stopping + [.signalDue], [.sendShutdown, .scheduleSignal(seconds: 5)]),
            (stopping + [.graceExpired], [.destroy(gracefully: true)]),
            (stopping + [.stopRequested], [.destroy(gracefully: false)]),
            (stopping + [.killRequested], [.destroy(gracefully: false)]),
            (running + [.killRequested], [.destroy(gracefully: false)]),
            ([.startRequested, .stopRequested, .startSucceeded], firstSignal),
        ] as [([Input], [Action])])
    func actions(inputs: [Input], actions: [Action]) { #expect(after(inputs).actions == actions) }

    @Test(
        "an input that comes too early or too late is ignored",
        arguments: [
            [.startSucceeded], [.startFailed(reason: "x")], [.signalDue], [.graceExpired], [.domainStopped(.crashed)],
            running + [.startRequested], running + [.startSucceeded],
            running + [.signalDue], running + [.graceExpired], stopping + [.stopRequested, .stopRequested],
            stopping + [.stopRequested, .signalDue], stopping + [.stopRequested, .graceExpired],
            stopping + [.graceExpired, .graceExpired], stopping + [.startSucceeded],
        ] as [[Input]])
    func ignored(inputs: [Input]) { #expect(after(inputs).actions.isEmpty) }

    @Test("a stop is ignored after the domain crashed")
    func stopAfterCrash() {
        #expect(after(Self.running + [.domainStopped(.crashed), .stopRequested]).actions.isEmpty)
        #expect(after(Self.running + [.domainStopped(.crashed), .killRequested]).actions.isEmpty)
    }

    @Test(
        "without a grace period, or without ACPI, a stop kills at once",
        arguments: [(0, true), (30, false), (-1, true), (0, false)] as [(Int64, Bool)])
    func atOnce(gracePeriod: Int64, hasACPI: Bool) {
        #expect(
            after(Self.stopping, gracePeriod: gracePeriod, hasACPI: hasACPI).actions == [.destroy(gracefully: true)])
        let end = ending(Self.stopping + [.domainStopped(.destroyed)], gracePeriod: gracePeriod, hasACPI: hasACPI)
        #expect(end?.phase == .succeeded && end?.wasRequested == true)
        #expect(end?.reason == "killed at once, as its grace period asks")
    }

    @Test(
        "how a VM ends follows from what libvirt says",
        arguments: [
            (running, .shutdown, .succeeded, false, "the guest powered off"),
            (running, .crashed, .failed, false, "the guest or QEMU crashed"),
            (running, .failed, .failed, false, "QEMU failed"),
            (running, .destroyed, .failed, false, "the domain was destroyed"),
            (running, .unknown, .failed, false, "the domain stopped for a reason that libvirt does not name"),
            (stopping, .shutdown, .succeeded, true, "the guest powered off"),
            (stopping, .crashed, .failed, true, "the guest or QEMU crashed"),
            (
                stopping + [.graceExpired], .destroyed, .failed, true,
                "killed, since the guest did not power off within 30 s"
            ),
            (stopping + [.graceExpired], .shutdown, .succeeded, true, "the guest powered off"),
            (stopping + [.stopRequested], .destroyed, .failed, true, "killed at the user's word"),
            ([.startRequested], .crashed, .failed, false, "the guest or QEMU crashed"),
            ([.startRequested, .stopRequested], .destroyed, .failed, true, "the domain was destroyed"),
        ] as [([Input], Machine.DomainStop, VMIPhase, Bool, String)])
    func endings(inputs: [Input], stop: Machine.DomainStop, phase: VMIPhase, wasRequested: Bool, reason: String) {
        let end = ending(inputs + [.domainStopped(stop)])
        #expect(end == Machine.Ending(phase: phase, reason: reason, wasRequested: wasRequested))
    }

    @Test("a start that fails ends with its reason, or with the stop that asked for it")
    func startFails() {
        #expect(
            ending([.startRequested, .startFailed(reason: "no disk")])
                == Machine.Ending(phase: .failed, reason: "no disk", wasRequested: false))
        #expect(
            ending([.startRequested, .stopRequested, .startFailed(reason: "cancelled")])
                == Machine.Ending(phase: .failed, reason: "stopped while it started", wasRequested: true))
        #expect(
            ending([.stopRequested])
                == Machine.Ending(phase: .failed, reason: "stopped before it was started", wasRequested: true))
    }

    @Test(
        "whatever comes in whatever order, a VM ends once, and nothing is done after its end",
        arguments: 0..<8 as Range<UInt64>)
    func walk(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        let stops: [Machine.DomainStop] = [.shutdown, .destroyed, .crashed, .failed, .unknown]
        let others: [Input] = [
            .startRequested, .startSucceeded, .startFailed(reason: "x"), .stopRequested, .killRequested, .signalDue,
            .graceExpired,
        ]
        for _ in 0..<500 {
            let gracePeriod = Int64.random(in: 0...2, using: &random) * 15
            let hasACPI = Bool.random(using: &random)
            var machine = Machine(gracePeriod: gracePeriod, hasACPI: hasACPI)
            var (finishes, starts, kills, wishes) = (0, 0, 0, 0)
            for _ in 0..<40 {
                let wasRunning = machine.state == .running
                let wasStopping = machine.state == .stopping
                let input =
                    Int.random(in: 0..<12, using: &random) == 0
                    ? Input.domainStopped(stops.randomElement(using: &random) ?? .unknown)
                    : others.randomElement(using: &random) ?? .signalDue
                let actions = machine.handle(input)
                if finishes > 0 { #expect(actions.isEmpty) }
                if input == .stopRequested || input == .killRequested { wishes += 1 }
                if wasRunning, input == .killRequested { #expect(actions == [.destroy(gracefully: false)]) }
                if wasStopping, input == .stopRequested { #expect(actions == [.destroy(gracefully: false)]) }
                for action in actions {
                    switch action {
                    case .start: starts += 1
                    case .destroy: kills += 1
                    case .sendShutdown: #expect(hasACPI && gracePeriod > 0 && kills == 0)
                    case .scheduleKill(let seconds): #expect(seconds == gracePeriod)
                    case .finish(let ending):
                        finishes += 1
                        #expect(machine.state == .ended(ending))
                        #expect(ending.phase.isFinal && !ending.reason.isEmpty)
                        if ending.wasRequested { #expect(wishes > 0) }
                    case .cancelStart, .scheduleSignal: break
                    }
                }
                #expect(finishes <= 1 && starts <= 1 && kills <= 1)
                if kills > 0 { #expect(wishes > 0) }
            }
            if case .ended = machine.state { #expect(finishes == 1) } else { #expect(finishes == 0) }
        }
    }
}
