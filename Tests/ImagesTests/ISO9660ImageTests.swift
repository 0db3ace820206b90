import Subprocess
import SystemPackage
import TestSupport
import Testing

@testable import Images

@Suite struct ISO9660ImageTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func output(_ program: String, _ arguments: [String]) async throws -> String {
        let result = try await run(
            .name(program), arguments: Arguments(arguments), output: .string(limit: 1 << 20), error: .discarded)
        return result.standardOutput
    }

    private let files = [
        ISO9660Image.File(path: "user-data", bytes: Array("#cloud-config\n".utf8)),
        ISO9660Image.File(path: "meta-data", bytes: Array("instance-id: a\n".utf8)),
        ISO9660Image.File(path: "network-config", bytes: []),
        ISO9660Image.File(path: "openstack/latest/user_data", bytes: rawDisk(5000), mode: 0o400),
        ISO9660Image.File(path: "openstack/latest/meta_data.json", bytes: Array("{}".utf8)),
        ISO9660Image.File(path: "A long.Name with-many_letters.tar.gz.and.more-of-them.conf", bytes: [0, 1, 2]),
    ]

    @Test("long names and contents read back exactly, by Rock Ridge and by Joliet", arguments: [false, true])
    func readBack(joliet: Bool) async throws {
        let medium = folder("seed.iso")
        try ISO9660Image(volumeID: "cidata", files: files).write(to: medium)
        // xorriso's default reads Rock Ridge.
        let target = folder("out")
        let filesystem = joliet ? ["-read_fs", "norock"] : []
        let result = try await run(
            .name("xorriso"),
            arguments: Arguments(
                filesystem + ["-osirrox", "on", "-indev", medium.string, "-extract", "/", target.string]),
            output: .discarded, error: .string(limit: 1 << 20))
        try #require(result.terminationStatus.isSuccess, "\(result.standardError)")
        for file in files {
            let path = file.path.split(separator: "/").reduce(target) { $0.appending(String($1)) }
            #expect(try contents(path) == file.bytes, "\(file.path)")
            if !joliet { #expect(try Stat(path).permissions.rawValue & 0o400 == 0o400) }
        }
        #expect(tree(target).count == files.count + 2)
    }

    @Test("the volume id is what was asked for", arguments: ["cidata", "config-2", "CONFIG_MAP"])
    func volume(id: String) async throws {
        let medium = folder("seed.iso")
        try ISO9660Image(volumeID: id, files: files).write(to: medium)
        let label = try await output("blkid", ["-p", "-o", "value", "-s", "LABEL", medium.string])
        #expect(label == id + "\n")
        #expect(try await output("blkid", ["-p", "-o", "value", "-s", "TYPE", medium.string]) == "iso9660\n")
    }

    @Test("the medium has the permissions asked for, and never takes the place of a file or a link")
    func target() throws {
        let image = try ISO9660Image(volumeID: "cidata", files: files)
        try image.write(to: folder("a.iso"), permissions: FilePermissions(rawValue: 0o640))
        #expect(try Stat(folder("a.iso")).permissions.rawValue == 0o640)
        #expect(throws: ImageError.self) { try image.write(to: folder("a.iso")) }
        try #require(symlinkTo(folder("victim"), at: folder("link.iso")))
        #expect(throws: ImageError.self) { try image.write(to: folder("link.iso")) }
        #expect((try? Stat(folder("victim"))) == nil)
    }

    @Test(
        "paths of tenants are checked",
        arguments: [
            "", "/etc/passwd", "../x", "a/../x", "a//b", "./a", "a/", "a\0b", "ä", "a\nb",
            String(repeating: "n", count: 104),
            "1/2/3/4/5/6/7/8/9",
        ])
    func paths(path: String) {
        #expect(throws: ImageError.self) {
            try ISO9660Image(volumeID: "cidata", files: [ISO9660Image.File(path: path, bytes: [])])
        }
    }

    @Test("a file that is given twice, or is another's folder, is refused")
    func conflicts() {
        for paths in [["a", "a"], ["a", "a/b"], ["a/b/c", "a"]] {
            #expect(throws: ImageError.self) {
                try ISO9660Image(volumeID: "cidata", files: paths.map { ISO9660Image.File(path: $0, bytes: []) })
            }
        }
    }

    @Test("the deepest and the longest paths that are allowed read back")
    func extremes() async throws {
        let name = String(repeating: "n", count: 100)
        let paths = ["1/2/3/4/5/6/7/file", "d/\(name).x", "d/\(name).y"]
        let medium = folder("deep.iso")
        try ISO9660Image(volumeID: "deep", files: paths.map { ISO9660Image.File(path: $0, bytes: Array($0.utf8)) })
            .write(to: medium)
        let target = folder("out")
        let result = try await run(
            .name("xorriso"), arguments: ["-osirrox", "on", "-indev", medium.string, "-extract", "/", target.string],
            output: .discarded, error: .discarded)
        #expect(result.terminationStatus.isSuccess)
        for path in paths {
            let file = path.split(separator: "/").reduce(target) { $0.appending(String($1)) }
            #expect(try contents(file) == Array(path.utf8))
        }
    }

    @Test("the same files give the same bytes but for the volume's times")
    func deterministic() throws {
        let image = try ISO9660Image(volumeID: "cidata", files: files)
        try image.write(to: folder("a.iso"))
        try ISO9660Image(volumeID: "cidata", files: files.reversed()).write(to: folder("b.iso"))
        let (a, b) = (try contents(folder("a.iso")), try contents(folder("b.iso")))
        #expect(a.count == b.count)
        let differing = zip(a, b).enumerated().filter { $0.element.0 != $0.element.1 }.map(\.offset)
        // Only the volume descriptors in sectors 16 to 18 hold times.
        #expect(differing.allSatisfy { (16 * 2048..<19 * 2048).contains($0) }, "\(differing.prefix(10))")
        #expect(a.count < 100_000)
    }

    @Test("a small medium takes less than 5 ms")
    func speed() throws {
        let image = try ISO9660Image(volumeID: "cidata", files: files)
        let times = try (0..<20).map { index in
            try ContinuousClock().measure { try image.write(to: folder("\(index).iso")) }
        }
        #expect(times.min() ?? .seconds(1) < .milliseconds(5))
    }
}
