import Glibc
import HostModel
import SystemPackage
import Testing

@testable import HostDevices

@Suite struct SystemControlTests {
    @Test("a file that is there is written, one that is not is never made, and a last link is not followed")
    func write() async throws {
        let folder = try HostFolder()
        let control = SystemControl(folder.root)
        try folder.write("/sys/x/reset", "0")
        try folder.link("/sys/x/link", to: "reset")
        try await control.write("1", to: "/sys/x/reset")
        #expect(folder.root.text("/sys/x/reset") == "1")
        await #expect(throws: DeviceError.writeFailed(path: "/sys/x/none", text: "1", .noSuchFileOrDirectory)) {
            try await control.write("1", to: "/sys/x/none")
        }
        await #expect(throws: DeviceError.self) { try await control.write("2", to: "/sys/x/link") }
        #expect(!folder.exists("/sys/x/none") && folder.root.text("/sys/x/reset") == "1")
    }

    @Test("a program that fails is told with its words, one that is missing with its package")
    func run() async throws {
        let control = SystemControl()
        try await control.run("true", [])
        let error = await #expect(throws: DeviceError.self) { try await control.run("ls", ["/no such; folder"]) }
        #expect(error?.description.contains("No such file") == true)
        await #expect(throws: DeviceError.commandMissing(program: "no-such-program")) {
            try await control.run("no-such-program", [])
        }
    }

    @Test("a node goes to its owner")
    func owner() async throws {
        let folder = try HostFolder()
        try folder.write("/dev/vfio/14", "")
        let nodes = DeviceNodes(folder.root, SystemControl(folder.root))
        let before = nodes.plan(.vfioGroup(14))
        #expect(before.previous == FileOwner(uid: getuid(), gid: getgid()))
        try await nodes.give(before, to: Rig.owner)
        #expect(nodes.plan(.vfioGroup(14)).previous == Rig.owner)
        try await nodes.restore(before)
        #expect(nodes.plan(.vfioGroup(14)) == before)
    }
}
