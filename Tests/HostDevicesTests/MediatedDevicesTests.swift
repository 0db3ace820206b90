import HostModel
import Testing

@testable import HostDevices

@Suite struct MediatedDevicesTests {
    private static let request = MediatedRequest(uuid: Rig.uuid, type: "nvidia-63", parent: "0000:45:00.0")

    @Test("a device is made once, counted, and removed once")
    func lifeCycle() async throws {
        let rig = try Rig()
        let devices = MediatedDevices(rig.folder.root, rig.kernel)
        for _ in 0..<2 { try await devices.create(Self.request) }
        #expect(rig.folder.host.mediatedDevices.map(\.uuid) == [Rig.uuid])
        #expect(try MediatedDevices.choose(rig.folder.host, named: "GRID_T4-1Q").type.availableInstances == 3)
        for _ in 0..<2 { try await devices.remove(Self.request) }
        #expect(rig.folder.host.mediatedDevices == [])
        #expect(
            await rig.kernel.log == [
                "\(Rig.uuid) > /sys/bus/pci/devices/0000:45:00.0/mdev_supported_types/nvidia-63/create",
                "1 > /sys/bus/mdev/devices/\(Rig.uuid)/remove",
            ])
    }

    @Test("what cannot be made is refused with the numbers, before a write")
    func refusals() async throws {
        let rig = try Rig()
        let devices = MediatedDevices(rig.folder.root, rig.kernel)
        try rig.folder.write(
            "/sys/devices/pci0000:40/0000:45:00.0/mdev_supported_types/nvidia-63/available_instances", "0\n")
        await #expect(throws: DeviceError.noInstancesLeft(name: "nvidia-63", parents: ["0000:45:00.0"])) {
            try await devices.create(Self.request)
        }
        let error = #expect(throws: DeviceError.self) {
            try MediatedDevices.choose(rig.folder.host, named: "GRID T4-1Q")
        }
        #expect(error?.description.hasPrefix("0 instances of \"GRID T4-1Q\" are left on 0000:45:00.0") == true)
        #expect(throws: DeviceError.unknownMediatedType(name: "GRID T4-8Q", offered: ["GRID T4-1Q"])) {
            try MediatedDevices.choose(rig.folder.host, named: "GRID T4-8Q")
        }
        #expect(await rig.kernel.log == [])
    }

    @Test(
        "no strange name becomes a path",
        arguments: [
            MediatedRequest(uuid: "../x", type: "nvidia-63", parent: "0000:45:00.0"),
            MediatedRequest(uuid: Rig.uuid, type: "../..", parent: "0000:45:00.0"),
            MediatedRequest(uuid: Rig.uuid, type: "nvidia-64", parent: "0000:45:00.0"),
            MediatedRequest(uuid: Rig.uuid, type: "nvidia-63", parent: "/sys"),
        ])
    func strange(request: MediatedRequest) async throws {
        let rig = try Rig()
        let devices = MediatedDevices(rig.folder.root, rig.kernel)
        await #expect(throws: DeviceError.self) { try await devices.create(request) }
        #expect(await rig.kernel.log == [])
    }

    @Test("a device of that UUID but of another type is somebody else's")
    func twin() async throws {
        let rig = try Rig()
        let devices = MediatedDevices(rig.folder.root, rig.kernel)
        try await devices.create(Self.request)
        var other = Self.request
        other.type = "nvidia-64"
        await #expect(throws: DeviceError.mediatedDeviceExists(uuid: Rig.uuid, type: "nvidia-63", wanted: other)) {
            try await devices.create(other)
        }
    }
}
