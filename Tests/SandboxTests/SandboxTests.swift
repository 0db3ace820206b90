import Foundation
import Glibc
import Sandbox
import SystemPackage
import Testing

/// Filters, capabilities and rules are given up for good, also by threads that are born later: each is tried in a process of
/// its own.
@Suite struct SandboxTests {
    static func folder() throws -> FilePath {
        let path = FilePath("/tmp/vn-sandbox-\(UInt32.random(in: 0 ... .max))")
        try FileManager.default.createDirectory(atPath: path.string, withIntermediateDirectories: false)
        return path
    }

    /// The error of a call that failed, 0 of one that did not.
    static func error(_ result: CInt) -> CInt { result < 0 ? errno : 0 }

    static func attempt(_ file: String, _ flags: CInt) -> CInt {
        let descriptor = open(file, flags, 0o600)
        defer { if descriptor >= 0 { close(descriptor) } }
        return error(descriptor)
    }

    @Test("a call that is not allowed fails, and the others do not")
    func refused() async {
        await #expect(processExitsWith: .success) {
            let path = try Self.folder()
            _ = try SystemCallFilter(.allBut(["mkdir", "mkdirat"]), .fail).load(everyThread: true)
            try #require(Self.error(mkdir(path.appending("a").string, 0o700)) == EPERM)
            try #require(Self.attempt(path.appending("b").string, O_CREAT | O_WRONLY) == 0)
            try FileManager.default.removeItem(atPath: path.string)
        }
    }

    /// Two attempts to make a folder, where the list of what is allowed lacks that: what they came to, and what was heard.
    static func attempts(passing: Bool) throws -> (errors: [CInt], heard: [String: Int]) {
        let path = try folder()
        let allowed = SystemCalls.daemon.filter { !["mkdir", "mkdirat"].contains($0) }
        let descriptor = try #require(try SystemCallFilter(.only(allowed), .ask).load())
        let monitor = SystemCallMonitor(descriptor, allows: passing) { _, _ in }
        monitor.start()
        let errors = (0..<2).map { _ in error(mkdir(path.appending("a").string, 0o700)) }
        try FileManager.default.removeItem(atPath: path.string)
        return (errors, Dictionary(monitor.refusals.map { ($0.key.call, $0.value) }, uniquingKeysWith: +))
    }

    @Test("a call that nobody named fails, and is heard of by its name")
    func asked() async {
        await #expect(processExitsWith: .success) {
            let (errors, heard) = try Self.attempts(passing: false)
            try #require(errors == [EPERM, EPERM])
            try #require(heard["mkdir"] == 2)
        }
    }

    @Test("it passes where the filter is only tried, and is heard of all the same")
    func tried() async {
        await #expect(processExitsWith: .success) {
            let (errors, heard) = try Self.attempts(passing: true)
            try #require(errors == [0, EEXIST])
            try #require(heard["mkdir"] == 2)
        }
    }

    @Test("every call on the lists is one that libseccomp knows, and no list contradicts another")
    func lists() {
        #expect(Set(SystemCalls.refused).isDisjoint(with: SystemCalls.daemon))
        #expect(Set(SystemCalls.helper).isDisjoint(with: ["socket", "connect", "execve", "kill", "ptrace", "mount"]))
        #expect(
            Set(SystemCalls.daemon).isDisjoint(with: ["mount", "ptrace", "bpf", "setns", "unshare", "init_module"]))
    }

    @Test("docs/sandbox.md says what each capability is for")
    func documented() throws {
        let root = URL(filePath: #filePath).resolvingSymlinksInPath().deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
        let text = try String(contentsOf: root.appending(path: "docs/sandbox.md"), encoding: .utf8)
        let lines = text.split(separator: "\n").filter { $0.hasPrefix("| `cap_") }
        for name in CapabilitySet.embedded.reasons.keys {
            #expect(lines.contains { $0.contains("`\(name)`") }, "\(name)")
        }
        let listed = lines.flatMap { $0.split(separator: "`").filter { $0.hasPrefix("cap_") } }
        #expect(Set(listed.map(String.init)) == Set(CapabilitySet.embedded.reasons.keys))
        #expect(Set(CapabilitySet.daemon.reasons.keys).isSubset(of: CapabilitySet.embedded.reasons.keys))
    }

    @Test("a capability that was given up is gone", .enabled(if: geteuid() == 0))
    func capabilities() async {
        await #expect(processExitsWith: .success) {
            let path = try Self.folder()
            try #require(chown(path.string, 1, 1) == 0)
            try CapabilitySet(["cap_kill": "a test"]).limit()
            try #require(Self.error(chown(path.string, 2, 2)) == EPERM)
            let status = try String(contentsOfFile: "/proc/thread-self/status", encoding: .utf8)
            for set in ["CapPrm", "CapEff", "CapBnd"] {
                try #require(status.contains("\n\(set):\t0000000000000020\n"))
            }
        }
    }

    @Test("files outside of the rules cannot be reached", .enabled(if: PathRules.version > 0))
    func pathRules() async {
        await #expect(processExitsWith: .success) {
            let path = try Self.folder()
            let isConfined = try PathRules(readable: ["/etc/hostname"], writable: [path]).load()
            try #require(isConfined)
            try #require(Self.attempt("/etc/hostname", O_RDONLY) == 0)
            try #require(Self.attempt("/etc/passwd", O_RDONLY) == EACCES)
            try #require(Self.attempt("/etc/hostname", O_WRONLY) == EACCES)
            try #require(Self.attempt(path.appending("new").string, O_CREAT | O_RDWR) == 0)
            try #require(Self.attempt("/tmp/vn-none", O_CREAT | O_RDWR) == EACCES)
            try #require(Self.error(symlink("/etc/passwd", path.appending("link").string)) == EACCES)
        }
    }

    @Test("a path stays in its folder, and follows no link")
    func confined() throws {
        let path = try Self.folder()
        defer { try? FileManager.default.removeItem(atPath: path.string) }
        let files = FileManager.default
        try files.createDirectory(atPath: path.appending("inner").string, withIntermediateDirectories: false)
        try Data("x".utf8).write(to: URL(filePath: path.appending("inner/disk.img").string))
        try files.createSymbolicLink(atPath: path.appending("link").string, withDestinationPath: "inner")
        try files.createSymbolicLink(atPath: path.appending("out").string, withDestinationPath: "/etc/passwd")
        try files.createSymbolicLink(atPath: path.appending("magic").string, withDestinationPath: "/proc/self/root")
        let confined = ConfinedFolder(path)
        try confined.open("inner/disk.img", .readOnly).close()
        for name in ["link/disk.img", "out", "../etc/passwd", "/etc/passwd", "inner/../../x", "magic/etc/passwd"] {
            let error = #expect(throws: SandboxError.self) { try confined.open(name, .readOnly).close() }
            #expect(error == .escapes(path: path.appending(name).string, folder: path.string), "\(name)")
        }
        #expect(throws: SandboxError.open(path: path.appending("none").string, .noSuchFileOrDirectory)) {
            try confined.open("none", .readOnly).close()
        }
        // Another folder's link on the way to it is ours.
        try ConfinedFolder(path.appending("link")).open("disk.img", .readOnly).close()
    }
}
