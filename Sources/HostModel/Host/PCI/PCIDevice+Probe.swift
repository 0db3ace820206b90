extension PCIDevice {
    private static let folder = "/sys/bus/pci/devices"

    static func probe(_ root: HostRoot) -> [PCIDevice] {
        root.names(in: folder).compactMap { PCIAddress($0) }.sorted().prefix(HostLimits.pciDevices).compactMap {
            PCIDevice(probing: root, address: $0)
        }
    }

    /// `nil` where the device has no ids, as when it is being unplugged.
    private init?(probing root: HostRoot, address: PCIAddress) {
        let device = "\(Self.folder)/\(address)"
        guard let vendor = root.integer("\(device)/vendor", as: UInt16.self),
            let id = root.integer("\(device)/device", as: UInt16.self)
        else { return nil }
        let place = root.linkTarget(device).flatMap { PCIPlace($0, address: address) }
        self.init(
            address: "\(address)",
            classCode: root.integer("\(device)/class", as: UInt32.self).map { $0 & 0xFF_FFFF } ?? 0, vendor: vendor,
            device: id, driver: root.linkName("\(device)/driver").flatMap(named),
            numaNode: root.integer("\(device)/numa_node").flatMap { (0..<HostLimits.cells).contains($0) ? $0 : nil },
            iommuGroup: root.linkName("\(device)/iommu_group").flatMap { groupNumber($0) },
            subsystem: Self.subsystem(root, device), revision: root.integer("\(device)/revision", as: UInt8.self) ?? 0,
            bars: PCIBAR.read(root.lines("\(device)/resource")),
            resetMethods: (root.text("\(device)/reset_method") ?? "").split(separator: " ").prefix(16).compactMap {
                named(String($0))
            },
            sriov: Self.sriov(root, device),
            physicalFunction: root.linkName("\(device)/physfn").flatMap { PCIAddress($0) }.map { "\($0)" },
            parent: place?.parent.map { "\($0)" }, rootComplex: place?.rootComplex,
            mediatedTypes: MediatedType.probe(root, device: device))
    }

    private static func subsystem(_ root: HostRoot, _ device: String) -> PCISubsystem? {
        guard let vendor = root.integer("\(device)/subsystem_vendor", as: UInt16.self),
            let id = root.integer("\(device)/subsystem_device", as: UInt16.self), (vendor, id) != (0, 0)
        else { return nil }
        return PCISubsystem(vendor: vendor, device: id)
    }

    private static func sriov(_ root: HostRoot, _ device: String) -> SRIOV? {
        guard let total = root.integer("\(device)/sriov_totalvfs", as: UInt16.self), total > 0 else { return nil }
        let current = root.integer("\(device)/sriov_numvfs", as: UInt16.self) ?? 0
        return SRIOV(totalVFs: Int(total), currentVFs: Int(min(current, total)))
    }
}

/// Where a device hangs, as the link of its address tells:
/// `../../../devices/pci0000:40/0000:40:01.0/0000:41:00.0`. A plain folder in place of a link tells nothing.
struct PCIPlace: Sendable, Hashable {
    var rootComplex: String
    /// The bridge above; `nil` on the root bus.
    var parent: PCIAddress?

    init?(_ target: String, address: PCIAddress) {
        let names = target.split(separator: "/").map(String.init)
        // A bus that a driver made, as VMD does, has a root complex of its own below the driver's device.
        guard names.last == "\(address)", let root = names.lastIndex(where: Self.isRootComplex) else { return nil }
        let bridges = names[(root + 1)...].dropLast().map { PCIAddress($0) }
        guard !bridges.contains(nil) else { return nil }
        rootComplex = names[root]
        parent = bridges.last ?? nil
    }

    /// `pci0000:40`.
    static func isRootComplex(_ name: String) -> Bool {
        name.hasPrefix("pci") && PCIAddress("\(name.dropFirst(3)):00.0") != nil
    }
}

/// A name out of sysfs, if it is one.
func named(_ text: String) -> String? {
    text.isEmpty || text.count > HostLimits.name ? nil : text
}

func groupNumber(_ text: String) -> Int? {
    Int(text).flatMap { (0..<1 << 31).contains($0) ? $0 : nil }
}
