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

    package init(
        session: Session, connection: Connection, verdict: AcceleratorVerdict, user: QEMUUser, store: ImageStore,
        registry: RegistryOptions, objects: Manifest, limiter: StartLimiter, nodeName: String
    ) {
        self.session = session
        self.connection = connection
        self.verdict = verdict
        self.user = user
        self.store = store
        self.registry = registry
        self.objects = objects
        self.limiter = limiter
        self.nodeName = nodeName
    }
}
