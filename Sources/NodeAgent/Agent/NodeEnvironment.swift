internal import DomainModel
internal import DomainPlan
internal import Glibc
internal import HostModel
internal import Images
internal import KubeVirtModel
internal import KubernetesModel
internal import Libvirt
internal import Logging
internal import Synchronization

/// What all VMs of the daemon share.
///
/// Synchronization: all is immutable, or guards itself; the verdict and the owners' registry are behind mutexes.
package final class NodeEnvironment: Sendable {
    let session: Session
    let libvirt: LibvirtKeeper
    let api: APIAccess
    let store: ImageStore
    let registry: RegistryOptions
    let limiter: StartLimiter
    let allocator: NodeAllocator
    let devices: DeviceBroker
    let idleCPUs: IdleCPUs
    let metrics: AgentObserver
    let nodeName: String
    let emulation: EmulationPolicy
    let hostDisks: HostDiskRule
    let logger: Logger
    /// For file work that syncs: it never blocks Swift's own threads.
    let disk = BlockingPool(label: "files", width: 4)
    /// Seconds since 1970 at which the host booted.
    let bootTime: Int64
    private let prioritiesBox: Mutex<[String: Int]>
    private let verdictBox: Mutex<AcceleratorVerdict>
    private let agent = Mutex<AgentCore?>(nil)

    init(
        session: Session, libvirt: LibvirtKeeper, api: APIAccess, store: ImageStore, registry: RegistryOptions,
        verdict: AcceleratorVerdict, parallelStarts: Int, nodeName: String, priorities: [String: Int],
        emulation: EmulationPolicy, hostDisks: HostDiskRule, allocator: NodeAllocator, devices: DeviceBroker,
        idleCPUs: IdleCPUs, metrics: AgentObserver, logger: Logger
    ) {
        self.session = session
        self.libvirt = libvirt
        self.api = api
        self.store = store
        self.registry = registry
        self.nodeName = nodeName
        prioritiesBox = Mutex(priorities)
        self.emulation = emulation
        self.hostDisks = hostDisks
        self.metrics = metrics
        self.logger = logger
        limiter = StartLimiter(width: parallelStarts) { metrics.didWait(for: "starts", $0) }
        self.allocator = allocator
        self.devices = devices
        self.idleCPUs = idleCPUs
        verdictBox = Mutex(verdict)
        bootTime = Self.hostBootTime()
    }

    var folders: SessionFolders { session.folders }
    var bootID: String { session.bootID }
    var verdict: AcceleratorVerdict { verdictBox.withLock { $0 } }
    var accelerator: PlanAccelerator { verdict.verdict == .kvm ? .kvm : .emulation }
    var user: QEMUUser { QEMUUser.choose(for: verdict.verdict) }
    var userProblem: String? { user.privilegedReason }
    var userID: UInt32 { user.label.uid }

    /// Priorities by class, as the configuration knows them. VMs that wait already keep theirs.
    var priorities: [String: Int] {
        get { prioritiesBox.withLock { $0 } }
        set { prioritiesBox.withLock { $0 = newValue } }
    }

    func attach(_ core: AgentCore) { agent.withLock { $0 = core } }

    func machineEnvironment(_ connection: Connection) -> MachineEnvironment {
        var environment = MachineEnvironment(
            session: session, connection: connection, verdict: verdict, store: store, registry: registry,
            limiter: limiter, nodeName: nodeName, allocator: allocator)
        environment.emulation = emulation
        environment.devices = devices
        environment.idleCPUs = idleCPUs
        environment.mustOutlive = true
        environment.hostDisks = hostDisks
        return environment
    }

    /// How urgent a VM is: by its priority class, as the configuration knows it, and Kubernetes' own two.
    func priority(of instance: VirtualMachineInstance) -> Int {
        guard let name = instance.spec.priorityClassName else { return 0 }
        return priorities[name] ?? Self.systemPriorities[name] ?? 0
    }

    private static let systemPriorities = [
        "system-cluster-critical": 2_000_000_000, "system-node-critical": 2_000_001_000,
    ]

    /// Something was given back: who waits for it may try again.
    func causeGone(except owner: MachineOwner) {
        agent.withLock { $0 }?.wake(except: owner)
    }

    func didEnter(
        _ state: OwnerStateMachine.State, from before: OwnerStateMachine.State, _ owner: MachineOwner,
        _ instance: VirtualMachineInstance
    ) {
        metrics.didEnter(state, from: before, owner)
        agent.withLock { $0 }?.note(
            state, of: owner, priority: priority(of: instance),
            memory: instance.spec.domain.memory?.guest?.roundedDown ?? 0)
    }

    /// Works on the intent of an owner, off Swift's own threads. What fails is told in the log: it must keep nobody from
    /// going on.
    func work(
        on owner: MachineOwner, _ body: @escaping @Sendable (IntentStore) throws(AgentError) -> Void
    ) async {
        let store = IntentStore(folders)
        do throws(AgentError) { try await disk.run { () throws(AgentError) in try body(store) } } catch {
            logger.error("\(owner.qualifiedName): \(ErrorText.line(error))")
        }
    }

    /// Writes intents that were lost.
    func write(anew intents: [Intent]) async {
        let store = IntentStore(folders)
        for intent in intents {
            do throws(AgentError) {
                try await disk.run { () throws(AgentError) in try store.begin(intent, checksUID: false) }
            } catch {
                logger.error("\(intent.qualifiedName): \(ErrorText.line(error))")
            }
        }
    }

    /// An owner is done with its VMI: its last bits go.
    func forget(_ owner: MachineOwner, _ intent: Intent?) async {
        let folders = self.folders
        do throws(AgentError) {
            try await disk.run { () throws(AgentError) in
                if let intent { try IntentStore(folders).end(intent) }
                try GuestIdentityStore(folders).remove(owner.uid)
                try Files.remove(folders.timeline(owner.uid))
            }
        } catch {
            logger.warning("\(owner.qualifiedName): \(ErrorText.line(error))")
        }
        metrics.forget(owner)
    }

    private static func hostBootTime() -> Int64 {
        let line = HostRoot().lines("/proc/stat").first { $0.hasPrefix("btime ") }
        return line.flatMap { Int64($0.dropFirst(6)) } ?? 0
    }
}
