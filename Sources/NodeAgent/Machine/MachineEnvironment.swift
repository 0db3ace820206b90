package import DomainPlan
internal import Glibc
package import HostModel
package import Images
package import KubeVirtModel
package import Libvirt

/// What all VMs of a session share.
package struct MachineEnvironment: Sendable {
    package var session: Session
    package var connection: Connection
    package var verdict: AcceleratorVerdict
    package var user: QEMUUser
    package var store: ImageStore
    package var registry: RegistryOptions
    package var objects: Manifest
    package var limiter: StartLimiter
    package var nodeName: String
    /// Who gives out CPUs and pages; a foreground run keeps no account.
    package var allocator: NodeAllocator?
    /// Who takes devices from the host; a foreground run binds none.
    var devices: DeviceBroker?
    /// Who wakes CPUs; nil where none sleep.
    package var idleCPUs: IdleCPUs?
    package var emulation = EmulationPolicy.adapted
    /// Whether QEMU must be able to live on without this process.
    var mustOutlive = false
    var hostDisks = HostDiskRule()
    /// What the guest saw at its first start, where this is a later one.
    package var guest: GuestIdentity?
    /// Whoever waits longer for a start, of two that are as urgent, starts first; a higher number is more urgent.
    package var priority = 0

    package init(
        session: Session, connection: Connection, verdict: AcceleratorVerdict, registry: RegistryOptions,
        objects: Manifest, parallelStarts: Int
    ) throws(AgentError) {
        do throws(ImageError) { store = try ImageStore(folder: session.folders.images, helper: .own) } catch {
            throw .images(error)
        }
        self.session = session
        self.connection = connection
        self.verdict = verdict
        self.registry = registry
        self.objects = objects
        user = QEMUUser.choose(for: verdict.verdict)
        limiter = StartLimiter(width: parallelStarts)
        nodeName = Self.hostname()
    }

    package init(
        session: Session, connection: Connection, verdict: AcceleratorVerdict, store: ImageStore,
        registry: RegistryOptions, limiter: StartLimiter, nodeName: String, allocator: NodeAllocator
    ) {
        self.session = session
        self.connection = connection
        self.verdict = verdict
        self.store = store
        self.registry = registry
        self.limiter = limiter
        self.nodeName = nodeName
        self.allocator = allocator
        objects = Manifest()
        user = QEMUUser.choose(for: verdict.verdict)
    }

    package static func hostname() -> String {
        var buffer = [CChar](repeating: 0, count: 256)
        guard gethostname(&buffer, buffer.count - 1) == 0 else { return "localhost" }
        return String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
