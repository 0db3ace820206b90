internal import DomainPlan
internal import FoundationEssentials
internal import Glibc
internal import HostModel
internal import Hummingbird
package import Images
internal import KubernetesAPI
internal import KubernetesModel
internal import Libvirt
internal import LocalAPI
package import Logging
internal import Placement
internal import ServiceLifecycle
package import Serving
package import SystemPackage
internal import UnixSignals

/// `virt-node serve`: everything that runs while the node is served.
///
/// Owns the node's place (a lock), the connections to libvirt and to the API, and the services around them. SIGTERM ends
/// the process and leaves the VMs; the next process takes them over.
package struct Daemon: Sendable {
    let folders: SessionFolders
    let configuration: NodeConfiguration
    let registry: RegistryOptions
    let logger: Logger
    /// What systemd handed on.
    let sockets: InheritedSockets
    let manager: ServiceManager?
    private let reload: Reload?

    /// How the configuration is read anew, and what holds the log's level.
    package struct Reload: Sendable {
        var log: DaemonLog
        var load: @Sendable () throws(ConfigurationError) -> NodeConfiguration

        package init(_ log: DaemonLog, load: @escaping @Sendable () throws(ConfigurationError) -> NodeConfiguration) {
            self.log = log
            self.load = load
        }
    }

    package init(
        _ folders: SessionFolders, _ configuration: NodeConfiguration, registry: RegistryOptions, logger: Logger,
        sockets: InheritedSockets = .none, manager: ServiceManager? = nil, reload: Reload? = nil
    ) {
        self.reload = reload
        self.sockets = sockets
        self.manager = manager
        self.folders = folders
        self.configuration = configuration
        self.registry = registry
        self.logger = logger
    }

    /// Where the daemon answers the command line.
    package static func socket(_ folders: SessionFolders) -> FilePath { folders.node.run.appending("virt-node.sock") }

    /// Serves until it is told to end. `announce` is given the lines that a user wants to see.
    package func run(announce: @escaping @Sendable (String) -> Void) async throws(AgentError) {
        guard geteuid() == 0 else { throw .notRoot }
        try Files.makeFolder(folders.timelines, mode: 0o700)
        let session = try Session.serve(folders, bootID: Kernel(probing: HostRoot()).bootID)
        let verdict = try await verdict()
        let nodeName = configuration.nodeName ?? MachineEnvironment.hostname()
        let local = try configuration.api.isLocal ? localAPI(nodeName) : nil
        if let problem = await local?.prepare() { throw .localObjects(reason: problem.message) }
        let client = try client(local)
        let idleCPUs = IdleCPUs(
            configuration.cpus.idle, record: folders.node.run.appending("idle-cpus.json"), logger: logger)
        // Those of an earlier process: what is free, and what this one may use, shows only once they are awake.
        await idleCPUs.wakeAll()
        let parts = try parts(session, verdict, nodeName, client, idleCPUs)
        let deadline = ExitDeadline(logger: logger)
        defer { deadline.disarm() }
        await repairDevices(parts)
        var services = try services(parts, local, announce) + [deadline]
        if let reload { services.append(reloadService(reload, parts.environment)) }
        let group = ServiceGroup(
            configuration: ServiceGroupConfiguration(
                services: services, gracefulShutdownSignals: [.sigterm, .sigint], logger: logger))
        do { try await group.run() } catch let error as ServingError { throw .listen(error) } catch {
            throw .service(reason: "\(error)")
        }
        session.embeddedRoot.keepCapabilities()
        await client.close()
    }

    /// What the services share.
    struct Parts: Sendable {
        var environment: NodeEnvironment
        var core: AgentCore
        var keeper: LibvirtKeeper
        var api: APIAccess
        var client: KubernetesClient
        var telemetry: DaemonTelemetry
        var instances: Reflector
        /// Where calls of libvirt wait for a thread.
        var pool: BlockingPool
        var sessions = StreamSessions()
    }

    private func reloadService(_ reload: Reload, _ environment: NodeEnvironment) -> ReloadService {
        ReloadService(
            configuration: configuration, load: reload.load,
            apply: { next in
                reload.log.level = next.logLevel
                environment.priorities = next.priorityClasses.mapValues(Int.init)
            }, manager: manager, logger: logger)
    }

    /// What VMs that may live hold stays theirs; whatever else a crash left bound goes back to the host.
    private func repairDevices(_ parts: Parts) async {
        let intents = IntentStore(folders).all().filter { $0.session == Session.daemonID }
        let inUse = intents.flatMap { $0.placement?.devices ?? [] }.map(\.device)
        await parts.environment.devices.repair(living: Set(intents.map(\.uid)), inUse: Set(inUse))
    }

    private func verdict() async throws(AgentError) -> AcceleratorVerdict {
        do throws(AcceleratorError) {
            return try await AcceleratorVerdict.current(configuration.accelerator, folders: folders.node)
        } catch {
            throw .accelerator(error)
        }
    }

    private func localAPI(_ nodeName: String) throws(AgentError) -> LocalAPIServer {
        do throws(LocalAPIError) {
            return try LocalAPIServer(folder: folders.local, nodeName: nodeName, logger: logger)
        } catch {
            throw .localAPI(error)
        }
    }

    private func client(_ local: LocalAPIServer?) throws(AgentError) -> KubernetesClient {
        do throws(APIError) {
            let server: ServerConfiguration
            if let local {
                server = .unixSocket(Self.socket(folders).string, token: local.agentToken)
            } else if let kubeconfig = configuration.api.kubeconfig {
                server = try .kubeconfig(FilePath(kubeconfig), context: configuration.api.context)
            } else {
                server = try .inCluster()
            }
            return try KubernetesClient(server, userAgent: "virt-node", logger: logger)
        } catch {
            throw .kubernetes(error)
        }
    }

    private func parts(
        _ session: Session, _ verdict: AcceleratorVerdict, _ nodeName: String, _ client: KubernetesClient,
        _ idleCPUs: IdleCPUs
    ) throws(AgentError) -> Parts {
        let starts = configuration.parallelStarts ?? max(1, Int(sysconf(Int32(_SC_NPROCESSORS_ONLN))))
        let pool = BlockingPool(label: "libvirt", width: starts + 6)
        let choice = StickyLibvirt(choice: configuration.libvirt, session: session, pool: pool)
        let keeper = LibvirtKeeper(logger: logger) { () async throws(AgentError) in try await choice.open() }
        let recorder = EventRecorder(client, component: "virt-node", host: nodeName, logger: logger)
        let api = APIAccess(client, recorder: recorder, logger: logger)
        let store: ImageStore
        do throws(ImageError) { store = try ImageStore(folder: folders.images, helper: .own) } catch {
            throw .images(error)
        }
        let telemetry = DaemonTelemetry()
        telemetry.attach(keeper)
        let devices = DeviceBroker(folders, permitted: configuration.permittedHostDevices, logger: logger) {
            // What the kubelet's own events about a node name it by.
            recorder.record(
                .warning, reason: "DeviceOutOfService",
                "\($0) is given to no VM until virt-node starts anew: \($1)",
                about: ObjectReference(apiVersion: "v1", kind: "Node", name: nodeName, uid: nodeName))
        }
        let allocator = NodeAllocator(
            configuration.cpus, memory: configuration.memory, inventory: { devices.inventory($0) }
        ) { idleCPUs.complete(Host(probing: HostRoot())) }
        let environment = NodeEnvironment(
            session: session, libvirt: keeper, api: api, store: store, registry: registry, verdict: verdict,
            parallelStarts: starts, nodeName: nodeName, priorities: configuration.priorityClasses.mapValues(Int.init),
            emulation: configuration.emulation == .forbidden ? .exact : .adapted,
            hostDisks: HostDiskRule(folders: configuration.hostDisks.folders),
            allocator: allocator, devices: devices, idleCPUs: idleCPUs,
            metrics: telemetry.observer, logger: logger)
        let core = AgentCore(environment, stopsOrphans: configuration.orphanedDomains == .stop)
        return Parts(
            environment: environment, core: core, keeper: keeper, api: api, client: client, telemetry: telemetry,
            instances: Reflector(
                client, .instances, labelSelector: "\(InstanceLabel.nodeName)=\(nodeName)", logger: logger),
            pool: pool)
    }
}

/// Opens the libvirt that the node's VMs are in: `auto` chooses once, and as long as VMs are there it stays with it.
struct StickyLibvirt: Sendable {
    let choice: LibvirtChoice
    let session: Session
    let pool: BlockingPool

    func open() async throws(AgentError) -> Connection {
        guard choice == .auto else { return try await choice.open(session, pool: pool) }
        let held = IntentStore(session.folders).all().first {
            $0.session == Session.daemonID && $0.bootID == session.bootID
        }
        switch held?.libvirtURI {
        case nil: return try await choice.open(session, pool: pool)
        case LibvirtEndpoint.system.uri: return try await LibvirtChoice.system.open(session, pool: pool)
        default: return try await LibvirtChoice.embedded.open(session, pool: pool)
        }
    }
}
