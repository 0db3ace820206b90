import Foundation
import Subprocess
import SystemPackage
import Testing

@testable import Images

@Suite struct TarArchiveTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    @Test("what is written comes out again, for its owner alone")
    func roundTrip() async throws {
        let long = String(repeating: "long", count: 60)
        let large = Array(repeating: UInt8(ascii: "x"), count: 300_000)
        let path = folder("a.tar.gz")
        try TarArchive.write(
            [
                .init(path: "d/INDEX.txt", bytes: Array("index\n".utf8)), .init(path: "d/empty", bytes: []),
                .init(path: "d/\(long)", bytes: large),
            ], to: path, modified: 1_700_000_000)
        #expect(try Stat(path).permissions.rawValue == 0o600)
        let list = try await run(
            .name("tar"), arguments: ["--utc", "-tvzf", path.string],
            environment: .inherit.updating(["LC_ALL": "C.UTF-8"]),
            output: .string(limit: 1 << 16), error: .discarded)
        #expect(list.standardOutput.contains("-rw------- 0/0               6 2023-11-14 22:13 d/INDEX.txt"))
        #expect(list.standardOutput.contains("300000 2023-11-14 22:13 d/\(long)"))
        let content = try await run(
            .name("tar"), arguments: ["-xOzf", path.string, "d/INDEX.txt", "d/\(long)"], output: .bytes(limit: 1 << 20),
            error: .discarded)
        #expect(content.standardOutput == Array("index\n".utf8) + large)
    }

    @Test("a file that is there already is left alone")
    func taken() throws {
        try folder.write("a.tar.gz", [7])
        #expect(
            throws: ImageError.fileOperation(operation: "open", path: folder("a.tar.gz").string, errno: .fileExists)
        ) {
            try TarArchive.write([], to: folder("a.tar.gz"), modified: 0)
        }
        #expect(FileManager.default.contents(atPath: folder("a.tar.gz").string) == Data([7]))
    }
}
