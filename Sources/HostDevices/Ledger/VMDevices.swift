package import Placement

/// The devices that one VM is to have.
package struct VMDevices: Sendable, Hashable {
    /// Of the VMI.
    package var uid: String
    /// `default/web`.
    package var name: String
    /// As placement gave them, with their companions.
    package var devices: [GrantedDevice]
    /// Mediated devices to be made.
    package var mediated: [MediatedRequest]
    /// What virtual functions among the devices are set to.
    package var virtualFunctions: [VirtualFunctionSetting]

    package init(
        uid: String, name: String, devices: [GrantedDevice], mediated: [MediatedRequest] = [],
        virtualFunctions: [VirtualFunctionSetting] = []
    ) {
        self.uid = uid
        self.name = name
        self.devices = devices
        self.mediated = mediated
        self.virtualFunctions = virtualFunctions
    }
}
