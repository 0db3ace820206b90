import FoundationEssentials
import SystemPackage
import Testing

@testable import NodeAgent

@Suite struct SessionTests {
    let bench: SessionBench

    init() throws { bench = try SessionBench() }

    @Test("a session has a folder and holds its lock until it is closed")
    func life() throws {
        let session = try Session.begin(bench.folders, bootID: "boot")
        #expect(session.id.wholeMatch(of: /[0-9a-f]{6}/) != nil)
        #expect(session.owner == "run:\(session.folders.session(session.id))" && session.bootID == "boot")
        #expect(bench.exists(bench.folders.session(session.id)))
        #expect(try LockFile.tryAcquire(bench.folders.lock(session.id)) == nil)
        try session.close()
        #expect(!bench.exists(bench.folders.session(session.id)))
    }

    @Test("sessions live beside each other")
    func many() throws {
        let sessions = try (0..<20).map { _ in try Session.begin(bench.folders, bootID: "boot") }
        #expect(Set(sessions.map(\.id)).count == 20)
        try sessions.first?.close()
        for session in sessions.dropFirst() { #expect(bench.exists(bench.folders.lock(session.id))) }
    }

    @Test(
        "folders let QEMU's user pass and show it nothing",
        arguments: ["run/virt-node", "run/virt-node/r", "var/lib/virt-node", "var/lib/virt-node/vms"])
    func modes(folder: String) throws {
        let session = try Session.begin(bench.folders, bootID: "boot")
        #expect(try Stat(bench.path.appending(FilePath(folder).components)).permissions.rawValue == 0o711)
        try session.close()
    }
}
