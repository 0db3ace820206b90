/// What a virtual function of a NIC is given before its VM has it.
package struct VirtualFunctionSetting: Sendable, Hashable, Codable {
    /// `0000:21:00.2`.
    package var address: String
    package var mac: MACAddress?
    /// 1 to 4094; `nil`: the guest's frames go out as they are.
    package var vlan: Int?

    package init(address: String, mac: MACAddress? = nil, vlan: Int? = nil) throws(DeviceError) {
        if let vlan, !(1...4094).contains(vlan) { throw .notAVLAN(vlan) }
        self.address = address
        self.mac = mac
        self.vlan = vlan
    }
}

/// A virtual function and its place below its physical function.
package struct VirtualFunction: Sendable, Hashable, Codable {
    package var address: String
    /// The address of its physical function.
    package var physicalFunction: String
    /// From 0, as `ip link set … vf` counts.
    package var index: Int

    package init(address: String, physicalFunction: String, index: Int) {
        self.address = address
        self.physicalFunction = physicalFunction
        self.index = index
    }
}
