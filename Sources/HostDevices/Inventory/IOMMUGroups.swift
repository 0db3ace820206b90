package import HostModel

/// The groups of devices that the IOMMU cannot keep apart, and the rule under which a VM may have one.
///
/// The kernel opens a group only where every member is on a driver of VFIO, on pci-stub, on none, or is a bridge; and
/// whoever has it reaches the memory of all members' devices.
package struct IOMMUGroups: Sendable {
    private var groups: [Int: [PCIDevice]] = [:]
    private var devices: [String: PCIDevice] = [:]

    package init(_ host: Host) {
        for device in host.pciDevices {
            devices[device.address] = device
            if let group = device.iommuGroup { groups[group, default: []].append(device) }
        }
    }

    /// Ascending by address.
    package func members(of group: Int) -> [PCIDevice] { groups[group] ?? [] }

    package func group(of address: String) throws(DeviceError) -> Int {
        guard let device = devices[address] else { throw .deviceVanished(address: address, .unplugged) }
        guard let group = device.iommuGroup else {
            throw groups.isEmpty ? .noIOMMU(address: address) : .notInGroup(address: address)
        }
        return group
    }

    /// Throws where the groups of these devices, which go to one VM, hold anything that must not go with them.
    /// `holders` names the VM that has a device, by address.
    package func requireWhole(_ addresses: [String], holders: [String: String] = [:]) throws(DeviceError) {
        for address in addresses {
            let group = try group(of: address)
            let foreign = members(of: group).compactMap { member in
                obstacle(member, together: addresses, holder: holders[member.address])
            }
            guard foreign.isEmpty else {
                throw .groupNotWhole(address: address, group: group, foreign: foreign)
            }
        }
    }

    private func obstacle(_ member: PCIDevice, together: [String], holder: String?) -> GroupMember? {
        let goesWith = together.contains(member.address) || member.isPCIBridge || Self.harmless.contains(member.driver)
        guard holder != nil || !goesWith else { return nil }
        return GroupMember(address: member.address, selector: member.selector, driver: member.driver, holder: holder)
    }

    private static let harmless: [String?] = [nil, VFIOBinder.driver, "pci-stub"]
}

/// A device that stands in the way of giving its group to a VM.
package struct GroupMember: Sendable, Hashable {
    package var address: String
    /// `10DE:22BA`.
    package var selector: String
    package var driver: String?
    /// The VM that has it.
    package var holder: String?

    package init(address: String, selector: String, driver: String?, holder: String? = nil) {
        self.address = address
        self.selector = selector
        self.driver = driver
        self.holder = holder
    }
}

extension PCIDevice {
    /// Between two PCI buses: its driver needs no memory of its own.
    var isPCIBridge: Bool { classCode >> 8 == 0x0604 }

    /// Of any kind: host, ISA, PCI.
    var isBridge: Bool { classCode >> 16 == 0x06 }
}
