import DomainModel
import Placement
import Testing

@testable import DomainPlan

@Suite struct ControllersPartTests {
    private static let root = "volumes: [{name: root, emptyDisk: {capacity: 1Gi}}]"

    /// Controllers by kind and model, without PCI's.
    private static func controllers(_ plan: DomainPlan) -> [String] {
        plan.domain.devices.controllers.filter { $0.type != "pci" }.map { "\($0.type) \($0.model ?? "")" }
    }

    @Test(
        "controllers follow the devices that sit on them",
        arguments: [
            ("{}", ["usb none", "scsi virtio-non-transitional", "virtio-serial virtio-non-transitional"]),
            ("{disableHotplug: true}", ["usb none", "virtio-serial virtio-non-transitional"]),
            ("{autoattachSerialConsole: false}", ["usb none", "scsi virtio-non-transitional"]),
            (
                "{useVirtioTransitional: true, inputs: [{name: t, type: tablet}]}",
                ["usb qemu-xhci", "scsi virtio-transitional", "virtio-serial virtio-transitional"]
            ),
        ])
    func controllers(devices: String, controllers: [String]) throws {
        #expect(Self.controllers(try Plans.plan("devices: \(devices)")) == controllers)
    }

    @Test("without hotplug, a SCSI disk still has its controller", arguments: [("scsi", true), ("sata", false)])
    func scsi(bus: String, isThere: Bool) throws {
        let plan = try Plans.plan(
            "devices: {disableHotplug: true, disks: [{name: root, disk: {bus: \(bus)}}]}", spec: Self.root)
        #expect(plan.domain.devices.controllers.contains { $0.type == "scsi" } == isThere)
    }

    @Test(
        "USB is there where a device sits on it",
        arguments: [
            ("inputs: [{name: t, type: tablet, bus: virtio}]", "none"),
            ("inputs: [{name: t, type: tablet}]", "qemu-xhci"),
            ("disks: [{name: root, disk: {bus: usb}}]", "qemu-xhci"), ("clientPassthrough: {}", "qemu-xhci"),
            ("hostDevices: [{name: k, deviceName: r}]", "qemu-xhci"),
        ])
    func usb(devices: String, model: String) throws {
        let instance = try Plans.instance("devices: {\(devices)}", spec: devices.contains("disks") ? Self.root : "")
        let placed = try DomainPlan(
            Plans.request(
                instance,
                placement: .init(devices: [
                    .init(name: "k", resource: "r", device: .usb(bus: 1, device: 4))
                ]), resources: { $0.usbRedirectionSockets = ["/s/usb0"] }))
        #expect(Self.controllers(placed).first == "usb \(model)")
    }

    @Test(
        "a guest that cannot have a 64-bit window for PCI devices has none",
        arguments: [("true", true), ("false", false)])
    func hole(value: String, isClosed: Bool) throws {
        let plan = try Plans.plan("", annotations: ["kubevirt.io/disablePCIHole64": value])
        #expect(
            try plan.lines("devices/controller").contains(
                "controller index=0 model=pcie-root type=pci {pcihole64 unit=KiB: 0}") == isClosed)
    }
}
