package import HostModel
import Placement

/// The virtual functions of SR-IOV devices: how many there are, and what a NIC's are set to.
///
/// MAC and VLAN are set through the interface of the physical function, which its driver gives: a VF on vfio-pci has no
/// interface of its own. See `ip-link(8)`.
package struct VirtualFunctions: Sendable {
    let root: HostRoot
    let control: any HostControl

    package init(_ root: HostRoot, _ control: any HostControl) {
        self.root = root
        self.control = control
    }

    /// Those of a physical function, ascending by index.
    package func of(_ physicalFunction: String) throws(DeviceError) -> [VirtualFunction] {
        let files = try PCIFunctionFiles(physicalFunction, root)
        return root.names(in: files.folder).compactMap { name -> VirtualFunction? in
            guard name.hasPrefix("virtfn"), let index = Int(name.dropFirst(6)), (0..<1 << 16).contains(index),
                let target = root.linkName("\(files.folder)/\(name)"),
                case .pci(let address) = try? GrantedDevice(target)
            else { return nil }
            return VirtualFunction(address: address, physicalFunction: files.address, index: index)
        }.sorted { $0.index < $1.index }
    }

    /// Where a virtual function belongs.
    package func locate(_ address: String) throws(DeviceError) -> VirtualFunction {
        let files = try PCIFunctionFiles(address, root)
        try files.requirePresent()
        guard let physical = root.linkName("\(files.folder)/physfn"),
            let found = try? of(physical).first(where: { $0.address == files.address })
        else { throw .notAVirtualFunction(address: files.address) }
        return found
    }

    /// Sets MAC and VLAN; where the setting names none, nothing.
    package func configure(_ function: VirtualFunction, _ setting: VirtualFunctionSetting) async throws(DeviceError) {
        var words: [String] = []
        if let mac = setting.mac { words += ["mac", "\(mac)"] }
        if let vlan = setting.vlan { words += ["vlan", "\(vlan)"] }
        if !words.isEmpty { try await set(function, words) }
    }

    /// Takes back what ``configure(_:_:)`` set: without a MAC the function gets one of its driver's making, VLAN 0 is
    /// none. A function that is gone, with its physical one or alone, needs nothing.
    package func clear(_ function: VirtualFunction, _ setting: VirtualFunctionSetting) async throws(DeviceError) {
        guard try of(function.physicalFunction).contains(function) else { return }
        var words: [String] = []
        if setting.mac != nil { words += ["mac", "00:00:00:00:00:00"] }
        if setting.vlan != nil { words += ["vlan", "0"] }
        if !words.isEmpty { try await set(function, words) }
    }

    /// Makes so many virtual functions, where there are none: the kernel knows no other change than from 0, and taking
    /// them away would take them from their users.
    package func create(_ count: Int, on physicalFunction: String) async throws(DeviceError) {
        let files = try PCIFunctionFiles(physicalFunction, root)
        try files.requirePresent()
        guard let total: Int = root.integer("\(files.folder)/sriov_totalvfs"), total > 0 else {
            throw .notSRIOV(address: files.address)
        }
        guard (1...total).contains(count) else {
            throw .tooManyVirtualFunctions(address: files.address, wanted: count, total: total)
        }
        let current: Int = root.integer("\(files.folder)/sriov_numvfs") ?? 0
        if current == count { return }
        guard current == 0 else {
            throw .virtualFunctionsExist(address: files.address, current: current, wanted: count)
        }
        try await control.write("\(count)", to: "\(files.folder)/sriov_numvfs")
        let made: Int = root.integer("\(files.folder)/sriov_numvfs") ?? 0
        guard made == count else {
            throw .virtualFunctionsExist(address: files.address, current: made, wanted: count)
        }
    }

    private func set(_ function: VirtualFunction, _ words: [String]) async throws(DeviceError) {
        let interface = try interface(of: function.physicalFunction)
        try await control.run("ip", ["link", "set", "dev", interface, "vf", "\(function.index)"] + words)
    }

    /// The first interface of a physical function, by a name that `ip` cannot take for an option.
    private func interface(of physicalFunction: String) throws(DeviceError) -> String {
        let files = try PCIFunctionFiles(physicalFunction, root)
        let names = root.names(in: "\(files.folder)/net").filter { name in
            SysfsName(name) != nil && name.utf8.count < 16 && !name.hasPrefix("-") && !name.contains(" ")
        }
        guard let name = names.first else { throw .noInterface(physicalFunction: files.address, driver: files.driver) }
        return name
    }
}
