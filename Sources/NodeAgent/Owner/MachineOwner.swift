internal import DomainPlan
internal import KubernetesModel
internal import Libvirt
internal import Synchronization

/// One VMI and its owner: one task, one queue of inputs.
///
/// Owns the VMI's intent, folders, domain, console and status from the first sight of the VMI to the moment when nothing
/// of it is left. The rules are `OwnerStateMachine`'s; `OwnerDriver` performs their actions.
///
/// Synchronization: everything mutable lives in `OwnerDriver`, inside the task that `run` is; others only send inputs.
package final class MachineOwner: Sendable {
    package let uid: String
    package let namespace: String
    package let name: String
    /// The domain's name, which no other VMI of the node has.
    package let domain: String
    let hub = ConsoleHub()
    private let seen = Atomic(false)
    private let shown: Mutex<Observation>
    let environment: NodeEnvironment
    private let inputs: AsyncStream<OwnerInput>
    private let continuation: AsyncStream<OwnerInput>.Continuation

    init(_ identity: MachineIdentity, _ environment: NodeEnvironment) {
        uid = identity.uid
        namespace = identity.namespace
        name = identity.name
        domain = DomainName.of(namespace: identity.namespace, name: identity.name)
        self.environment = environment
        shown = Mutex(Observation(nodeName: environment.nodeName))
        (inputs, continuation) = AsyncStream.makeStream(of: OwnerInput.self)
    }

    package var qualifiedName: String { "\(namespace)/\(name)" }

    /// Whether this process saw the VMI in the API.
    var wasSeen: Bool { seen.load(ordering: .relaxed) }

    /// What is known of the VM: its driver's latest word.
    var observation: Observation {
        get { shown.withLock { $0 } }
        set { shown.withLock { $0 = newValue } }
    }

    func send(_ input: OwnerInput) {
        if case .object = input { seen.store(true, ordering: .relaxed) }
        continuation.yield(input)
    }

    /// Stays with the VMI until nothing of it is left.
    func run(_ origin: OwnerOrigin) async {
        if case .assigned = origin { seen.store(true, ordering: .relaxed) }
        await OwnerDriver(self, origin).run(inputs)
    }

    func perform(_ command: MachineCommand) async -> Result<DocumentNode?, HandsError> {
        await withCheckedContinuation { send(.command(command, reply: $0)) }
    }

    func report() async -> DocumentNode { await withCheckedContinuation { send(.reportWanted($0)) } }
}

/// Which VMI it is.
struct MachineIdentity: Sendable, Hashable {
    var uid: String
    var namespace: String
    var name: String

    init(uid: String, namespace: String, name: String) {
        self.uid = uid
        self.namespace = namespace
        self.name = name
    }

    /// Nil where the object has no uid or name: no API makes such.
    init?(_ object: DocumentNode) {
        guard let uid = object.objectUID, !object.objectName.isEmpty else { return nil }
        self.init(uid: uid, namespace: object.objectNamespace ?? "default", name: object.objectName)
    }
}

/// How an owner comes to its VMI.
enum OwnerOrigin: Sendable {
    /// The API assigned it, and nothing of it is here.
    case assigned(DocumentNode)
    /// An earlier process, or an earlier boot, left something of it; the last object that it saw, where it kept one.
    case adopted(Intent, DocumentNode?)
}
