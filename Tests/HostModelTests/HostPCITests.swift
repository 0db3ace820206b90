import SystemPackage
import Testing

@testable import HostModel

@Suite struct HostPCITests {
    private static func only(_ folder: TemporaryFolder) throws -> PCIDevice {
        let devices = Host(probing: folder.root).pciDevices
        try #require(devices.count == 1)
        return devices[0]
    }

    @Test("an accelerator's facts are read")
    func accelerator() throws {
        let folder = try TemporaryFolder()
        try folder.device(
            "0000:41:00.0", at: "pci0000:40/0000:40:01.1",
            [
                "class": "0x030200", "subsystem_vendor": "0x10de", "subsystem_device": "0x16c1", "revision": "0xa1",
                "reset_method": "flr bus", "sriov_totalvfs": "16", "sriov_numvfs": "2", "numa_node": "1",
                "resource": """
                0x00000000b2000000 0x00000000b2ffffff 0x0000000000040200
                0x0000208000000000 0x0000209fffffffff 0x000000000014220c
                0x0000000000000000 0x0000000000000000 0x0000000000000000
                0x00000000000003f0 0x00000000000003ff 0x0000000020040101
                0x0000000000000000 0x0000000000000000 0x0000000000000000
                0x0000000000000000 0x0000000000000000 0x0000000000000000
                0x00000000b3000000 0x00000000b307ffff 0x0000000000046200
                """,
            ])
        let device = try Self.only(folder)
        #expect(device.isAccelerator && device.rootComplex == "pci0000:40" && device.parent == "0000:40:01.1")
        #expect(device.subsystem == PCISubsystem(vendor: 0x10de, device: 0x16c1) && device.revision == 0xa1)
        #expect(device.resetMethods == ["flr", "bus"] && device.sriov == SRIOV(totalVFs: 16, currentVFs: 2))
        #expect(
            device.bars == [
                PCIBAR(index: 0, address: 0xb200_0000, size: 16 << 20),
                PCIBAR(index: 1, address: 0x2080_0000_0000, size: 128 << 30, is64Bit: true, isPrefetchable: true),
                PCIBAR(index: 3, address: 0, size: 16, space: .io),
            ])
        #expect(device.memorySize == 128 << 30 + 16 << 20)
    }

    @Test(
        "the place of a device is told by its link",
        arguments: [
            ("pci0000:00", "pci0000:00", nil), ("pci0000:40/0000:40:01.0", "pci0000:40", "0000:40:01.0"),
            ("pci0000:40/0000:40:01.0/0000:42:00.0", "pci0000:40", "0000:42:00.0"),
            // A bus that a driver made of a device of another one.
            ("pci0000:00/0000:00:0e.0/pci10000:e0/10000:e0:06.0", "pci10000:e0", "10000:e0:06.0"),
            ("platform/3f000000.pcie/pci0001:00", "pci0001:00", nil), ("platform/thing", nil, nil),
            ("pci0000:40/strange", nil, nil),
        ] as [(String, String?, String?)])
    func place(folders: String, root: String?, parent: String?) throws {
        let folder = try TemporaryFolder()
        try folder.device("0000:43:00.0", at: folders)
        let device = try Self.only(folder)
        #expect(device.rootComplex == root && device.parent == parent)
    }

    @Test("a device that is a plain folder has no known place")
    func plainFolder() throws {
        let folder = try TemporaryFolder.twoCells()
        #expect(Host(probing: folder.root).pciDevices.allSatisfy { $0.rootComplex == nil && $0.parent == nil })
    }

    @Test(
        "only addresses as sysfs writes them name devices",
        arguments: [
            "0000:41:00.8", "0000:41:20.0", "000:41:00.0", "0000:41:00.0.0", "0000:41:0.0", "0000:4A:00.0", "x",
            "-1:0:0",
            "0000:41:00.", "+000:41:00.0",
        ])
    func addresses(name: String) throws {
        let folder = try TemporaryFolder()
        try folder.write("/sys/bus/pci/devices/\(name)/vendor", "0x10de")
        try folder.write("/sys/bus/pci/devices/\(name)/device", "0x2331")
        #expect(Host(probing: folder.root).pciDevices == [])
    }

    @Test("devices are in the order of their addresses, not of their names")
    func order() throws {
        let folder = try TemporaryFolder()
        for address in ["10000:e0:06.0", "0000:ff:00.0", "0000:0a:1f.7"] {
            try folder.device(address, at: "pci0000:00")
        }
        #expect(
            Host(probing: folder.root).pciDevices.map(\.address) == ["0000:0a:1f.7", "0000:ff:00.0", "10000:e0:06.0"])
    }

    @Test("virtual functions name their physical one; groups and root complexes name their members")
    func groups() throws {
        let folder = try TemporaryFolder()
        let nic = ["class": "0x020000", "numa_node": "0"]
        try folder.device("0000:21:00.0", at: "pci0000:20", nic)
        try folder.device("0000:21:00.1", at: "pci0000:20", ["class": "0x020000", "numa_node": "-1"])
        try folder.device("0000:61:00.0", at: "pci0000:60", ["class": "0x120000", "numa_node": "1"])
        try folder.device("0000:61:00.1", at: "pci0000:60", nic)
        try folder.link("/sys/devices/pci0000:20/0000:21:00.1/physfn", to: "../0000:21:00.0")
        for (device, group) in [
            ("pci0000:20/0000:21:00.0", 9), ("pci0000:20/0000:21:00.1", 9), ("pci0000:60/0000:61:00.0", 2),
        ] {
            try folder.link("/sys/devices/\(device)/iommu_group", to: "../../../kernel/iommu_groups/\(group)")
        }
        let host = Host(probing: folder.root)
        #expect(host.pciDevices.map(\.physicalFunction) == [nil, "0000:21:00.0", nil, nil])
        #expect(
            host.iommuGroups == [
                IOMMUGroup(id: 2, devices: ["0000:61:00.0"]),
                IOMMUGroup(id: 9, devices: ["0000:21:00.0", "0000:21:00.1"]),
            ])
        #expect(
            host.rootComplexes == [
                RootComplex(id: "pci0000:20", numaNode: 0, devices: ["0000:21:00.0", "0000:21:00.1"]),
                RootComplex(id: "pci0000:60", numaNode: nil, devices: ["0000:61:00.0", "0000:61:00.1"]),
            ])
        #expect(host.accelerators.map(\.address) == ["0000:61:00.0"])
    }

    @Test("types of mediated devices, and those that exist")
    func mediated() throws {
        let folder = try TemporaryFolder()
        let (address, uuid) = ("0000:41:00.0", "b2b7b2c4-0a5e-4f3a-9c8e-5d1f0a7b6c01")
        try folder.device(address, at: "pci0000:40", ["class": "0x030200"])
        let device = "/sys/devices/pci0000:40/\(address)"
        let type = "\(device)/mdev_supported_types/nvidia-223"
        try folder.write("\(type)/name", "GRID T4-1Q\n")
        try folder.write("\(type)/description", "num_heads=4, frl_config=60\n")
        try folder.write("\(type)/available_instances", "15\n")
        try folder.write("\(type)/device_api", "vfio-pci\n")
        try folder.write("\(device)/mdev_supported_types/nvidia-224/available_instances", "-3")
        try folder.link("\(device)/\(uuid)/mdev_type", to: "../mdev_supported_types/nvidia-223")
        try folder.link("\(device)/\(uuid)/iommu_group", to: "../../../../kernel/iommu_groups/77")
        try folder.link("/sys/bus/mdev/devices/\(uuid)", to: "../../../devices/pci0000:40/\(address)/\(uuid)")
        try folder.write("/sys/bus/mdev/devices/README", "")
        let host = Host(probing: folder.root)
        #expect(
            host.pciDevices.first?.mediatedTypes == [
                MediatedType(
                    id: "nvidia-223", name: "GRID T4-1Q", description: "num_heads=4, frl_config=60",
                    availableInstances: 15, deviceAPI: "vfio-pci"),
                MediatedType(id: "nvidia-224", availableInstances: 0),
            ])
        #expect(
            host.mediatedDevices == [MediatedDevice(uuid: uuid, type: "nvidia-223", parent: address, iommuGroup: 77)])
    }

    @Test("a device is near the cell that it names, or the only one")
    func nearness() {
        let unnamed = PCIDevice(address: "0000:41:00.0", classCode: 0, vendor: 1, device: 1)
        let second = PCIDevice(address: "0000:42:00.0", classCode: 0, vendor: 1, device: 1, numaNode: 1)
        #expect(Host.machine(cells: 1, cores: 1).cell(of: unnamed)?.id == 0)
        #expect(Host.machine(cells: 2, cores: 1).cell(of: unnamed) == nil)
        #expect(Host.machine(cells: 2, cores: 1).cell(of: second)?.id == 1)
    }
}
