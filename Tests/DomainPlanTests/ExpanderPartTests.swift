import DomainModel
import HostModel
import Testing

@testable import DomainPlan

@Suite struct ExpanderPartTests {
    /// Two root complexes at cell 0, one at cell 1.
    private static let host = Host.twoCells(pci: [
        .at("0000:41:00.0", node: 0, below: "pci0000:40"), .at("0000:42:00.0", node: 0, below: "pci0000:40"),
        .at("0000:61:00.0", node: 0, below: "pci0000:60"), .at("0000:c1:00.0", node: 1, below: "pci0000:c0"),
        .at("0000:e1:00.0", node: nil),
    ])

    private static func plan(_ devices: [String], cpus: String, numa: Bool = true) throws -> DomainPlan {
        let cell = numa ? ", numa: {guestMappingPassthrough: {}}" : ""
        let gpus = devices.indices.map { "{name: g\($0), deviceName: r/\($0)}" }.joined(separator: ", ")
        return try Plans.placed(
            """
            cpu: {cores: 4, dedicatedCpuPlacement: true\(cell)}
            memory: {guest: 64Mi, hugepages: {pageSize: 2Mi}}
            devices: {gpus: [\(gpus)]}
            """,
            cpus: cpus,
            devices: Dictionary(
                devices.enumerated().map { ("r/\($0)", [$1]) }, uniquingKeysWith: { first, _ in first }), host: host)
    }

    /// Expanders and their ports, which are those at an address.
    private static func controllers(_ plan: DomainPlan) throws -> [String] {
        try plan.lines("devices/controller").filter { $0.contains("type=pci {") }
    }

    private static func buses(_ plan: DomainPlan) -> [UInt32?] {
        plan.domain.devices.hostDevices.map {
            guard case .pci(0, let bus, 0, 0, nil)? = $0.address else { return nil }
            return bus
        }
    }

    @Test("each root complex has an expander on its guest cell, with a port for each device")
    func complexes() throws {
        let plan = try Self.plan(
            ["0000:c1:00.0", "0000:41:00.0", "0000:61:00.0", "0000:42:00.0"], cpus: "0-1,8-9")
        let port =
            """
            controller index=%i model=pcie-root-port type=pci {address bus=%b domain=0x0000 function=0x0 \
            slot=%s type=pci}
            """
        func made(_ index: Int, _ bus: String, _ slot: String) -> String {
            port.replacing("%i", with: "\(index)").replacing("%b", with: bus).replacing("%s", with: slot)
        }
        #expect(
            try Self.controllers(plan) == [
                "controller index=1 model=pcie-expander-bus type=pci {target busNr=254 {node: 1}}",
                made(2, "0x01", "0x00"),
                "controller index=3 model=pcie-expander-bus type=pci {target busNr=251 {node: 0}}",
                made(4, "0x03", "0x00"), made(5, "0x03", "0x01"),
                "controller index=6 model=pcie-expander-bus type=pci {target busNr=249 {node: 0}}",
                made(7, "0x06", "0x00"),
            ])
        #expect(Self.buses(plan) == [2, 4, 7, 5])
        #expect(plan.warnings.isEmpty)
    }

    @Test("the numbers of buses never overlap: an expander has its own and one for each of its ports")
    func busNumbers() throws {
        let plan = try Self.plan(["0000:41:00.0", "0000:42:00.0", "0000:61:00.0", "0000:c1:00.0"], cpus: "0-1,8-9")
        let all = plan.domain.devices.controllers.filter { $0.type == "pci" }
        #expect(all.map(\.index) == Array(1...all.count))
        let controllers = all.filter { $0.target != nil || $0.address != nil }
        var taken: Set<Int> = []
        var ports = 0
        for controller in controllers.reversed() {
            guard let number = controller.target?.busNr else {
                ports += 1
                continue
            }
            for bus in number...number + ports { #expect(bus < 256 && taken.insert(bus).inserted) }
            ports = 0
        }
        #expect(taken.count == 7)
    }

    @Test("a cell of the guest is counted in the guest's order, not the host's")
    func guestCell() throws {
        let plan = try Self.plan(["0000:c1:00.0"], cpus: "8-15")
        #expect(
            try Self.controllers(plan).first
                == "controller index=1 model=pcie-expander-bus type=pci {target busNr=254 {node: 0}}")
    }

    @Test("a device whose cell the guest lacks stays where libvirt puts it, with a warning")
    func otherCell() throws {
        let plan = try Self.plan(["0000:41:00.0", "0000:c1:00.0"], cpus: "0-3")
        #expect(Self.buses(plan) == [2, nil])
        #expect(plan.reasons == ["DeviceOnOtherCell"])
        #expect(plan.warnings.first?.message.contains("r/1 0000:c1:00.0 lies at the host's NUMA cell 1") == true)
    }

    @Test("a device of which the host tells no cell needs no expander")
    func unknownCell() throws {
        let plan = try Self.plan(["0000:e1:00.0"], cpus: "0-3")
        #expect(try Self.controllers(plan).isEmpty && plan.warnings.isEmpty)
    }

    @Test("a guest without the host's cells has no expander")
    func noCells() throws {
        let plan = try Self.plan(["0000:41:00.0"], cpus: "0-3", numa: false)
        #expect(try Self.controllers(plan).isEmpty && Self.buses(plan) == [nil])
    }
}
