package import Placement

/// What a VM has taken of the host's devices, and how to give it back.
///
/// It is stored before the first change of the host and removed after the last was undone; see ``DeviceKeeper``.
package struct DeviceHold: Sendable, Hashable, Codable {
    /// The newest layout that this version reads.
    static let currentSchema = 1

    package var schema = DeviceHold.currentSchema
    /// Of the VMI.
    package var uid: String
    /// `default/web`, for people.
    package var name: String
    package var bootID: String
    package var bindings: [DeviceBinding]
    package var mediated: [MediatedRequest]
    package var virtualFunctions: [ConfiguredFunction]
    package var nodes: [NodeOwnership]
    /// What it has besides, that needs no undoing: USB devices, mediated devices that were there.
    package var others: [GrantedDevice]

    package init(
        uid: String, name: String, bootID: String, bindings: [DeviceBinding] = [], mediated: [MediatedRequest] = [],
        virtualFunctions: [ConfiguredFunction] = [], nodes: [NodeOwnership] = [], others: [GrantedDevice] = []
    ) {
        self.uid = uid
        self.name = name
        self.bootID = bootID
        self.bindings = bindings
        self.mediated = mediated
        self.virtualFunctions = virtualFunctions
        self.nodes = nodes
        self.others = others
    }

    /// Whether nothing is left to give back.
    package var isEmpty: Bool {
        bindings.isEmpty && mediated.isEmpty && virtualFunctions.isEmpty && nodes.isEmpty
    }

    package var devices: [GrantedDevice] {
        bindings.map { .pci($0.address) } + mediated.map { .mdev($0.uuid) } + others
    }

    /// Without what another hold has: that is the other's to give back.
    func without(_ other: DeviceHold) -> DeviceHold {
        var rest = self
        rest.bindings.removeAll { mine in other.bindings.contains { $0.address == mine.address } }
        rest.mediated.removeAll { mine in other.mediated.contains { $0.uuid == mine.uuid } }
        rest.virtualFunctions.removeAll { mine in
            other.virtualFunctions.contains { $0.function.address == mine.function.address }
        }
        rest.nodes.removeAll { mine in other.nodes.contains { $0.node == mine.node } }
        return rest
    }
}

/// A virtual function whose MAC or VLAN was set.
package struct ConfiguredFunction: Sendable, Hashable, Codable {
    package var function: VirtualFunction
    package var setting: VirtualFunctionSetting

    package init(function: VirtualFunction, setting: VirtualFunctionSetting) {
        self.function = function
        self.setting = setting
    }
}

extension [DeviceHold] {
    /// The VM that has a device.
    package func holder(of device: GrantedDevice) -> DeviceHold? { first { $0.devices.contains(device) } }
}
