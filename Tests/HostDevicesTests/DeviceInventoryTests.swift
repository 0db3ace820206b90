import HostModel
import Placement
import Testing

@testable import HostDevices

@Suite struct DeviceInventoryTests {
    private static let permitted = PermittedDevices(
        pciHostDevices: [PermittedPCIDevice(pciVendorSelector: "10DE:2331", resourceName: "nvidia.com/H100")])

    private static func gpu(
        _ address: String, driver: String? = "nvidia", group: Int? = 1, classCode: UInt32 = 0x030200,
        sriov: SRIOV? = nil
    ) -> PCIDevice {
        PCIDevice(
            address: address, classCode: classCode, vendor: 0x10DE, device: 0x2331, driver: driver, iommuGroup: group,
            sriov: sriov)
    }

    private static func host(_ devices: [PCIDevice], mediated: [MediatedDevice] = []) -> Host {
        Host(
            kernel: Kernel(release: "6.1.0", bootID: "b", commandLine: []),
            cgroup: CgroupLayout(version: .v2, controllers: [], mountPoints: []), cpus: [], cells: [], memoryKiB: 1,
            memoryAvailableKiB: 1, pciDevices: devices, mediatedDevices: mediated)
    }

    @Test("permitted devices are granted by their resource; others are not there")
    func granted() {
        let other = PCIDevice(address: "0000:51:00.0", classCode: 0x0200_00, vendor: 0x8086, device: 1, iommuGroup: 3)
        let host = Self.host([Self.gpu("0000:41:00.0"), Self.gpu("0000:42:00.0", driver: nil, group: 2), other])
        let inventory = DeviceInventory(host, HostDeviceFacts(), permitted: Self.permitted)
        #expect(inventory.devices == ["nvidia.com/H100": [.pci("0000:41:00.0"), .pci("0000:42:00.0")]])
        #expect(inventory.unavailable == [] && inventory.capacity(of: "nvidia.com/H100") == 2)
    }

    @Test(
        "a device that must stay is not granted, and the reason is told",
        arguments: [
            (gpu("0000:41:00.0", classCode: 0x060400), .bridge),
            (gpu("0000:41:00.1"), .outOfService(reason: "reset failed")),
            (gpu("0000:41:00.2"), .usedByHost([.mounted(disk: "nvme0n1p1", at: "/")])),
            (gpu("0000:41:00.3", sriov: SRIOV(totalVFs: 8, currentVFs: 2)), .hasVirtualFunctions(2)),
            (gpu("0000:41:00.4"), .hasMediatedDevices(1)), (gpu("0000:41:00.5", group: nil), .noIOMMU),
            (
                gpu("0000:41:00.6", group: 9),
                .groupHasForeignMembers(
                    group: 9,
                    [GroupMember(address: "0000:09:00.0", selector: "8086:0001", driver: "ahci")])
            ),
        ] as [(PCIDevice, Unavailability)])
    func unavailable(device: PCIDevice, reason: Unavailability) {
        let ahci = PCIDevice(
            address: "0000:09:00.0", classCode: 0x010601, vendor: 0x8086, device: 1, driver: "ahci", iommuGroup: 9)
        let host = Self.host(
            [ahci, device],
            mediated: [
                MediatedDevice(uuid: Rig.uuid, type: "nvidia-63", parent: "0000:41:00.4")
            ])
        let facts = HostDeviceFacts(uses: ["0000:41:00.2": [.mounted(disk: "nvme0n1p1", at: "/")]])
        let inventory = DeviceInventory(
            host, facts, permitted: Self.permitted, outOfService: [.pci("0000:41:00.1"): "reset failed"])
        #expect(inventory.devices == [:])
        #expect(
            inventory.unavailable == [
                UnavailableDevice(device: device.address, resource: "nvidia.com/H100", reason: reason)
            ])
        #expect(inventory.unavailable.allSatisfy { $0.description.count > 40 })
    }

    @Test("what another provider gives out, or the kernel has no vfio-pci for, is not granted")
    func external() {
        var permitted = Self.permitted
        let host = Self.host([Self.gpu("0000:41:00.0")])
        let without = DeviceInventory(host, HostDeviceFacts(hasVFIO: false), permitted: permitted)
        #expect(without.unavailable.map(\.reason) == [.vfioMissing])
        permitted.pciHostDevices[0].externalResourceProvider = true
        #expect(
            DeviceInventory(host, HostDeviceFacts(), permitted: permitted).unavailable.map(\.reason)
                == [.providedElsewhere])
    }

    @Test("a display on vfio-pci is no longer the host's; two permitted devices may share a group")
    func shared() {
        let host = Self.host([Self.gpu("0000:41:00.0", driver: "vfio-pci"), Self.gpu("0000:41:00.1")])
        let facts = HostDeviceFacts(uses: ["0000:41:00.0": [.bootDisplay(driver: "efifb")]])
        let inventory = DeviceInventory(host, facts, permitted: Self.permitted)
        #expect(inventory.devices["nvidia.com/H100"]?.count == 2)
    }

    @Test("mediated devices that exist are granted, and those that can be made are offered")
    func mediated() {
        var parent = Self.gpu("0000:41:00.0")
        parent.mediatedTypes = [
            MediatedType(id: "nvidia-63", name: "GRID T4-1Q", availableInstances: 3),
            MediatedType(id: "nvidia-64", name: "GRID T4-2Q", availableInstances: 1),
        ]
        var second = parent
        second.address = "0000:42:00.0"
        second.mediatedTypes[0].availableInstances = 4
        let host = Self.host(
            [parent, second], mediated: [MediatedDevice(uuid: Rig.uuid, type: "nvidia-63", parent: "0000:41:00.0")])
        let permitted = PermittedDevices(mediatedDevices: [
            PermittedMediatedDevice(mdevNameSelector: "GRID_T4-1Q", resourceName: "nvidia.com/T4")
        ])
        let inventory = DeviceInventory(host, HostDeviceFacts(), permitted: permitted)
        #expect(inventory.devices == ["nvidia.com/T4": [.mdev(Rig.uuid)]])
        #expect(inventory.offers["nvidia.com/T4"]?.map(\.parent) == ["0000:42:00.0", "0000:41:00.0"])
        #expect(inventory.capacity(of: "nvidia.com/T4") == 8)
    }

    @Test("USB devices go in groups of one for each selector; a group that is not whole is not granted")
    func usb() {
        let devices = (1...5).map { number in
            USBDevice(port: "1-\(number)", bus: 1, device: number, vendor: 0x46F4, product: number < 4 ? 1 : 2)
        }
        let permitted = PermittedDevices(usb: [
            PermittedUSBDevice(
                resourceName: "kubevirt.io/pair",
                selectors: [
                    USBDeviceSelector(vendor: "46f4", product: "0001"),
                    USBDeviceSelector(vendor: "46F4", product: "0002"),
                ])
        ])
        let inventory = DeviceInventory(
            Self.host([]), HostDeviceFacts(usb: devices, uses: ["1-5": [.swap(disk: "sdb")]]), permitted: permitted)
        #expect(inventory.devices == ["kubevirt.io/pair": [.usb(bus: 1, device: 1)]])
        #expect(inventory.companions == [.usb(bus: 1, device: 1): [.usb(bus: 1, device: 4)]])
        #expect(inventory.unavailable.map(\.reason) == [.usedByHost([.swap(disk: "sdb")]), .incompleteUSBGroup])
    }
}
