/// A device that is permitted and yet cannot be granted.
package struct UnavailableDevice: Sendable, Hashable {
    /// As `GrantedDevice` writes it.
    package var device: String
    package var resource: String
    package var reason: Unavailability

    package init(device: String, resource: String, reason: Unavailability) {
        self.device = device
        self.resource = resource
        self.reason = reason
    }
}

package enum Unavailability: Sendable, Hashable {
    /// `externalResourceProvider` is set.
    case providedElsewhere
    case outOfService(reason: String)
    case bridge
    case usedByHost([HostUse])
    case hasVirtualFunctions(Int)
    case hasMediatedDevices(Int)
    case noIOMMU
    case groupHasForeignMembers(group: Int, [GroupMember])
    case vfioMissing
    /// Not every device of the resource's group is plugged in.
    case incompleteUSBGroup
}

extension UnavailableDevice: CustomStringConvertible {
    package var description: String { "\(device) (\(resource)): \(reason)" }
}

extension Unavailability: CustomStringConvertible {
    /// The reason and what to do, without the device.
    package var description: String {
        switch self {
        case .providedElsewhere: "another provider gives it out (externalResourceProvider)"
        case .outOfService(let reason): "it is out of service: \(reason)"
        case .bridge: "it is a bridge, which other devices hang on: choose the devices behind it"
        case .usedByHost(let uses):
            "\(uses.map(\.description).joined(separator: ", ")): free it, or choose another device"
        case .hasVirtualFunctions(let count):
            "it has \(count) virtual functions: permit those, or write 0 to its sriov_numvfs"
        case .hasMediatedDevices(let count): "it has \(count) mediated devices: permit those, or remove them"
        case .noIOMMU: DeviceError.iommuRemedy
        case .groupHasForeignMembers(let group, let members):
            "IOMMU group \(group) holds \(members.listed) too: \(DeviceError.groupRemedy)"
        case .vfioMissing: "the driver vfio-pci is not there: install the kernel's modules, then modprobe vfio-pci"
        case .incompleteUSBGroup: "the resource's other USB devices are not plugged in"
        }
    }
}
