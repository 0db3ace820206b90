/// One function on the PCI bus.
package struct PCIDevice: Sendable, Hashable, Codable {
    /// `0000:41:00.0`.
    package var address: String
    /// Class, subclass and programming interface: `0x030200` is a 3D controller.
    package var classCode: UInt32
    package var vendor: UInt16
    package var device: UInt16
    package var driver: String?
    /// `nil` where the firmware names none (sysfs says -1).
    package var numaNode: Int?
    /// `nil` without an IOMMU.
    package var iommuGroup: Int?

    package init(
        address: String, classCode: UInt32, vendor: UInt16, device: UInt16, driver: String? = nil,
        numaNode: Int? = nil, iommuGroup: Int? = nil
    ) {
        self.address = address
        self.classCode = classCode
        self.vendor = vendor
        self.device = device
        self.driver = driver
        self.numaNode = numaNode
        self.iommuGroup = iommuGroup
    }

    /// `10DE:2331`, as KubeVirt's `pciVendorSelector` writes it.
    package var selector: String {
        [vendor, device].map { id in
            let text = String(id, radix: 16, uppercase: true)
            return String(repeating: "0", count: 4 - text.count) + text
        }.joined(separator: ":")
    }
}

extension PCIDevice {
    static func probe(_ root: HostRoot) -> [PCIDevice] {
        let folder = "/sys/bus/pci/devices"
        return root.names(in: folder).compactMap { address -> PCIDevice? in
            let device = "\(folder)/\(address)"
            guard let vendor = root.integer("\(device)/vendor", as: UInt16.self),
                let id = root.integer("\(device)/device", as: UInt16.self)
            else { return nil }
            let node = root.integer("\(device)/numa_node") ?? -1
            return PCIDevice(
                address: address, classCode: root.integer("\(device)/class", as: UInt32.self) ?? 0, vendor: vendor,
                device: id, driver: root.linkName("\(device)/driver"), numaNode: node < 0 ? nil : node,
                iommuGroup: root.linkName("\(device)/iommu_group").flatMap { Int($0) })
        }
    }
}
