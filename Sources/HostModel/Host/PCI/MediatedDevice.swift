/// A type of mediated devices (vGPUs, mostly) that a driver offers: `mdev_supported_types/nvidia-63`.
package struct MediatedType: Sendable, Hashable, Codable {
    /// `nvidia-63`.
    package var id: String
    /// `GRID T4-1Q`: what KubeVirt's `mdevNameSelector` chooses by, blanks as `_`.
    package var name: String?
    package var description: String?
    /// How many more can be made now; it changes with what other types take.
    package var availableInstances: Int
    /// `vfio-pci`, mostly.
    package var deviceAPI: String?

    package init(
        id: String, name: String? = nil, description: String? = nil, availableInstances: Int, deviceAPI: String? = nil
    ) {
        self.id = id
        self.name = name
        self.description = description
        self.availableInstances = availableInstances
        self.deviceAPI = deviceAPI
    }
}

extension MediatedType {
    static func probe(_ root: HostRoot, device: String) -> [MediatedType] {
        let types = "\(device)/mdev_supported_types"
        return root.names(in: types).filter { named($0) != nil }.map { id in
            func text(_ file: String) -> String? { root.text("\(types)/\(id)/\(file)").flatMap(named) }
            return MediatedType(
                id: id, name: text("name"), description: text("description"),
                availableInstances: max(0, root.integer("\(types)/\(id)/available_instances") ?? 0),
                deviceAPI: text("device_api"))
        }
    }
}

/// A mediated device that exists: `/sys/bus/mdev/devices/UUID`.
package struct MediatedDevice: Sendable, Hashable, Codable {
    package var uuid: String
    /// The id of its `MediatedType`; `nil` where unknown.
    package var type: String?
    /// The address of the device that it is part of; `nil` where unknown.
    package var parent: String?
    package var iommuGroup: Int?

    package init(uuid: String, type: String? = nil, parent: String? = nil, iommuGroup: Int? = nil) {
        self.uuid = uuid
        self.type = type
        self.parent = parent
        self.iommuGroup = iommuGroup
    }
}

extension MediatedDevice {
    static func probe(_ root: HostRoot) -> [MediatedDevice] {
        let folder = "/sys/bus/mdev/devices"
        return root.names(in: folder).filter(isUUID).map { uuid in
            // ../../../devices/pci0000:40/0000:41:00.0/UUID
            let parent = root.linkTarget("\(folder)/\(uuid)")?.split(separator: "/").dropLast().last.map(String.init)
            return MediatedDevice(
                uuid: uuid, type: root.linkName("\(folder)/\(uuid)/mdev_type").flatMap(named),
                parent: parent.flatMap { PCIAddress($0) }.map { "\($0)" },
                iommuGroup: root.linkName("\(folder)/\(uuid)/iommu_group").flatMap { groupNumber($0) })
        }
    }

    static func isUUID(_ text: String) -> Bool {
        text.utf8.count == 36
            && text.utf8.enumerated().allSatisfy { index, byte in
                [8, 13, 18, 23].contains(index)
                    ? byte == UInt8(ascii: "-") : Character(Unicode.Scalar(byte)).isHexDigit
            }
    }
}
