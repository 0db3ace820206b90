internal import DomainPlan
internal import FoundationEssentials
internal import HostModel
internal import KubeVirtModel
internal import KubernetesAPI
internal import KubernetesModel
internal import Libvirt
internal import Logging
internal import SystemPackage

/// Performs what a VMI's state machine decides. It lives in one task and is not shared.
///
/// What takes time runs in child tasks, whose results come back as inputs: the owner itself always answers.
final class OwnerDriver {
    let owner: MachineOwner
    var machine: OwnerStateMachine
    /// The VMI, with its defaults, as it was last seen.
    var instance: VirtualMachineInstance
    /// What is wrong with its spec.
    var issues: [FieldIssue] = []
    /// The VMI as the API has it; nil where only an earlier process saw it.
    var object: DocumentNode?
    var seen: Observation
    var intent: Intent?
    var timeline: Timeline
    var delivery = StatusDelivery()
    var console: SerialConsole?
    var ioErrors = IOErrorRetry()
    var resumedAt: Double?
    /// Counts the connections of the guest agent: a watch of an earlier one ends.
    let agentWatch = Counter()
    var verifyAttempts = 0
    var watchedQEMU: ProcessIdentity?
    /// An intent that must be on disk before anything is done to the guest.
    var unwritten: Intent?
    /// The document that libvirt was given, and what it was made from; nil where an earlier process started the VM.
    var plannedXML: String?
    var plannedRequest: PlanRequest?
    var isGivingBack = false
    var isOver = false
    private let startCancel = Counter()
    let clock = ContinuousClock()
    let origin: ContinuousClock.Instant
    /// The VMI was adopted, and the API has not told of it yet.
    var awaitsAPI = false
    /// The VM was adopted, and is not known to run yet.
    var isUnproven = false
    /// Where the threads without CPUs of their own were sent last.
    var sharedCPUs: CPUSet?

    init(_ owner: MachineOwner, _ origin: OwnerOrigin) {
        self.owner = owner
        let environment = owner.environment
        self.origin = clock.now
        timeline = Timeline(file: environment.folders.timeline(owner.uid))
        instance = VirtualMachineInstance()
        instance.metadata.uid = owner.uid
        instance.metadata.name = owner.name
        instance.metadata.namespace = owner.namespace
        switch origin {
        case .assigned(let object):
            seen = Observation(nodeName: environment.nodeName)
            machine = OwnerStateMachine(wish: .run, gracePeriod: 0, hasACPI: true)
            read(object)
            seen = Observation(nodeName: environment.nodeName, resuming: instance.status)
            machine = Self.machine(for: instance, state: .idle, object)
            self.object = object
        case .adopted(let intent, let object):
            self.intent = intent
            seen = Observation(nodeName: environment.nodeName)
            machine = OwnerStateMachine(wish: .run, gracePeriod: 0, hasACPI: true)
            if let object { read(object) }
            seen = Observation(nodeName: environment.nodeName, resuming: instance.status)
            machine = Self.machine(for: instance, state: Self.state(adopting: intent), nil, stop: intent.stop)
            awaitsAPI = true
            isUnproven = true
        }
        seen.verdict = environment.verdict
    }

    var environment: NodeEnvironment { owner.environment }
    var logger: Logger { environment.logger }
    /// Seconds since 1970.
    var now: Double { Date().timeIntervalSince1970 }

    private static func machine(
        for instance: VirtualMachineInstance, state: OwnerStateMachine.State, _ object: DocumentNode?,
        stop: OwnerStateMachine.StopPurpose? = nil
    ) -> OwnerStateMachine {
        var state = state
        if state == .idle, let phase = instance.status?.phase, phase.isFinal {
            state = .ended(.init(phase: phase, reason: instance.status?.reason ?? "", wasRequested: false))
        }
        return OwnerStateMachine(
            state: state, wish: object?.isBeingDeleted ?? false ? .remove : .run,
            gracePeriod: instance.spec.terminationGracePeriodSeconds ?? 30,
            hasACPI: instance.spec.domain.features?.acpi?.isOn ?? true, stop: stop)
    }

    /// What an intent alone says: the rest is found out.
    private static func state(adopting intent: Intent) -> OwnerStateMachine.State {
        guard let record = intent.ending else { return intent.startsAgain == true ? .releasing(.idle) : .unknown }
        let phase = VMIPhase(rawValue: record.phase) ?? .failed
        return .releasing(.ended(.init(phase: phase, reason: record.reason, wasRequested: record.wasRequested)))
    }

    func run(_ inputs: AsyncStream<OwnerInput>) async {
        await withDiscardingTaskGroup { group in
            begin(&group)
            for await input in inputs {
                take(input, &group)
                if isOver { break }
            }
            console?.close()
            agentWatch.advance()
            startCancel.advance()
            group.cancelAll()
        }
        owner.hub.close()
    }

    private func begin(_ group: inout DiscardingTaskGroup) {
        if awaitsAPI {
            note("adopted", "found what an earlier process left")
            _ = machine.handle(.wishChanged(.keep))
            schedule(.apiWaitOver, after: 30, &group)
            if case .releasing(let next) = machine.state {
                if case .ended(let ending) = next { conclude(ending) }
                perform([.release(next)], &group)
            } else {
                perform([.verify], &group)
            }
            return
        }
        if seen.phase == .running, intent == nil, !machine.state.isFinal {
            vanish(&group)
            return
        }
        feed(.wishChanged(wish), &group)
    }

    /// The API says that the VM runs here, and nothing of it is: the host booted, or somebody removed all of it.
    private func vanish(_ group: inout DiscardingTaskGroup) {
        let runningSince = seen.transitions.last { $0.phase == .running }?.phaseTransitionTimestamp
        if let runningSince, runningSince.seconds < environment.bootTime {
            note("rebooted", "the VM ran before this host booted: it starts again")
            seen.enter(.scheduled, at: .now)
            feed(.wishChanged(wish), &group)
        } else if ProcessScan.qemu(guest: owner.domain, uuid: domainUUID) == nil {
            machine = OwnerStateMachine(
                state: .running, wish: wish, gracePeriod: machine.gracePeriod, hasACPI: machine.hasACPI)
            feed(.domainStopped(.vanished), &group)
        } else {
            note("blocked", "a QEMU of this VMI runs that libvirt does not know")
            seen.unknown = "a QEMU of this VMI runs that libvirt does not know: end it, and the VMI goes on"
            publish(&group)
        }
    }

    /// What should become of the VMI, as far as the API and the node say.
    var wish: OwnerStateMachine.Wish {
        if delivery.isRemoved || object?.isBeingDeleted ?? false { return .remove }
        if awaitsAPI { return .keep }
        return isHeld ? .hold : .run
    }
    var isHeld = false

    /// The domain's UUID: the firmware's, which the guest sees, or the VMI's own.
    var domainUUID: String { (instance.spec.domain.firmware?.uuid ?? owner.uid).lowercased() }

    func feed(_ input: OwnerStateMachine.Input, _ group: inout DiscardingTaskGroup) {
        let before = machine.state
        let actions = machine.handle(input)
        if machine.state != before { didChange(from: before, &group) }
        perform(actions, &group)
        publish(&group)
    }

    /// Tells what a change of state means for the status and for the events.
    private func didChange(from before: OwnerStateMachine.State, _ group: inout DiscardingTaskGroup) {
        environment.didEnter(machine.state, from: before, owner, instance)
        switch machine.state {
        case .starting(isCancelled: false):
            seen.isStarting = true
            seen.failure = nil
            seen.failureReason = nil
            enterScheduled()
        case .running:
            seen.unknown = nil
            seen.isStarting = false
            seen.failure = nil
            seen.failureReason = nil
        case .stopping:
            note("stop", "the guest is asked to power off, within \(machine.gracePeriod) s")
            tell(.normal, "ShuttingDown", "Asked the guest to power off; it has \(machine.gracePeriod) s")
        case .killing:
            if before == .stopping { note("kill", "the guest did not power off in time") }
            tell(.normal, "Deleted", "Ending QEMU")
        case .waiting(let failure): block(failure)
        case .releasing(let next):
            stopWatching()
            switch next {
            case .ended(let ending): conclude(ending)
            case .waiting(let failure): block(failure)
            case .idle: if before.holdsDomain { seen.enter(.scheduled, at: .now) }
            }
        case .unknown: seen.unknown = seen.unknown ?? "libvirt does not answer"
        case .idle, .starting, .ended, .gone: break
        }
    }

    private func enterScheduled() {
        guard seen.phase != .scheduled else { return }
        if seen.transitions.isEmpty {
            seen.enter(.pending, at: instance.metadata.creationTimestamp ?? .now)
        }
        seen.enter(.scheduled, at: .now)
    }

    private func block(_ failure: OwnerStateMachine.StartFailure) {
        seen.unknown = nil
        guard seen.failure != failure.message else { return }
        seen.isStarting = false
        seen.failure = failure.message
        seen.failureReason = failure.reason
        // While the daemon itself starts, nothing has failed.
        guard environment.libvirt.wasAsked else { return note("waits", failure.message) }
        note("failed", failure.message)
        tell(.warning, "SyncFailed", failure.message)
        logger.warning("\(owner.qualifiedName) does not start: \(failure.message)", metadata: metadata)
    }

    /// The VM ended for good.
    private func conclude(_ ending: OwnerStateMachine.Ending) {
        seen.unknown = nil
        seen.isStarting = false
        seen.isPaused = false
        seen.pausedByIOError = nil
        seen.agent = nil
        seen.failureReason = nil
        seen.failure = ending.phase == .failed ? ending.reason : nil
        guard seen.phase != ending.phase else { return }
        seen.enter(ending.phase, at: .now)
        note("ended", "\(ending.phase.rawValue): \(ending.reason)")
        tell(ending.phase == .failed ? .warning : .normal, "Stopped", "The VM ended: \(ending.reason)")
        environment.metrics.didEnd(ending)
    }

    private func stopWatching() {
        agentWatch.advance()
        console?.close()
        console = nil
        owner.hub.connect(nil)
    }

    // MARK: Words for operators

    var metadata: Logger.Metadata { ["vmi": "\(owner.qualifiedName)", "uid": "\(owner.uid)"] }

    func note(_ step: String, _ detail: String, seconds: Double? = nil) {
        timeline.add(step, detail, seconds: seconds, at: now)
        var metadata = metadata
        metadata["step"] = "\(step)"
        logger.info("\(owner.qualifiedName): \(step): \(detail)", metadata: metadata)
    }

    func tell(_ type: EventType, _ reason: String, _ message: String) {
        environment.api.recorder.record(
            type, reason: reason, message,
            about: ObjectReference(
                apiVersion: APIResource.instances.apiVersion, kind: APIResource.instances.kind,
                namespace: owner.namespace, name: owner.name, uid: owner.uid,
                resourceVersion: object?.resourceVersion))
    }

    /// Reads the VMI anew; what cannot be read is an issue of its spec.
    func read(_ object: DocumentNode) {
        var context = DecodingContext()
        guard var next = VirtualMachineInstance.decode(object, &context) else {
            issues = context.issues.filter { $0.severity == .error }
            return
        }
        next.metadata.namespace = next.metadata.namespace ?? owner.namespace
        var found = context.issues.filter { $0.severity == .error && !$0.path.hasPrefix("status") }
        if found.isEmpty {
            next.applyDefaults()
            found = next.validate().filter { $0.severity == .error }
        }
        issues = found
        instance = next
    }

    /// A number that child tasks compare with the one they began with.
    func cancelStart() { startCancel.advance() }
    var startMark: Counter { startCancel }
}

extension OwnerStateMachine.State {
    var isFinal: Bool {
        switch self {
        case .ended, .gone, .releasing(.ended): true
        default: false
        }
    }
}
