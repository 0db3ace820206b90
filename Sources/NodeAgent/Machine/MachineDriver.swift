internal import DomainModel
internal import DomainPlan
internal import Glibc
internal import HostModel
internal import KubeVirtModel
internal import KubernetesModel
internal import Libvirt
internal import Networks
internal import SystemPackage

/// Performs what a VM's state machine decides. It lives in one task and is not shared.
final class MachineDriver {
    let machine: VirtualMachine
    var lifecycle: MachineStateMachine
    var seen: Observation
    private var started: StartedMachine?
    var boot = GuestBootDetector()
    private var status: VirtualMachineInstanceStatus?
    private let cancelStart: AsyncStream<Void>.Continuation
    private let startCancelled: AsyncStream<Void>
    private let clock = ContinuousClock()
    var bootBegin: ContinuousClock.Instant?
    private var stopBegin: ContinuousClock.Instant?
    private var isOver = false
    private var ending = MachineStateMachine.Ending(phase: .failed, reason: "", wasRequested: false)

    init(_ machine: VirtualMachine) {
        self.machine = machine
        let spec = machine.instance.spec
        lifecycle = MachineStateMachine(
            gracePeriod: spec.terminationGracePeriodSeconds ?? 30, hasACPI: spec.domain.features?.acpi?.isOn ?? true)
        seen = Observation(nodeName: machine.environment.nodeName)
        seen.verdict = machine.environment.verdict
        (startCancelled, cancelStart) = AsyncStream.makeStream(of: Void.self)
    }

    private var environment: MachineEnvironment { machine.environment }

    func run(_ inputs: AsyncStream<MachineInput>) async -> MachineStateMachine.Ending {
        seen.enter(.pending, at: .now)
        let store = IntentStore(environment.session.folders)
        let intent: Intent
        let sockets: FilePath
        do throws(AgentError) {
            (intent, sockets) = try begin(store)
        } catch {
            return fail(error)
        }
        let starter = MachineStarter(
            instance: machine.instance, environment: environment, intent: intent, sockets: sockets,
            report: machine.report, prepared: { [machine] in machine.send(.prepared) })
        await withTaskGroup(of: Void.self) { group in
            perform(lifecycle.handle(.startRequested), starter, &group)
            for await input in inputs {
                take(input, starter, &group)
                if isOver { break }
            }
            group.cancelAll()
        }
        started?.console?.close()
        let cleanup = MachineCleanup(intent: intent, store: store, connection: environment.connection)
        for problem in await cleanup.undo() { machine.report(.warning(ErrorText.line(problem))) }
        if let stopBegin {
            machine.report(.step(.stop, seconds: stopBegin.duration(to: clock.now).inSeconds, detail: ending.reason))
        }
        machine.report(.ended(ending))
        return ending
    }

    /// Writes the intent, then makes the folders that it names.
    private func begin(_ store: IntentStore) throws(AgentError) -> (Intent, FilePath) {
        let session = environment.session
        let instance = machine.instance
        let uid = instance.metadata.uid ?? machine.uuid
        let sockets = try session.makeSocketFolder(for: environment.user, uid: uid)
        let intent = Intent(
            uid: uid, namespace: instance.namespace, name: instance.name,
            domain: DomainName.of(namespace: instance.namespace, name: instance.name), domainUUID: machine.uuid,
            session: session.id, processID: getpid(), bootID: session.bootID,
            libvirtURI: environment.connection.endpoint.uri,
            folders: [session.folders.machine(uid).string, sockets.string])
        try store.begin(intent)
        try Files.makeFolder(session.folders.machine(uid), mode: 0o711)
        return (intent, sockets)
    }

    private func fail(_ error: AgentError) -> MachineStateMachine.Ending {
        seen.failure = ErrorText.line(error)
        seen.enter(.failed, at: .now)
        publish()
        machine.report(.failed(error))
        let ending = MachineStateMachine.Ending(phase: .failed, reason: "\(error)", wasRequested: false)
        machine.report(.ended(ending))
        return ending
    }

    private func take(_ input: MachineInput, _ starter: MachineStarter, _ group: inout TaskGroup<Void>) {
        switch input {
        case .lifecycle(let input): perform(lifecycle.handle(input), starter, &group)
        case .event(let event): take(event, starter, &group)
        case .prepared:
            seen.enter(.scheduled, at: .now)
            publish()
        case .started(.success(let started)): didStart(started, starter, &group)
        case .started(.failure(let error)):
            if case .stopped = error {
            } else {
                seen.failure = ErrorText.line(error)
                machine.report(.failed(error))
            }
            perform(lifecycle.handle(.startFailed(reason: "\(error)")), starter, &group)
        case .console(let bytes): didPrint(bytes)
        case .agentObserved(let agent):
            if seen.agent?.info == nil, let begin = bootBegin {
                let name = agent.info?.parameters["os.pretty-name"] ?? ""
                reportStep(.agent, since: begin, detail: name)
            }
            seen.agent = agent
            publish()
        case .typed(let bytes): started?.console?.type(bytes)
        }
    }

    private func didStart(_ started: StartedMachine, _ starter: MachineStarter, _ group: inout TaskGroup<Void>) {
        self.started = started
        bootBegin = clock.now
        seen.live = started.live
        seen.capacities = started.capacities
        seen.warnings = started.warnings
        if let reason = environment.user.privilegedReason {
            seen.warnings?.append(PlanWarning(reason: "QEMUPrivileged", field: "QEMU runs as root", message: reason))
        }
        seen.runtimeUser = environment.user.label.uid
        seen.isPaused = machine.instance.spec.startStrategy == .paused
        seen.enter(.running, at: .now)
        for warning in seen.warnings ?? [] { machine.report(.warning("\(warning.field): \(warning.message)")) }
        for forward in started.forwards {
            machine.report(.step(.forward, seconds: 0, detail: forward.text))
        }
        if let console = started.console {
            let machine = self.machine
            group.addTask { for await bytes in console.output { machine.send(.console(bytes)) } }
        }
        publish()
        perform(lifecycle.handle(.startSucceeded), starter, &group)
    }

    func perform(
        _ actions: [MachineStateMachine.Action], _ starter: MachineStarter, _ group: inout TaskGroup<Void>
    ) {
        for action in actions {
            switch action {
            case .start: begin(starter, &group)
            case .cancelStart: cancelStart.finish()
            case .sendShutdown:
                if stopBegin == nil { stopBegin = clock.now }
                // A signal that does not arrive is repeated, and a kill follows it: its failure needs no word.
                withDomain(&group) { domain throws(LibvirtError) in _ = try? await domain.shutdown() }
            case .scheduleSignal(let seconds): schedule(.signalDue, after: Int64(seconds), &group)
            case .scheduleKill(let seconds): schedule(.graceExpired, after: seconds, &group)
            case .destroy(let gracefully):
                if stopBegin == nil { stopBegin = clock.now }
                let machine = self.machine
                withDomain(&group) { domain throws(LibvirtError) in
                    do throws(LibvirtError) { try await domain.destroy(gracefully: gracefully) } catch {
                        machine.send(.lifecycle(.destroyFailed(reason: "the domain could not be ended")))
                        throw error
                    }
                    // QEMU is gone once the call returns: the event, should it be late, says nothing new.
                    machine.send(.lifecycle(.domainStopped(.destroyed)))
                }
            case .finish(let ending): finish(ending)
            }
        }
    }

    private func begin(_ starter: MachineStarter, _ group: inout TaskGroup<Void>) {
        publish()
        let machine = self.machine
        let cancelled = startCancelled
        group.addTask {
            await withTaskGroup(of: Bool.self) { race in
                race.addTask {
                    do throws(AgentError) {
                        machine.send(.started(.success(try await starter.start())))
                    } catch {
                        machine.send(.started(.failure(error)))
                    }
                    return true
                }
                race.addTask {
                    for await _ in cancelled {}
                    return false
                }
                // Cancelled or done: either way the other is to end; a start in libvirt's hands ends by itself.
                _ = await race.next()
                race.cancelAll()
            }
        }
    }

    private func withDomain(
        _ group: inout TaskGroup<Void>, _ body: @escaping @Sendable (DomainHandle) async throws(LibvirtError) -> Void
    ) {
        guard let domain = started?.domain else { return }
        let machine = self.machine
        group.addTask {
            do throws(LibvirtError) { try await body(domain) } catch {
                // A domain that ended meanwhile refuses the call, and its event tells the rest.
                guard !error.isNoDomain, !error.isNotRunning else { return }
                machine.report(.warning("\(machine.instance.qualifiedName): \(error)"))
            }
        }
    }

    private func schedule(_ input: MachineStateMachine.Input, after seconds: Int64, _ group: inout TaskGroup<Void>) {
        let machine = self.machine
        group.addTask {
            guard (try? await Task.sleep(for: .seconds(seconds))) != nil else { return }
            machine.send(.lifecycle(input))
        }
    }

    private func finish(_ ending: MachineStateMachine.Ending) {
        self.ending = ending
        isOver = true
        cancelStart.finish()
        seen.isPaused = false
        seen.agent = nil
        if ending.phase == .failed, seen.failure == nil { seen.failure = ending.reason }
        seen.enter(ending.phase, at: .now)
        publish()
    }

    func reportStep(_ step: MachineStep, since begin: ContinuousClock.Instant, detail: String) {
        machine.report(.step(step, seconds: begin.duration(to: clock.now).inSeconds, detail: detail))
    }

    func publishIfRunning() {
        if seen.phase == .running { publish() }
    }

    /// Shows the status where it says something new.
    private func publish() {
        let next = StatusBuilder.status(of: machine.instance, seen, previous: status, now: .now)
        guard status?.encode() != next.encode() else { return }
        status = next
        var instance = machine.instance
        instance.status = next
        machine.report(.status(instance))
    }
}
