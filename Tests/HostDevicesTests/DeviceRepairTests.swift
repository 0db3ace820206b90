import HostModel
import Placement
import Testing

@testable import HostDevices

@Suite struct DeviceRepairTests {
    private static func hold(_ uid: String, _ addresses: [String], bootID: String = "b1") -> DeviceHold {
        DeviceHold(
            uid: uid, name: "default/\(uid)", bootID: bootID,
            bindings: addresses.map { DeviceBinding(address: $0, previousDriver: "nvidia") })
    }

    private static func plan(
        _ holds: [DeviceHold], unreadable: [String] = [], living: Set<String> = [], inUse: Set<GrantedDevice> = [],
        onVFIO: [String] = [], operators: OperatorDevices? = OperatorDevices(bootID: "b1", addresses: []),
        bootID: String = "b1"
    ) -> [DeviceRepair] {
        DeviceRepair.plan(
            DeviceLedgerContents(holds: holds, unreadable: unreadable), living: living, inUse: inUse, onVFIO: onVFIO,
            operators: operators, bootID: bootID)
    }

    private static let device = "0000:41:00.0"

    @Test("the hold of a VM that is gone is given back, that of one that lives or is used is kept")
    func ended() {
        let hold = Self.hold("a", [Self.device])
        #expect(Self.plan([hold], onVFIO: [Self.device]) == [.giveBack(hold)])
        #expect(Self.plan([hold], living: ["a"], onVFIO: [Self.device]) == [])
        #expect(Self.plan([hold], inUse: [.pci(Self.device)], onVFIO: [Self.device]) == [])
    }

    @Test("a reboot has undone a hold; a boot id that cannot be read proves none")
    func rebooted() {
        let hold = Self.hold("a", [Self.device], bootID: "b0")
        #expect(Self.plan([hold]) == [.forget(uid: "a")])
        #expect(Self.plan([hold], living: ["a"]) == [.forget(uid: "a")])
        #expect(Self.plan([hold], bootID: "") == [.giveBack(hold)])
    }

    @Test("what a living VM has now is not taken from it for one that had it before")
    func handedOn() {
        let dead = Self.hold("a", [Self.device, "0000:42:00.0"])
        let alive = Self.hold("b", [Self.device])
        #expect(Self.plan([dead, alive], living: ["b"]) == [.giveBack(Self.hold("a", ["0000:42:00.0"]))])
    }

    @Test("a device on vfio-pci that nobody has is released")
    func orphan() {
        #expect(Self.plan([], onVFIO: [Self.device]) == [.release(address: Self.device)])
    }

    @Test("it is not where an operator, a VM or a domain has it, or nobody can know")
    func noOrphan() {
        let operators = OperatorDevices(bootID: "b1", addresses: [Self.device])
        #expect(Self.plan([], onVFIO: [Self.device], operators: operators) == [])
        #expect(Self.plan([], onVFIO: [Self.device], operators: nil) == [])
        #expect(
            Self.plan([], onVFIO: [Self.device], operators: OperatorDevices(bootID: "b0", addresses: [])) == [])
        #expect(Self.plan([], unreadable: ["x"], onVFIO: [Self.device]) == [])
        #expect(Self.plan([], inUse: [.pci(Self.device)], onVFIO: [Self.device]) == [])
        #expect(Self.plan([Self.hold("a", [Self.device])], living: ["a"], onVFIO: [Self.device]) == [])
    }

    @Test("devices whose hold is lost go to the driver that the kernel chooses, the operator's stay")
    func lostHold() async throws {
        let rig = try Rig()
        let operators = OperatorDevices(noting: rig.folder.root, host: rig.folder.host, holds: [])
        #expect(operators == OperatorDevices(bootID: Rig.bootID, addresses: ["0000:43:00.0"]))
        try await rig.keeper.take(rig.plan())
        #expect(try await rig.repair() == [])
        #expect(
            Rig.addresses.map { rig.folder.driver(of: $0) } == [
                "nvidia", "snd_hda_intel", nil, "vfio-pci", "mlx5_core", "mlx5_core", "nvidia",
            ])
        #expect(OperatorDevices.onVFIO(rig.folder.root, rig.folder.host) == ["0000:43:00.0"])
    }

    @Test("devices that a hold of this boot names are not noted as the operator's")
    func noting() async throws {
        let rig = try Rig()
        let hold = try rig.plan()
        try await rig.keeper.take(hold)
        let operators = OperatorDevices(noting: rig.folder.root, host: rig.folder.host, holds: [hold])
        #expect(operators.addresses == ["0000:43:00.0"])
    }

    @Test("a hold that cannot be given back stays, and the rest is done")
    func problems() async throws {
        let rig = try Rig()
        try rig.ledger.store(Self.hold("a", ["not an address"], bootID: Rig.bootID))
        try rig.ledger.store(Self.hold("b", [], bootID: "earlier"))
        #expect(try await rig.repair() == [.notAPCIAddress("not an address")])
        #expect(rig.ledger.read().holds.map(\.uid) == ["a"])
    }
}
