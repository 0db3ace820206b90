import HostModel
import Testing

@testable import HostDevices

@Suite struct VFIOBinderTests {
    private static func bench(
        driver: String?, override: String? = nil, native: String? = nil
    ) throws -> (HostFolder, FakeKernel, VFIOBinder) {
        let folder = try HostFolder()
        try folder.load("vfio-pci")
        try folder.device("0000:41:00.0", driver: driver, group: 14)
        if let override { try folder.write("/sys/devices/pci0000:40/0000:41:00.0/driver_override", "\(override)\n") }
        let kernel = FakeKernel(folder, native: native.map { ["0000:41:00.0": $0] } ?? [:])
        return (folder, kernel, VFIOBinder(folder.root, kernel))
    }

    @Test("the writes are those of the kernel's documentation, in their order")
    func writes() async throws {
        let (folder, kernel, binder) = try Self.bench(driver: "nvidia", native: "nvidia")
        let binding = try binder.plan("0000:41:00.0")
        #expect(binding == DeviceBinding(address: "0000:41:00.0", previousDriver: "nvidia"))
        try await binder.bind(binding)
        #expect(
            await kernel.log == [
                "vfio-pci > /sys/bus/pci/devices/0000:41:00.0/driver_override",
                "0000:41:00.0 > /sys/bus/pci/drivers/nvidia/unbind", "0000:41:00.0 > /sys/bus/pci/drivers_probe",
            ])
        try await binder.bind(binding)
        #expect(await kernel.log.count == 3)
        #expect(try await binder.restore(binding) == .restored(driver: "nvidia"))
        #expect(
            await kernel.log.dropFirst(3) == [
                " > /sys/bus/pci/devices/0000:41:00.0/driver_override",
                "0000:41:00.0 > /sys/bus/pci/drivers/vfio-pci/unbind",
                "0000:41:00.0 > /sys/bus/pci/drivers/nvidia/bind",
            ])
        #expect(try await binder.restore(binding) == .restored(driver: "nvidia"))
        #expect(await kernel.log.count == 6 && folder.override(of: "0000:41:00.0") == "(null)")
    }

    @Test("what the operator bound to vfio-pci is left alone, both ways")
    func operators() async throws {
        let (folder, kernel, binder) = try Self.bench(driver: "vfio-pci", override: "vfio-pci")
        let binding = try binder.plan("0000:41:00.0")
        try await binder.bind(binding)
        #expect(try await binder.restore(binding) == .untouched)
        #expect(await kernel.log == [] && folder.driver(of: "0000:41:00.0") == "vfio-pci")
    }

    @Test(
        "driver and override come back as they were",
        arguments: [
            (nil, nil, nil), (nil, "none", "nvidia"), ("nvidia", "nvidia", nil), ("nouveau", "nvidia", "nouveau"),
            ("nvidia", "vfio-pci", "nvidia"),
        ] as [(String?, String?, String?)])
    func comesBack(driver: String?, override: String?, native: String?) async throws {
        let (folder, _, binder) = try Self.bench(driver: driver, override: override, native: native)
        let before = folder.override(of: "0000:41:00.0")
        let binding = try binder.plan("0000:41:00.0")
        try await binder.bind(binding)
        #expect(folder.driver(of: "0000:41:00.0") == "vfio-pci")
        _ = try await binder.restore(binding)
        #expect(folder.driver(of: "0000:41:00.0") == driver && folder.override(of: "0000:41:00.0") == before)
    }

    @Test("a device whose driver was unloaded meanwhile is left without one")
    func unloaded() async throws {
        let (folder, _, binder) = try Self.bench(driver: "nvidia", native: "nvidia")
        let binding = try binder.plan("0000:41:00.0")
        try await binder.bind(binding)
        try folder.remove("/sys/bus/pci/drivers/nvidia")
        #expect(try await binder.restore(binding) == .withoutDriver(previous: "nvidia"))
        #expect(folder.driver(of: "0000:41:00.0") == nil && folder.override(of: "0000:41:00.0") == "(null)")
    }

    @Test("a device that was unplugged cannot be bound, and needs no restoring")
    func unplugged() async throws {
        let (folder, kernel, binder) = try Self.bench(driver: "nvidia")
        let binding = try binder.plan("0000:41:00.0")
        try folder.remove("/sys/bus/pci/devices/0000:41:00.0")
        await #expect(throws: DeviceError.deviceVanished(address: "0000:41:00.0", .unplugged)) {
            try await binder.bind(binding)
        }
        #expect(try await binder.restore(binding) == .vanished)
        #expect(await kernel.log == [])
    }

    @Test("a kernel that does not bind is told, with the driver that has the device")
    func notBound() async throws {
        let (folder, kernel, binder) = try Self.bench(driver: "nvidia", native: "nvidia")
        let binding = try binder.plan("0000:41:00.0")
        await kernel.set(refusingProbe: ["0000:41:00.0"])
        await #expect(throws: DeviceError.notBound(address: "0000:41:00.0", wanted: "vfio-pci", found: nil)) {
            try await binder.bind(binding)
        }
        #expect(await kernel.log.count == 4)
        #expect(try await binder.restore(binding) == .restored(driver: "nvidia"))
        #expect(folder.driver(of: "0000:41:00.0") == "nvidia")
    }

    @Test("a driver that cannot be loaded is told with the remedy")
    func notLoaded() async throws {
        let folder = try HostFolder()
        try folder.device("0000:41:00.0", driver: nil)
        let kernel = FakeKernel(folder, stopsAt: 0)
        let binder = VFIOBinder(folder.root, kernel)
        let error = await #expect(throws: DeviceError.self) { try await binder.loadDriver() }
        #expect(error?.description.contains("modprobe vfio-pci") == true)
        #expect(await kernel.log == ["modprobe vfio-pci"])
    }

    @Test(
        "no text but an address becomes a path",
        arguments: ["", "../../../etc", "0000:41:00.0/../x", "41:00.0", "0000:41:00.0\n", "0000:41:00.9", "🦊"])
    func paths(text: String) async throws {
        let (_, kernel, binder) = try Self.bench(driver: "nvidia")
        #expect(throws: DeviceError.notAPCIAddress(text)) { try binder.plan(text) }
        let binding = DeviceBinding(address: text, previousDriver: "../../x")
        await #expect(throws: DeviceError.notAPCIAddress(text)) { try await binder.restore(binding) }
        #expect(await kernel.log == [])
    }

    @Test("a driver's name of a record that is no name is not made a path")
    func strangeDriver() async throws {
        let (folder, kernel, binder) = try Self.bench(driver: "vfio-pci")
        try folder.write("/sys/bus/evil/bind", "")
        let binding = DeviceBinding(address: "0000:41:00.0", previousDriver: "../../evil")
        #expect(try await binder.restore(binding) == .withoutDriver(previous: "../../evil"))
        #expect(await kernel.log.allSatisfy { !$0.contains("evil") })
    }
}
