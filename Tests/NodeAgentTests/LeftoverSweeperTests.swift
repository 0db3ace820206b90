import FoundationEssentials
import Libvirt
import SystemPackage
import Testing

@testable import NodeAgent

@Suite struct LeftoverSweeperTests {
    let bench: SessionBench
    private let pool = BlockingPool(label: "sweeper-test", width: 1)

    init() throws { bench = try SessionBench() }

    private func makeMachine(_ uid: String) throws -> FilePath {
        let folder = bench.folders.machine(uid)
        try FileManager.default.createDirectory(atPath: folder.string, withIntermediateDirectories: true)
        try Data("overlay".utf8).write(to: URL(filePath: folder.appending("root.qcow2").string))
        return folder
    }

    /// The folder of a session whose process died.
    private func makeDeadSession(_ id: String) throws {
        try FileManager.default.createDirectory(
            atPath: bench.folders.session(id).string, withIntermediateDirectories: true)
        try Data().write(to: URL(filePath: bench.folders.lock(id).string))
        try FileManager.default.createDirectory(
            atPath: bench.folders.session(id).appending("l").string, withIntermediateDirectories: true)
    }

    @Test("where nothing was left, nothing is done")
    func nothing() async throws {
        let report = try await LeftoverSweeper(bench.folders).sweep(pool: pool)
        #expect(report.removed.isEmpty && report.problems.isEmpty && report.unreachable.isEmpty)
    }

    @Test("what a dead session left is removed and told, and a second sweep finds nothing")
    func dead() async throws {
        let machine = try makeMachine("u1")
        try makeDeadSession("00aa00")
        try IntentStore(bench.folders).begin(bench.intent("web", session: "00aa00", folders: [machine]))
        let report = try await LeftoverSweeper(bench.folders).sweep(pool: pool)
        #expect(report.removed == ["default/web: its disks and files", "session 00aa00"])
        #expect(!bench.exists(machine) && !bench.exists(bench.folders.session("00aa00")))
        #expect(IntentStore(bench.folders).all().isEmpty)
        #expect(try await LeftoverSweeper(bench.folders).sweep(pool: pool).removed.isEmpty)
    }

    @Test("what a living session holds stays")
    func living() async throws {
        let session = try Session.begin(bench.folders, bootID: "boot")
        let machine = try makeMachine("u1")
        try IntentStore(bench.folders).begin(bench.intent("web", session: session.id, folders: [machine]))
        try makeDeadSession("ff00ff")
        let report = try await LeftoverSweeper(bench.folders).sweep(pool: pool)
        #expect(report.removed == ["session ff00ff"])
        #expect(bench.exists(machine) && bench.exists(bench.folders.session(session.id)))
        #expect(IntentStore(bench.folders).all().map(\.name) == ["web"])
        try session.close()
    }

    @Test("an intent whose session's folder is gone is undone too")
    func lostSession() async throws {
        let machine = try makeMachine("u1")
        try IntentStore(bench.folders).begin(
            bench.intent("web", session: "00cc00", folders: [machine, bench.path.appending("never-made")]))
        let report = try await LeftoverSweeper(bench.folders).sweep(pool: pool)
        #expect(report.removed == ["default/web: its disks and files"])
        #expect(!bench.exists(machine))
    }

    @Test("a link in a VM's folder is removed, and what it names stays")
    func links() async throws {
        let machine = try makeMachine("u1")
        let precious = bench.path.appending("precious")
        try Data("x".utf8).write(to: URL(filePath: precious.string))
        try FileManager.default.createSymbolicLink(
            atPath: machine.appending("link").string, withDestinationPath: precious.string)
        try IntentStore(bench.folders).begin(bench.intent("web", session: "00aa00", folders: [machine]))
        _ = try await LeftoverSweeper(bench.folders).sweep(pool: pool)
        #expect(!bench.exists(machine) && bench.exists(precious))
    }
}
