import HostModel
package import Libvirt

extension NodeFacts {
    /// Asks libvirt; what it does not tell stays as it was. Returns why, where something is missing.
    package mutating func probe(_ connection: Connection) async -> String? {
        do {
            libvirtVersion = try await connection.daemonVersion()
            qemuVersion = try await connection.hypervisorVersion()
            capabilities = try LibvirtCapabilities(xml: await connection.capabilities())
            // Where QEMU must emulate, other CPU models are usable than with KVM.
            let text = try await connection.domainCapabilities(
                architecture: capabilities.architecture, virtualization: accelerator == .kvm ? "kvm" : "qemu")
            domainCapabilities = try DomainCapabilities(xml: text)
            return nil
        } catch {
            return "\(error)"
        }
    }
}
