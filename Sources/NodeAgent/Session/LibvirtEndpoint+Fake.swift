package import Libvirt

extension LibvirtEndpoint {
    /// Whether this is libvirt's own fake, which runs no QEMU and keeps its domains in this process.
    package var isFake: Bool { uri.hasPrefix("test:") }
}
