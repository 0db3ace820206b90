package import HostModel

/// The devices that an operator gave to vfio-pci, as they were when the daemon first ran in this boot.
///
/// The kernel does not tell whose a `driver_override` is. So they are noted once a boot, before any VM is started;
/// what is on vfio-pci later, and neither noted nor held, was left behind.
package struct OperatorDevices: Sendable, Hashable, Codable {
    package var bootID: String
    /// Ascending.
    package var addresses: [String]

    package init(bootID: String, addresses: [String]) {
        self.bootID = bootID
        self.addresses = addresses
    }

    /// Notes those of now that no hold of this boot names.
    package init(noting root: HostRoot, host: Host, holds: [DeviceHold]) {
        let bootID = host.kernel.bootID
        let ours = holds.filter { $0.bootID == bootID }.flatMap(\.bindings).filter { !$0.wasOnVFIO }.map(\.address)
        self.init(
            bootID: bootID, addresses: Self.onVFIO(root, host).filter { !ours.contains($0) })
    }

    /// Addresses of devices that are on vfio-pci, or are to be by their `driver_override`.
    package static func onVFIO(_ root: HostRoot, _ host: Host) -> [String] {
        host.pciDevices.map(\.address).filter { address in
            guard let files = try? PCIFunctionFiles(address, root) else { return false }
            return files.driver == VFIOBinder.driver || files.driverOverride == VFIOBinder.driver
        }
    }
}
