/// Devices that only go together: the IOMMU cannot keep them apart.
package struct IOMMUGroup: Sendable, Hashable {
    package var id: Int
    /// Addresses of PCI functions, ascending.
    package var devices: [String]
}

/// A host bridge and what hangs on it. Traffic between devices of one root complex need not cross the processor's mesh.
package struct RootComplex: Sendable, Hashable {
    /// `pci0000:40`.
    package var id: String
    /// The cell that its devices name; `nil` where none does or they disagree.
    package var numaNode: Int?
    /// Addresses of PCI functions, ascending.
    package var devices: [String]
}

extension Host {
    /// Ascending by id.
    package var iommuGroups: [IOMMUGroup] {
        grouped(by: \.iommuGroup).map { IOMMUGroup(id: $0.key, devices: $0.devices.map(\.address)) }
    }

    /// Ascending by id; without the devices whose place is unknown.
    package var rootComplexes: [RootComplex] {
        grouped(by: \.rootComplex).map { key, devices in
            let nodes = Set(devices.compactMap(\.numaNode))
            return RootComplex(
                id: key, numaNode: nodes.count == 1 ? nodes.first : nil, devices: devices.map(\.address))
        }
    }

    /// The cell that a device is near to: the one that it names, or the only one; `nil` where the firmware tells none.
    package func cell(of device: PCIDevice) -> NUMACell? {
        if cells.count == 1 { return cells.first }
        return device.numaNode.flatMap { node in cells.first { $0.id == node } }
    }

    package var accelerators: [PCIDevice] { pciDevices.filter(\.isAccelerator) }

    private func grouped<Key: Hashable & Comparable>(
        by key: (PCIDevice) -> Key?
    ) -> [(key: Key, devices: [PCIDevice])] {
        var groups: [Key: [PCIDevice]] = [:]
        for device in pciDevices {
            if let key = key(device) { groups[key, default: []].append(device) }
        }
        return groups.sorted { $0.key < $1.key }.map { (key: $0.key, devices: $0.value) }
    }
}
