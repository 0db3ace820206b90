import HostModel
import SystemPackage
import Testing

@testable import HostDevices

@Suite struct DeviceLedgerTests {
    @Test("a hold is read back as it was stored, until it is removed")
    func roundTrip() throws {
        let rig = try Rig()
        #expect(rig.ledger.read() == DeviceLedgerContents())
        var hold = try rig.plan()
        try rig.ledger.store(hold)
        hold.bindings.removeLast()
        try rig.ledger.store(hold)
        #expect(rig.ledger.read() == DeviceLedgerContents(holds: [hold]))
        #expect(rig.folder.root.names(in: "/holds") == ["\(Rig.uid).json"])
        try rig.ledger.remove(uid: Rig.uid)
        try rig.ledger.remove(uid: Rig.uid)
        #expect(rig.ledger.read() == DeviceLedgerContents())
    }

    @Test("what this version cannot read is named, and not taken for nothing")
    func unreadable() throws {
        let rig = try Rig()
        var newer = DeviceHold(uid: "n", name: "default/n", bootID: "b")
        newer.schema = DeviceHold.currentSchema + 1
        try rig.ledger.store(newer)
        try rig.folder.write("/holds/half.json", "{\"uid\":")
        try rig.folder.write("/holds/.b-12", "an unfinished one")
        #expect(rig.ledger.read() == DeviceLedgerContents(holds: [], unreadable: ["half.json", "n.json"]))
    }

    @Test("no uid leads out of the folder", arguments: ["", "..", "../x", "a/b", "a.b", "é"])
    func uids(text: String) throws {
        let ledger = try Rig().ledger
        #expect(throws: DeviceError.notAUID(text)) {
            try ledger.store(DeviceHold(uid: text, name: "default/x", bootID: "b"))
        }
        #expect(throws: DeviceError.notAUID(text)) { try ledger.remove(uid: text) }
    }

    @Test("a folder that cannot be made is told")
    func noFolder() throws {
        let ledger = DeviceLedger("/proc/no/such")
        #expect(throws: DeviceError.ledgerFile(path: "/proc/no/such", action: "make", .noSuchFileOrDirectory)) {
            try ledger.store(DeviceHold(uid: "a", name: "default/a", bootID: "b"))
        }
    }
}
