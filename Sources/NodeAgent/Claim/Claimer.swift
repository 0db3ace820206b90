internal import HostModel
internal import KubeVirtModel
internal import KubernetesAPI
internal import KubernetesModel
internal import Logging
internal import Placement
internal import Synchronization

/// Takes VMIs that nobody assigned to a node, where this one fits.
///
/// The claim is one write, guarded by the object's resourceVersion: of two agents one gets a conflict, and lets go.
///
/// Synchronization: one task reads the watch; each candidate waits in a child task of its own, and claims go one by one,
/// so that two VMIs are never judged by the same free CPUs.
struct Claimer: Sendable {
    let core: AgentCore
    let configuration: NodeConfiguration.Claim
    let logger: Logger
    private let candidates = Candidates()
    private let gate = StartLimiter(width: 1)

    init(_ core: AgentCore, _ configuration: NodeConfiguration.Claim, logger: Logger) {
        self.core = core
        self.configuration = configuration
        self.logger = logger
    }

    private var environment: NodeEnvironment { core.environment }

    func run() async {
        let reflector = Reflector(
            environment.api.client, .instances, labelSelector: "!\(InstanceLabel.nodeName)", logger: logger)
        await withDiscardingTaskGroup { group in
            group.addTask { await reflector.run() }
            for await event in reflector.events {
                switch event {
                case .replaced(let objects):
                    candidates.keep(Set(objects.compactMap(\.objectUID)))
                    for object in objects { consider(object, &group) }
                case .changed(let object): consider(object, &group)
                case .removed(let object): if let uid = object.objectUID { candidates.drop(uid) }
                case .interrupted, .resumed: break
                }
            }
        }
    }

    /// Notes the newest state of a candidate; the first sight of it begins its wait.
    private func consider(_ object: DocumentNode, _ group: inout DiscardingTaskGroup) {
        guard let uid = object.objectUID else { return }
        let isOpen =
            !object.isBeingDeleted && object["status"]?["nodeName"] == nil
            && object["status"]?["activePods"]?.members.isEmpty ?? true
            && !["Succeeded", "Failed"].contains(object["status"]?["phase"]?.text)
            && (configuration.namespaces.isEmpty
                || configuration.namespaces.contains(object.objectNamespace ?? "default"))
        guard isOpen else { return candidates.drop(uid) }
        if candidates.put(object, uid) { group.addTask { await pursue(uid) } }
    }

    /// Waits until this node may have the VMI, and tries.
    private func pursue(_ uid: String) async {
        while !Task.isCancelled, candidates.object(uid) != nil {
            let mark = core.changes.value
            guard case .fits(let score) = await judge(uid) else {
                // Something must change before it fits: a VM here, or the node.
                await core.changes.pass(mark, orAfter: .seconds(30))
                continue
            }
            let seconds = ClaimPolicy.delay(
                score: score, node: environment.nodeName, uid: uid, base: Double(configuration.delaySeconds))
            guard (try? await Task.sleep(for: .seconds(seconds))) != nil else { return }
            await gate.enter()
            await claim(uid)
            await gate.leave()
        }
    }

    private func judge(_ uid: String) async -> ClaimPolicy.Verdict {
        guard let object = candidates.object(uid) else { return .refused("it is gone") }
        var context = DecodingContext()
        guard var instance = VirtualMachineInstance.decode(object, &context) else {
            return .refused("its spec cannot be read")
        }
        instance.applyDefaults()
        var node = ClaimPolicy.Node(name: environment.nodeName, host: Host(probing: HostRoot()))
        node.grant = environment.allocator.grant(node.host)
        node.use = environment.allocator.use
        node.promisedMemory = core.promisedMemory
        node.isSchedulable = !core.isDrained
        if let found = try? await environment.api.client.get(.nodes, name: environment.nodeName) {
            node.labels = Dictionary(
                (found["metadata"]?["labels"]?.members ?? []).map { ($0.name, $0.value.text ?? "") }
            ) { first, _ in first }
            node.taints = (found["spec"]?["taints"]?.elements ?? []).map { ClaimPolicy.Taint($0) }
            if found["spec"]?["unschedulable"] == .bool(true) { node.isSchedulable = false }
        }
        let verdict = ClaimPolicy.judge(instance, object, on: node)
        if case .refused(let reason) = verdict {
            logger.debug("\(instance.qualifiedName) is left to others: \(reason)")
        }
        return verdict
    }

    /// One guarded write; whatever comes of it, the watch tells what is true.
    private func claim(_ uid: String) async {
        guard case .fits = await judge(uid), var object = candidates.object(uid) else { return }
        object[["metadata", "labels", InstanceLabel.nodeName]] = .string(environment.nodeName)
        var finalizers = object["metadata"]?["finalizers"]?.elements ?? []
        if !object.hasFinalizer(OwnerDriver.finalizer) { finalizers.append(.string(OwnerDriver.finalizer)) }
        object[["metadata", "finalizers"]] = .array(finalizers)
        let name = "\(object.objectNamespace ?? "default")/\(object.objectName)"
        do throws(APIError) {
            _ = try await environment.api.client.replace(
                object, of: .instances, namespace: object.objectNamespace, name: object.objectName)
            logger.info("\(name) is this node's now")
            candidates.drop(uid)
        } catch {
            if error.isConflict || error.isNotFound {
                logger.debug("\(name) was taken, or changed, meanwhile")
                // If it is still nobody's, the watch brings its new state.
                candidates.drop(uid, ifStill: object.resourceVersion)
            } else {
                logger.warning("\(name) cannot be claimed: \(error)")
                _ = try? await Task.sleep(for: .seconds(5))
            }
        }
    }
}

/// The newest states of VMIs that nobody has yet.
private final class Candidates: Sendable {
    private let objects = Mutex<[String: DocumentNode]>([:])

    /// Notes a state; true where the VMI was not known.
    func put(_ object: DocumentNode, _ uid: String) -> Bool {
        objects.withLock { $0.updateValue(object, forKey: uid) == nil }
    }

    func object(_ uid: String) -> DocumentNode? { objects.withLock { $0[uid] } }
    func drop(_ uid: String) { objects.withLock { $0[uid] = nil } }

    /// Drops a state that nothing newer came for.
    func drop(_ uid: String, ifStill version: String?) {
        objects.withLock { if $0[uid]?.resourceVersion == version { $0[uid] = nil } }
    }

    func keep(_ uids: Set<String>) { objects.withLock { $0 = $0.filter { uids.contains($0.key) } } }
}
