import DomainModel
import Testing

@testable import DomainPlan

@Suite struct HotplugPortsPartTests {
    private static func domain(
        interfaces: Int, model: String = "virtio", disks: Int = 0, memory: String = "64Mi", rest: String = ""
    ) -> (
        domain: String, spec: String
    ) {
        let cards = (0..<interfaces).map { "{name: n\($0), bridge: {}, model: \(model)}" }.joined(separator: ", ")
        let networks = (0..<interfaces).map { "{name: n\($0), multus: {networkName: a}}" }.joined(separator: ", ")
        let drives = (0..<disks).map { "{name: d\($0), disk: {bus: virtio}}" }.joined(separator: ", ")
        let volumes = (0..<disks).map { "{name: d\($0), emptyDisk: {capacity: 1Gi}}" }.joined(separator: ", ")
        return (
            """
            memory: {guest: \(memory)}
            devices: {autoattachPodInterface: false, interfaces: [\(cards)], disks: [\(drives)]\(rest)}
            """,
            "networks: [\(networks)]\nvolumes: [\(volumes)]"
        )
    }

    /// Ports of the plan, which are counted through from 1.
    private static func ports(_ domain: (domain: String, spec: String)) throws -> Int {
        let plan = try Plans.plan(domain.domain, spec: domain.spec)
        let ports = try plan.lines("devices/controller").filter { $0.contains("type=pci") }
        #expect(ports == ports.indices.map { "controller index=\($0 + 1) model=pcie-root-port type=pci" })
        return ports.count
    }

    /// SCSI controller, serial controller and balloon have a port each, beside interfaces and virtio disks. Small
    /// guests have 8 ports and at least 3 free ones; above 2 GiB 16 and 6. Where there is a NIC, four can be there.
    @Test(
        "ports for the devices at hand and free ones are defined at once",
        arguments: [
            (0, 0, "64Mi", 8), (1, 0, "64Mi", 8), (5, 0, "64Mi", 8 + 3), (1, 1, "64Mi", 8), (1, 2, "64Mi", 6 + 3),
            (0, 9, "64Mi", 12 + 3), (1, 0, "2Gi", 8), (1, 0, "2049Mi", 16), (5, 0, "4Gi", 16), (5, 8, "4Gi", 16 + 6),
            (0, 0, "4Gi", 16),
        ])
    func ports(interfaces: Int, disks: Int, memory: String, ports: Int) throws {
        #expect(try Self.ports(Self.domain(interfaces: interfaces, disks: disks, memory: memory)) == ports)
    }

    /// With 27 disks none is left to be free, and libvirt adds those that are needed.
    @Test("a machine has 31 ports and no more", arguments: [(24, 31), (26, 31), (27, 0)])
    func most(disks: Int, ports: Int) throws {
        #expect(try Self.ports(Self.domain(interfaces: 1, disks: disks)) == ports)
    }

    @Test("without hotplug there are no free ports, and libvirt adds those that the devices need")
    func disabled() throws {
        #expect(try Self.ports(Self.domain(interfaces: 1, disks: 2, rest: ", disableHotplug: true")) == 0)
    }

    @Test("transitional devices are conventional ones: they share a bridge, for which libvirt adds a port")
    func transitional() throws {
        let domain = Self.domain(interfaces: 3, disks: 9, rest: ", useVirtioTransitional: true")
        #expect(try Self.ports(domain) == 8)
    }

    @Test(
        "cards of conventional PCI take no port, those of PCI Express do",
        arguments: [("e1000", 8), ("rtl8139", 8), ("e1000e", 11), ("virtio", 11)])
    func cards(model: String, ports: Int) throws {
        let domain = Self.domain(interfaces: 5, model: model)
        #expect(try Self.ports(domain) == ports)
    }

    @Test("a device with an address of its own takes no port that is counted here")
    func addressed() throws {
        let plan = try Plans.plan(
            """
            devices: {autoattachPodInterface: false, disks: [{name: d, disk: {bus: virtio, pciAddress: \
            '0000:81:01.0'}}]}
            """,
            spec: "volumes: [{name: d, emptyDisk: {capacity: 1Gi}}]")
        #expect(plan.domain.devices.controllers.count { $0.model == "pcie-root-port" } == 8)
    }

    @Test("on the root complex there are no ports")
    func rootComplex() throws {
        let plan = try Plans.plan("", annotations: ["kubevirt.io/placePCIDevicesOnRootComplex": "true"])
        #expect(!plan.domain.devices.controllers.contains { $0.type == "pci" })
    }
}
