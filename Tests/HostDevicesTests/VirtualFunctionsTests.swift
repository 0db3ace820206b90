import HostModel
import Testing

@testable import HostDevices

@Suite struct VirtualFunctionsTests {
    @Test("a virtual function knows its physical one and its index")
    func relations() throws {
        let rig = try Rig()
        let functions = VirtualFunctions(rig.folder.root, rig.kernel)
        let only = VirtualFunction(address: "0000:44:00.1", physicalFunction: "0000:44:00.0", index: 0)
        #expect(try functions.of("0000:44:00.0") == [only] && functions.locate("0000:44:00.1") == only)
        #expect(throws: DeviceError.notAVirtualFunction(address: "0000:44:00.0")) {
            try functions.locate("0000:44:00.0")
        }
    }

    @Test("MAC and VLAN are set by ip with the interface of the physical function, and taken back")
    func settings() async throws {
        let rig = try Rig()
        let functions = VirtualFunctions(rig.folder.root, rig.kernel)
        let function = try functions.locate("0000:44:00.1")
        let setting = try VirtualFunctionSetting(
            address: function.address, mac: MACAddress("52-54-00-0A-1B-2C"), vlan: 7)
        try await functions.configure(function, setting)
        try await functions.clear(function, setting)
        try await functions.configure(function, VirtualFunctionSetting(address: function.address))
        #expect(
            await rig.kernel.log == [
                "ip link set dev eth4 vf 0 mac 52:54:00:0a:1b:2c vlan 7",
                "ip link set dev eth4 vf 0 mac 00:00:00:00:00:00 vlan 0",
            ])
        try rig.folder.remove("/sys/devices/pci0000:40/0000:44:00.0/virtfn0")
        try await functions.clear(function, setting)
        #expect(await rig.kernel.log.count == 2)
    }

    @Test("an interface whose name reads as an option is not used")
    func strangeInterface() async throws {
        let rig = try Rig()
        let functions = VirtualFunctions(rig.folder.root, rig.kernel)
        try rig.folder.remove("/sys/devices/pci0000:40/0000:44:00.0/net/eth4")
        try rig.folder.write("/sys/devices/pci0000:40/0000:44:00.0/net/-batch/flags", "0")
        let setting = try VirtualFunctionSetting(address: "0000:44:00.1", vlan: 7)
        await #expect(throws: DeviceError.noInterface(physicalFunction: "0000:44:00.0", driver: "mlx5_core")) {
            try await functions.configure(functions.locate("0000:44:00.1"), setting)
        }
        #expect(await rig.kernel.log == [])
    }

    @Test("virtual functions are made only where there are none")
    func create() async throws {
        let rig = try Rig()
        let functions = VirtualFunctions(rig.folder.root, rig.kernel)
        let physical = "0000:44:00.0"
        try await functions.create(1, on: physical)
        await #expect(throws: DeviceError.virtualFunctionsExist(address: physical, current: 1, wanted: 4)) {
            try await functions.create(4, on: physical)
        }
        await #expect(throws: DeviceError.tooManyVirtualFunctions(address: physical, wanted: 9, total: 8)) {
            try await functions.create(9, on: physical)
        }
        await #expect(throws: DeviceError.notSRIOV(address: "0000:41:00.0")) {
            try await functions.create(1, on: "0000:41:00.0")
        }
        #expect(await rig.kernel.log == [])
        try rig.folder.write("/sys/devices/pci0000:40/\(physical)/sriov_numvfs", "0\n")
        try await functions.create(4, on: physical)
        #expect(await rig.kernel.log == ["4 > /sys/bus/pci/devices/\(physical)/sriov_numvfs"])
    }

    @Test(
        "only addresses of one machine are MAC addresses",
        arguments: [
            "", "52:54:00:0a:1b", "52:54:00:0a:1b:2c:3d", "01:00:5e:00:00:01", "ff:ff:ff:ff:ff:ff",
            "00:00:00:00:00:00", "52:54:0:0a:1b:2c", "52:54:00:0a:1b:+1", "5２:54:00:0a:1b:2c",
        ])
    func mac(text: String) {
        #expect(throws: DeviceError.notAMACAddress(text)) { try MACAddress(text) }
    }

    @Test("VLANs are 1 to 4094", arguments: [-1, 0, 4095])
    func vlan(number: Int) {
        #expect(throws: DeviceError.notAVLAN(number)) {
            try VirtualFunctionSetting(address: "0000:44:00.1", vlan: number)
        }
    }
}
