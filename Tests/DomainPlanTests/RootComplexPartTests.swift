import DomainModel
import Testing

@testable import DomainPlan

@Suite struct RootComplexPartTests {
    private static let annotations = ["kubevirt.io/placePCIDevicesOnRootComplex": "true"]

    private static func disks(_ count: Int, first: String = "") -> (devices: String, volumes: String) {
        let disks = (0..<count).map { "{name: d\($0), disk: {bus: virtio\($0 == 0 ? first : "")}}" }
        let volumes = (0..<count).map { "{name: d\($0), emptyDisk: {capacity: 1Gi}}" }
        return ("disks: [\(disks.joined(separator: ", "))]", "volumes: [\(volumes.joined(separator: ", "))]")
    }

    /// The slots of bus 0 that the plan gives out; nil where a device has none.
    private static func slots(_ plan: DomainPlan) -> [UInt32?] {
        var slots: [UInt32?] = []
        var devices = plan.domain.devices
        devices.forEachPCIDevice { _, address in
            if case .pci(0, 0, let slot, 0, nil)? = address { slots.append(slot) } else { slots.append(nil) }
        }
        return slots
    }

    @Test("every PCI device has a slot of its own on bus 0, and there are no ports")
    func slots() throws {
        let (devices, volumes) = Self.disks(2)
        let plan = try Plans.plan(
            "devices: {rng: {}, watchdog: {name: dog}, autoattachVSOCK: true, \(devices)}", spec: volumes,
            annotations: Self.annotations)
        // The interface, two controllers, two disks, watchdog, random numbers, balloon and vsock.
        #expect(Self.slots(plan) == [2, 3, 4, 5, 6, 7, 8, 9, 10])
        #expect(!plan.domain.devices.controllers.contains { $0.type == "pci" })
    }

    @Test("the slots of the sound card and the chipset stay free")
    func reserved() throws {
        let (devices, volumes) = Self.disks(24)
        let slots = Self.slots(try Plans.plan("devices: {\(devices)}", spec: volumes, annotations: Self.annotations))
        #expect(slots.count == 28)
        #expect(slots == (UInt32(2)...30).filter { $0 != 27 })
    }

    @Test("a slot that the user chose is nobody else's")
    func chosen() throws {
        let (devices, volumes) = Self.disks(2, first: ", pciAddress: '0000:00:03.0'")
        let slots = Self.slots(try Plans.plan("devices: {\(devices)}", spec: volumes, annotations: Self.annotations))
        #expect(slots == [2, 4, 5, 3, 6, 7])
    }

    @Test("more devices than slots are refused with both numbers")
    func full() {
        let (devices, volumes) = Self.disks(25)
        let error = #expect(throws: DomainPlanError.self) {
            try Plans.plan("devices: {\(devices)}", spec: volumes, annotations: Self.annotations)
        }
        #expect(error == .rootComplexFull(instance: "default/web", devices: 29, slots: 28))
    }

    @Test(
        "without the annotation no device has an address",
        arguments: [[:], ["kubevirt.io/placePCIDevicesOnRootComplex": "no"]])
    func unasked(annotations: [String: String]) throws {
        #expect(Self.slots(try Plans.plan("", annotations: annotations)) == [nil, nil, nil, nil])
    }
}
