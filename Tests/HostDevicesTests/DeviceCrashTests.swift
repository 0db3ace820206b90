import HostModel
import Testing

@testable import HostDevices

/// A process dies before each change of the host, which is right after the one before it, and the next one repairs.
@Suite struct DeviceCrashTests {
    /// One for each change that taking makes, and none; giving back makes fewer.
    static let steps = Array(0...21)

    @Test("all is taken, and given back as it was")
    func whole() async throws {
        let rig = try Rig()
        let before = await rig.state
        let hold = try rig.plan()
        #expect(await rig.kernel.log.isEmpty)
        try rig.ledger.store(hold)
        try await rig.keeper.take(hold, for: Rig.owner)
        for binding in hold.bindings { #expect(rig.folder.driver(of: binding.address) == "vfio-pci") }
        let taken = await rig.state
        #expect(taken.contains("/dev/vfio/14 \(Rig.owner)") && taken.contains("/dev/vfio/77 \(Rig.owner)"))
        #expect(await rig.kernel.functionSettings == ["eth4 vf 0": ["mac 52:54:00:0a:1b:2c", "vlan 7"]])
        #expect(await rig.kernel.log.count < Self.steps.count)
        let result = await rig.keeper.giveBack(hold)
        #expect(await rig.kernel.log.count <= 2 * Self.steps.count)
        #expect(result.problems == [] && result.left.isEmpty)
        try rig.ledger.settle(result)
        #expect(await rig.state == before && rig.ledger.read() == DeviceLedgerContents())
        #expect(try rig.repairPlan() == [])
    }

    @Test("a crash while devices are taken leaves none bound to nobody", arguments: steps)
    func taking(step: Int) async throws {
        let rig = try Rig()
        let before = await rig.state
        let hold = try rig.plan()
        try rig.ledger.store(hold)
        await rig.kernel.stop(at: step)
        _ = try? await rig.keeper.take(hold, for: Rig.owner)
        await rig.kernel.survives()
        #expect(try await rig.repair() == [])
        #expect(await rig.state == before && rig.ledger.read() == DeviceLedgerContents())
        #expect(try rig.repairPlan() == [])
    }

    @Test("a crash while devices are given back leaves none bound to nobody", arguments: steps)
    func givingBack(step: Int) async throws {
        let rig = try Rig()
        let before = await rig.state
        let hold = try rig.plan()
        try rig.ledger.store(hold)
        try await rig.keeper.take(hold, for: Rig.owner)
        await rig.kernel.stop(at: step)
        _ = await rig.keeper.giveBack(hold)
        await rig.kernel.survives()
        #expect(try await rig.repair() == [])
        #expect(await rig.state == before && rig.ledger.read() == DeviceLedgerContents())
    }

    @Test("a start that is repeated after a crash takes what is missing", arguments: steps)
    func again(step: Int) async throws {
        let rig = try Rig()
        let before = await rig.state
        let hold = try rig.plan()
        try rig.ledger.store(hold)
        await rig.kernel.stop(at: step)
        _ = try? await rig.keeper.take(hold, for: Rig.owner)
        await rig.kernel.survives()
        try await rig.keeper.take(hold, for: Rig.owner)
        for binding in hold.bindings { #expect(rig.folder.driver(of: binding.address) == "vfio-pci") }
        #expect(await rig.keeper.giveBack(hold).problems == [])
        #expect(await rig.state == before)
    }

    @Test("a repair that dies is done by the next", arguments: steps)
    func repairing(step: Int) async throws {
        let rig = try Rig()
        let before = await rig.state
        let hold = try rig.plan()
        try rig.ledger.store(hold)
        try await rig.keeper.take(hold, for: Rig.owner)
        await rig.kernel.stop(at: step)
        _ = try await rig.repair()
        await rig.kernel.survives()
        #expect(try await rig.repair() == [])
        #expect(await rig.state == before && rig.ledger.read() == DeviceLedgerContents())
    }

    @Test("a change that fails alone keeps only its own device, until the next time", arguments: steps)
    func failing(step: Int) async throws {
        let rig = try Rig()
        let before = await rig.state
        let hold = try rig.plan()
        try rig.ledger.store(hold)
        try await rig.keeper.take(hold, for: Rig.owner)
        await rig.kernel.set(failing: [await rig.kernel.log.count + step])
        let result = await rig.keeper.giveBack(hold)
        try rig.ledger.settle(result)
        #expect(result.problems.count <= 1 && result.left.isEmpty == result.problems.isEmpty)
        #expect(rig.ledger.read().holds == (result.left.isEmpty ? [] : [result.left]))
        #expect(try await rig.repair() == [])
        #expect(await rig.state == before && rig.ledger.read() == DeviceLedgerContents())
    }

    @Test("without the driver vfio-pci it is loaded first")
    func loading() async throws {
        let rig = try Rig(withVFIO: false)
        try await rig.keeper.take(rig.plan())
        #expect(await rig.kernel.log.first == "modprobe vfio-pci")
        #expect(rig.folder.driver(of: "0000:41:00.0") == "vfio-pci")
    }
}
