import HostModel
import Testing

@testable import HostDevices

@Suite struct DeviceResetTests {
    private static func bench(_ files: [String: String]) throws -> (HostFolder, FakeKernel, DeviceReset) {
        let folder = try HostFolder()
        try folder.device("0000:41:00.0", driver: "vfio-pci", group: 14, files: files)
        let kernel = FakeKernel(folder)
        return (folder, kernel, DeviceReset(folder.root, kernel))
    }

    @Test("a function is reset by the ways that the kernel tells")
    func done() async throws {
        let (_, kernel, reset) = try Self.bench(["reset": "", "reset_method": "flr bus"])
        #expect(try await reset.reset("0000:41:00.0") == .done(methods: ["flr", "bus"]))
        #expect(await kernel.log == ["1 > /sys/bus/pci/devices/0000:41:00.0/reset"])
    }

    @Test("kernels before 5.15 tell no ways")
    func oldKernel() async throws {
        let (_, _, reset) = try Self.bench(["reset": ""])
        #expect(try await reset.reset("0000:41:00.0") == .done(methods: []))
    }

    @Test("where there is no way, or the operator switched all off, nothing is written")
    func unsupported() async throws {
        for files in [[:], ["reset": "", "reset_method": ""]] {
            let (_, kernel, reset) = try Self.bench(files)
            #expect(try await reset.reset("0000:41:00.0") == .unsupported)
            #expect(await kernel.log == [])
        }
    }

    @Test("a reset that fails is told apart from a device that is gone or silent")
    func failures() async throws {
        let (folder, kernel, reset) = try Self.bench(["reset": "", "reset_method": "flr"])
        await kernel.set(refusingReset: ["0000:41:00.0"])
        let error = await #expect(throws: DeviceError.self) { try await reset.reset("0000:41:00.0") }
        guard case .resetFailed("0000:41:00.0", methods: ["flr"], _) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(error?.description.contains("could not be reset by flr") == true)
        try folder.write("/sys/devices/pci0000:40/0000:41:00.0/config", bytes: [0xFF, 0xFF, 0xFF, 0xFF])
        await #expect(throws: DeviceError.deviceVanished(address: "0000:41:00.0", .silent)) {
            try await reset.reset("0000:41:00.0")
        }
        try folder.remove("/sys/bus/pci/devices/0000:41:00.0")
        await #expect(throws: DeviceError.deviceVanished(address: "0000:41:00.0", .unplugged)) {
            try await reset.reset("0000:41:00.0")
        }
    }

    @Test("a virtual function answers through its physical one")
    func virtualFunction() async throws {
        let rig = try Rig()
        let reset = DeviceReset(rig.folder.root, rig.kernel)
        #expect(try await reset.reset("0000:44:00.1") == .unsupported)
        try rig.folder.write("/sys/devices/pci0000:40/0000:44:00.0/config", bytes: [0xFF, 0xFF])
        #expect(throws: DeviceError.deviceVanished(address: "0000:44:00.1", .silent)) {
            try reset.requireAnswer("0000:44:00.1")
        }
    }

    @Test("a device that fails its reset can be given back")
    func keeper() async throws {
        let rig = try Rig()
        let before = await rig.state
        await rig.kernel.set(refusingReset: ["0000:42:00.0"])
        let hold = try rig.plan()
        await #expect(throws: DeviceError.self) { try await rig.keeper.take(hold) }
        #expect(await rig.keeper.giveBack(hold).problems == [])
        #expect(await rig.state == before)
    }
}
