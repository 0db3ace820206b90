internal import DomainPlan
internal import FoundationEssentials
internal import KubernetesAPI
internal import KubernetesModel
internal import Libvirt
internal import Logging
internal import Placement
internal import Synchronization
internal import SystemPackage

/// The node's VMs: one owner for each, found by its domain's name.
///
/// Owns the owners. What comes from the API, from libvirt and from users is handed to the one whom it concerns.
///
///     adopt what intents name ─▶ libvirt found: adopt what only libvirt knows ─▶ take what the API says
///
/// Synchronization: `run` reads one queue, in one task, and alone makes and drops owners; lookups go through a mutex.
package final class AgentCore: Sendable {
    enum Input: Sendable {
        case api(ReflectorEvent)
        case libvirt(LibvirtKeeper.Change)
        case census([Intent])
        case ended(MachineOwner)
        case missing(MachineOwner, isGone: Bool)
        case wake(except: String?)
        case tick
    }

    struct Registry {
        var owners: [String: MachineOwner] = [:]
        /// VMIs that wait until their namesake is gone.
        var successors: [String: DocumentNode] = [:]
        var states: [String: OwnerStateMachine.State] = [:]
        var priorities: [String: Int] = [:]
        /// Bytes of memory that VMs here were promised, by uid.
        var memory: [String: Int64] = [:]
        var isDrained = false
        var isSynced = false
        var isAdopted = false
        /// Domains of ours without a VMI.
        var orphans: Set<String> = []
        var refused: Set<String> = []
        /// Ticks since a VM's state changed.
        var quietTicks = 0
        var lastChange = 0
    }

    let environment: NodeEnvironment
    let registry = Mutex(Registry())
    /// Moves with each change of a VM's state.
    let changes = Counter()
    /// Moves when the node is drained, or is not any more.
    let drains = Counter()
    /// Moves once all VMs that run are known.
    private let adoptions = Counter()
    private let stopsOrphans: Bool
    private let inputs: AsyncStream<Input>
    private let continuation: AsyncStream<Input>.Continuation

    init(_ environment: NodeEnvironment, stopsOrphans: Bool) {
        self.environment = environment
        self.stopsOrphans = stopsOrphans
        (inputs, continuation) = AsyncStream.makeStream(of: Input.self)
        environment.attach(self)
        registry.withLock { $0.isDrained = DrainMark(environment.folders, bootID: environment.bootID).isSet }
    }

    private var logger: Logger { environment.logger }

    func send(_ input: Input) { continuation.yield(input) }

    /// Serves until cancelled; the VMs live on.
    func run() async {
        await withDiscardingTaskGroup { group in
            adopt(&group)
            group.addTask { [self] in for await change in environment.libvirt.changes { send(.libvirt(change)) } }
            group.addTask { [self] in
                while (try? await Task.sleep(for: .seconds(15))) != nil { send(.tick) }
            }
            group.addTask { [self] in
                let moves = environment.allocator.moves
                while !Task.isCancelled {
                    let mark = moves.value
                    for owner in owners { owner.send(.sharedCPUsChanged) }
                    await moves.pass(mark)
                }
            }
            group.addTask { [self] in
                // A CPU of a VM that nobody knows of yet would pass for idle.
                await adoptions.pass(0)
                await environment.idleCPUs.follow(environment.allocator)
            }
            environment.metrics.beat()
            for await input in inputs {
                if Task.isCancelled { break }
                await take(input, &group)
            }
            group.cancelAll()
        }
    }

    // MARK: Adoption

    /// Takes over what an earlier process wrote down.
    private func adopt(_ group: inout DiscardingTaskGroup) {
        let intents = IntentStore(environment.folders).all().filter { $0.session == Session.daemonID }
        // What they hold is in the books before anybody can be given a place.
        for intent in intents { retake(intent) }
        for intent in intents { adopt(intent, &group) }
        if !intents.isEmpty { logger.info("adopting \(intents.count) VMs") }
    }

    private func retake(_ intent: Intent) {
        var placement = intent.placement
        // The pages of a VM that runs are missing in the host's own counters already.
        placement?.pages = []
        do throws(PlacementError) {
            try environment.allocator.retake(
                placement, memory: intent.memory ?? 0, for: intent.uid, name: intent.qualifiedName)
        } catch {
            logger.error(
                "\(intent.qualifiedName) runs where others run: \(error): restart one of them",
                metadata: ["uid": "\(intent.uid)"])
        }
    }

    private func adopt(_ intent: Intent, _ group: inout DiscardingTaskGroup) {
        let text = Files.read(environment.folders.lastObject(intent.domain)).map { String(decoding: $0, as: UTF8.self) }
        let object = text.flatMap { try? DocumentReader().read($0).first }
        let identity = MachineIdentity(uid: intent.uid, namespace: intent.namespace, name: intent.name)
        add(MachineOwner(identity, environment), .adopted(intent, object), &group)
    }

    private func add(_ owner: MachineOwner, _ origin: OwnerOrigin, _ group: inout DiscardingTaskGroup) {
        let isDrained = registry.withLock { registry in
            registry.owners[owner.domain] = owner
            return registry.isDrained
        }
        if isDrained { owner.send(.held(true)) }
        group.addTask { [self] in
            await owner.run(origin)
            send(.ended(owner))
        }
    }

    // MARK: Inputs

    private func take(_ input: Input, _ group: inout DiscardingTaskGroup) async {
        switch input {
        case .api(let event): take(event, &group)
        case .tick:
            environment.metrics.beat()
            rest()
        case .libvirt(.found(let connection)):
            environment.metrics.part(.libvirt, true, connection.endpoint.uri)
            let census = DomainCensus(connection: connection, session: environment.session)
            let known = Set(owners.map(\.domain))
            group.addTask { [self] in send(.census(await census.unknown(besides: known, logger))) }
        case .libvirt(.lost(let reason)):
            environment.metrics.part(.libvirt, false, reason)
            for owner in owners { owner.send(.libvirtLost(reason: reason)) }
        case .libvirt(.event(let event)): owner(ofDomain: event.domain)?.send(.event(event.kind))
        case .census(let intents):
            let unknown = intents.filter { owner(ofDomain: $0.domain) == nil }
            let environment = environment
            group.addTask {
                await environment.write(anew: unknown)
            }
            for intent in unknown { retake(intent) }
            for intent in unknown { adopt(intent, &group) }
            registry.withLock { $0.isAdopted = true }
            adoptions.advance()
            environment.metrics.part(.adoption, true)
            for owner in owners { owner.send(.libvirtFound) }
        case .ended(let owner): didEnd(owner, &group)
        case .missing(let owner, isGone: true): leaveAlone(owner)
        case .missing(let owner, isGone: false):
            logger.warning("\(owner.qualifiedName) is not assigned to this node any more: it is left as it is")
        case .wake(let uid):
            let states = registry.withLock { $0.states }
            for owner in owners where owner.uid != uid {
                if case .waiting = states[owner.uid] { owner.send(.machine(.causeGone)) }
            }
        }
    }

    /// After a minute in which nothing changed, once.
    private func rest() {
        let mark = changes.value
        let isDue = registry.withLock { registry in
            registry.quietTicks = registry.lastChange == mark ? registry.quietTicks + 1 : 0
            registry.lastChange = mark
            return registry.quietTicks == 3
        }
        if isDue { ResidentPages.giveBack() }
    }

    private func didEnd(_ owner: MachineOwner, _ group: inout DiscardingTaskGroup) {
        let successor = registry.withLock { registry in
            if registry.owners[owner.domain] === owner { registry.owners[owner.domain] = nil }
            registry.states[owner.uid] = nil
            registry.priorities[owner.uid] = nil
            registry.memory[owner.uid] = nil
            registry.orphans.remove(owner.domain)
            return registry.successors.removeValue(forKey: owner.domain)
        }
        changes.advance()
        if let successor { offer(successor, &group) }
    }

    private func take(_ event: ReflectorEvent, _ group: inout DiscardingTaskGroup) {
        switch event {
        case .replaced(let objects):
            for object in objects { offer(object, &group) }
            let uids = Set(objects.compactMap(\.objectUID))
            for owner in owners where !uids.contains(owner.uid) { lookFor(owner, &group) }
            registry.withLock { $0.isSynced = true }
            environment.api.wake()
            environment.metrics.part(.api, true)
        case .changed(let object): offer(object, &group)
        case .removed(let object):
            guard let identity = MachineIdentity(object) else { return }
            let domain = DomainName.of(namespace: identity.namespace, name: identity.name)
            registry.withLock { registry in
                if registry.successors[domain]?.objectUID == identity.uid { registry.successors[domain] = nil }
            }
            // A watch by label also drops what merely lost the label: the API is asked which it was.
            if let owner = owner(ofDomain: domain), owner.uid == identity.uid { lookFor(owner, &group) }
        case .interrupted(let error):
            environment.metrics.part(.api, false, "\(error)")
            logger.warning("the API is away: \(error)")
        case .resumed:
            logger.info("the API is back")
            for owner in owners { owner.send(.apiResumed) }
        }
    }

    /// Hands a VMI to its owner; makes one where it has none.
    private func offer(_ object: DocumentNode, _ group: inout DiscardingTaskGroup) {
        guard let identity = MachineIdentity(object) else { return }
        if isManagedElsewhere(object, identity) { return }
        let domain = DomainName.of(namespace: identity.namespace, name: identity.name)
        guard let owner = owner(ofDomain: domain) else {
            return add(MachineOwner(identity, environment), .assigned(object), &group)
        }
        if owner.uid == identity.uid { return owner.send(.object(object)) }
        // A name is taken once: the namesake's VMI is gone, or about to be.
        registry.withLock { $0.successors[domain] = object }
        owner.send(.removed)
    }

    /// Refuses a VMI that virt-controller runs in a pod.
    private func isManagedElsewhere(_ object: DocumentNode, _ identity: MachineIdentity) -> Bool {
        guard !(object["status"]?["activePods"]?.members.isEmpty ?? true) else { return false }
        guard registry.withLock({ $0.refused.insert(identity.uid).inserted }) else { return true }
        environment.api.recorder.record(
            .warning, reason: "ManagedByVirtController",
            "virt-controller runs this VMI in a launcher pod (status.activePods): virt-node leaves it alone",
            about: ObjectReference(
                apiVersion: APIResource.instances.apiVersion, kind: APIResource.instances.kind,
                namespace: identity.namespace, name: identity.name, uid: identity.uid,
                resourceVersion: object.resourceVersion))
        return true
    }

    /// Asks what became of a VMI that a list or a watch lacks: only the API's own word ends a VM.
    private func lookFor(_ owner: MachineOwner, _ group: inout DiscardingTaskGroup) {
        let api = environment.api
        group.addTask { [self] in
            do throws(APIError) {
                send(.missing(owner, isGone: try await api.find(owner) == nil))
            } catch {
                logger.info("\(owner.qualifiedName): whether its VMI is there is not known: \(error)")
            }
        }
    }

    /// The API has no such VMI. One that it had while this process looked was deleted; of another nobody knows.
    private func leaveAlone(_ owner: MachineOwner) {
        // Only what lives is worth keeping.
        let isOver = registry.withLock { $0.states[owner.uid]?.isOver ?? false }
        if stopsOrphans || owner.wasSeen || isOver { return owner.send(.removed) }
        guard registry.withLock({ $0.orphans.insert(owner.domain).inserted }) else { return }
        logger.warning(
            "domain \(owner.domain) runs for a VMI that the API does not have: it is left as it is (orphanedDomains: keep)",
            metadata: ["vmi": "\(owner.qualifiedName)", "uid": "\(owner.uid)"])
    }

    // MARK: What others ask

    var owners: [MachineOwner] { registry.withLock { Array($0.owners.values) } }
    func owner(ofDomain domain: String) -> MachineOwner? { registry.withLock { $0.owners[domain] } }

    func wake(except owner: MachineOwner?) { send(.wake(except: owner?.uid)) }

    var promisedMemory: Int64 { registry.withLock { $0.memory.values.reduce(0, +) } }
    var isDrained: Bool { registry.withLock { $0.isDrained } }

    func note(_ state: OwnerStateMachine.State, of owner: MachineOwner, priority: Int, memory: Int64) {
        let isOverOrphan = registry.withLock { registry in
            registry.states[owner.uid] = state
            registry.priorities[owner.uid] = priority
            registry.memory[owner.uid] = state.isFinal ? nil : memory
            return state.isOver && registry.orphans.remove(owner.domain) != nil
        }
        if isOverOrphan { owner.send(.removed) }
        changes.advance()
    }
}

extension OwnerStateMachine.State {
    /// Whether nothing of the VM is alive or held.
    fileprivate var isOver: Bool {
        switch self {
        case .ended, .idle, .waiting, .releasing(.ended): true
        default: false
        }
    }
}
