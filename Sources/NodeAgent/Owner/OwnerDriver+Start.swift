internal import Disks
internal import DomainModel
internal import DomainPlan
internal import FoundationEssentials
internal import Glibc
internal import KubeVirtModel
internal import KubernetesAPI
internal import KubernetesModel
internal import Libvirt
internal import Placement
internal import SystemPackage

/// The way from a VMI to its running domain.
extension OwnerDriver {
    func start(_ group: inout DiscardingTaskGroup) {
        if let first = issues.first {
            let more = issues.count > 1 ? " (and \(issues.count - 1) more)" : ""
            let failure = OwnerStateMachine.StartFailure(
                reason: "InvalidSpec", message: "\(first)\(more)", isWorthRetrying: false)
            return owner.send(.machine(.startFailed(failure)))
        }
        guard let connection = environment.libvirt.connection else {
            let failure = OwnerStateMachine.StartFailure(
                reason: "LibvirtUnreachable", message: environment.libvirt.problem, isWorthRetrying: true)
            return owner.send(.machine(.startFailed(failure)))
        }
        let job = StartJob(
            owner: owner, instance: instance, object: object, uuid: domainUUID, connection: connection,
            continues: intent != nil)
        intent = job.intent
        let owner = self.owner
        let mark = startMark
        let begin = mark.value
        note("start", "generation \(instance.metadata.generation ?? 1)")
        group.addTask {
            await withTaskGroup(of: Void.self) { race in
                race.addTask {
                    do throws(AgentError) { owner.send(.started(.success(try await job.run()))) } catch {
                        owner.send(.started(.failure(error)))
                    }
                }
                race.addTask { await mark.pass(begin) }
                // Cancelled or done: either way the other is to end; a start in libvirt's hands ends by itself.
                _ = await race.next()
                race.cancelAll()
            }
        }
    }

    func didStart(_ started: StartedMachine, _ group: inout DiscardingTaskGroup) {
        seen.capacities = started.capacities
        seen.warnings = started.warnings
        if let reason = environment.userProblem {
            seen.warnings?.append(PlanWarning(reason: "QEMUPrivileged", field: "QEMU runs as root", message: reason))
        }
        seen.runtimeUser = environment.userID
        seen.isPaused = instance.spec.startStrategy == .paused
        intent?.qemu = started.qemu
        let holding = environment.allocator.holdings[owner.uid]
        intent?.placement = holding?.placement
        intent?.memory = holding?.memory
        environment.allocator.settle(owner.uid)
        keepIntent(&group)
        if let qemu = started.qemu { watch(qemu, &group) }
        use(started.live)
        rate(started.qemu, holding)
        listen(to: started.console, &group)
        note("running", "QEMU \(started.qemu.map { "process \($0.pid)" } ?? "(fake)"), machine \(started.live.machine)")
        tell(.normal, "Created", "Defined the domain \(owner.domain)")
        tell(.normal, "Started", "The VM runs")
        seen.enter(.running, at: .now)
        feed(.startSucceeded, &group)
    }

    func didFail(_ error: AgentError, _ group: inout DiscardingTaskGroup) {
        feed(.startFailed(StartFailures.failure(of: error, isConnected: environment.libvirt.connection != nil)), &group)
    }
}

/// All that a start needs, as values: it runs in a task of its own.
struct StartJob: Sendable {
    let owner: MachineOwner
    let instance: VirtualMachineInstance
    let object: DocumentNode?
    let connection: Connection
    let intent: Intent
    private let continues: Bool

    init(
        owner: MachineOwner, instance: VirtualMachineInstance, object: DocumentNode?, uuid: String,
        connection: Connection, continues: Bool
    ) {
        self.owner = owner
        self.instance = instance
        self.object = object
        self.connection = connection
        self.continues = continues
        let session = owner.environment.session
        intent = Intent(
            uid: owner.uid, namespace: owner.namespace, name: owner.name, domain: owner.domain, domainUUID: uuid,
            session: session.id, processID: getpid(), bootID: session.bootID, libvirtURI: connection.endpoint.uri,
            folders: [
                session.folders.machine(owner.uid).string, session.socketFolder(uid: owner.uid).string,
            ])
    }

    private var environment: NodeEnvironment { owner.environment }

    func run() async throws(AgentError) -> StartedMachine {
        let objects = try await ReferencedObjects(environment.api.client).fetch(for: instance)
        if Task.isCancelled { throw .stopped(instance: owner.qualifiedName) }
        let (environment, owner, intent, continues, object) = (environment, owner, intent, continues, object)
        let sockets = try await environment.disk.run { () throws(AgentError) in
            let store = IntentStore(environment.folders)
            if continues { try store.update(intent) } else { try store.begin(intent, checksUID: false) }
            if let object {
                let text = DocumentWriter.json(object)
                try Files.writeAtomically(Data(text.utf8), to: environment.folders.lastObject(intent.domain))
            }
            try Files.makeFolder(environment.folders.machine(owner.uid), mode: 0o711)
            return try environment.session.makeSocketFolder(for: environment.user, uid: owner.uid)
        }
        var machineEnvironment = environment.machineEnvironment(connection)
        machineEnvironment.objects = objects
        machineEnvironment.priority = environment.priority(of: instance)
        machineEnvironment.guest = guest
        let starter = MachineStarter(
            instance: instance, environment: machineEnvironment, intent: intent, sockets: sockets,
            report: { [owner] report in
                switch report {
                case .step(let step, let seconds, let detail):
                    owner.send(.step(step, seconds: seconds, detail: detail))
                case .planned(let xml, let request): owner.send(.planned(xml: xml, request))
                default: break
                }
            },
            prepared: {})
        let started = try await starter.start()
        if let domain = try? Domain(xml: started.xml), let identity = GuestIdentity(live: domain) {
            try await environment.disk.run { () throws(AgentError) in
                try GuestIdentityStore(environment.folders).keep(identity, of: owner.uid)
            }
        }
        return started
    }

    /// What the guest saw at its first start; where its file is lost, the status still tells the machine type.
    private var guest: GuestIdentity? {
        if let kept = GuestIdentityStore(environment.folders).identity(of: owner.uid) { return kept }
        guard let machine = instance.status?.machine?.type, !machine.isEmpty else { return nil }
        return GuestIdentity(machine: machine)
    }
}

/// Turns errors of a start into what conditions say.
enum StartFailures {
    static func failure(of error: AgentError, isConnected: Bool) -> OwnerStateMachine.StartFailure {
        let isUnconfirmed =
            // What timed out may be done yet, as may what was asked of a daemon that stopped answering.
            if case .libvirt(_, _, let cause) = error {
                cause.isConnectionLost || cause.isTimeout
            } else if case .domainRuns = error {
                true
            } else { false }
        return OwnerStateMachine.StartFailure(
            reason: reason(of: error), message: ErrorText.line(error), isWorthRetrying: isWorthRetrying(error),
            isUnconfirmed: isUnconfirmed)
    }

    private static func reason(of error: AgentError) -> String {
        switch error {
        case .invalid: "InvalidSpec"
        case .accelerator: "AcceleratorUnusable"
        case .placement, .memory, .noDevice: "InsufficientResources"
        case .device: "DeviceNotReady"
        case .images, .disk(_, .image): "ImageNotReady"
        case .disk: "VolumeNotReady"
        case .network: "NetworkNotReady"
        case .plan, .cannotStart, .notInForeground, .hostDiskRefused, .tpmNeedsDaemon: "NotPossibleHere"
        case .firmwareMissing: "FirmwareMissing"
        case .libvirt, .libvirtAbsent, .startEnded: "StartFailed"
        case .unsafePlacement: ConditionsBuilder.unsafePlacement
        case .alreadyRunning, .uidInUse, .domainInTheWay: "NameInUse"
        default: "StartFailed"
        }
    }

    /// A spec that cannot be fulfilled stays so until it changes, or the host does.
    private static func isWorthRetrying(_ error: AgentError) -> Bool {
        switch error {
        case .invalid, .plan, .unsafePlacement: false
        default: true
        }
    }
}
