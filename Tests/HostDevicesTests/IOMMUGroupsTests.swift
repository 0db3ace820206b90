import HostModel
import Testing

@testable import HostDevices

@Suite struct IOMMUGroupsTests {
    private static func host(_ driver: String?, classCode: String = "0x040300") throws -> Host {
        let folder = try HostFolder()
        try folder.device("0000:41:00.0", driver: "nvidia", group: 14)
        try folder.device("0000:41:00.1", "10de:22ba", classCode: classCode, driver: driver, group: 14)
        try folder.device("0000:00:1f.0", "8086:0001")
        return folder.host
    }

    @Test(
        "a group goes with members that are harmless",
        arguments: [
            (nil, "0x040300"), ("vfio-pci", "0x040300"), ("pci-stub", "0x040300"), ("pcieport", "0x060400"),
        ] as [(String?, String)])
    func whole(driver: String?, classCode: String) throws {
        try IOMMUGroups(Self.host(driver, classCode: classCode)).requireWhole(["0000:41:00.0"])
    }

    @Test("a member with a driver of the host is refused by name, unless it goes to the same VM")
    func foreign() throws {
        let groups = IOMMUGroups(try Self.host("snd_hda_intel"))
        let error = #expect(throws: DeviceError.self) { try groups.requireWhole(["0000:41:00.0"]) }
        #expect(
            error?.description
                == "device 0000:41:00.0 shares IOMMU group 14 with 0000:41:00.1 (10DE:22BA, snd_hda_intel): "
                + "give them to the same VM, bind them to vfio-pci too (driverctl set-override ADDRESS vfio-pci), "
                + "move the card to another slot, or switch on ACS in the firmware's setup")
        try groups.requireWhole(["0000:41:00.0", "0000:41:00.1"])
    }

    @Test("a member of another VM is refused on whatever driver")
    func held() throws {
        let groups = IOMMUGroups(try Self.host("vfio-pci"))
        let error = #expect(throws: DeviceError.self) {
            try groups.requireWhole(["0000:41:00.0"], holders: ["0000:41:00.1": "default/db"])
        }
        #expect(error?.description.contains("0000:41:00.1 (10DE:22BA, vfio-pci, held by default/db)") == true)
    }

    @Test("an ISA bridge is no bridge between PCI buses")
    func isaBridge() throws {
        let groups = IOMMUGroups(try Self.host("lpc_ich", classCode: "0x060100"))
        #expect(throws: DeviceError.self) { try groups.requireWhole(["0000:41:00.0"]) }
    }

    @Test("without an IOMMU, or a group, or a device, the error says so")
    func none() throws {
        #expect(throws: DeviceError.notInGroup(address: "0000:00:1f.0")) {
            try IOMMUGroups(Self.host(nil)).requireWhole(["0000:00:1f.0"])
        }
        #expect(throws: DeviceError.deviceVanished(address: "0000:99:00.0", .unplugged)) {
            try IOMMUGroups(Self.host(nil)).requireWhole(["0000:99:00.0"])
        }
        let folder = try HostFolder()
        try folder.device("0000:41:00.0")
        let error = #expect(throws: DeviceError.self) {
            try IOMMUGroups(folder.host).requireWhole(["0000:41:00.0"])
        }
        #expect(error == .noIOMMU(address: "0000:41:00.0"))
        #expect(error?.description.contains("intel_iommu=on") == true)
    }
}
