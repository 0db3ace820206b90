import Foundation
import SystemPackage
import Testing

@testable import HostModel

@Suite struct FileBytesTests {
    private func file(_ bytes: [UInt8]) throws -> FilePath {
        let path = FilePath(FileManager.default.temporaryDirectory.path).appending("file-bytes-\(UUID())")
        try Data(bytes).write(to: URL(filePath: path.string))
        return path
    }

    @Test func `a file is read whole, up to its limit`() throws {
        let bytes = [UInt8](repeating: 7, count: 40_000)
        let path = try file(bytes)
        defer { try? FileManager.default.removeItem(atPath: path.string) }
        #expect(try FileBytes.read(path) == bytes)
        #expect(try FileBytes.read(path, limit: 40_000) == bytes)
        #expect(try FileBytes.read(path, limit: 39_999) == nil)
    }

    @Test func `an empty file is no absent one`() throws {
        let path = try file([])
        defer { try? FileManager.default.removeItem(atPath: path.string) }
        #expect(try FileBytes.read(path) == [])
        #expect(throws: Errno.noSuchFileOrDirectory) {
            try FileBytes.read(path.removingLastComponent().appending("absent-\(UUID())"))
        }
        #expect(throws: Errno.notDirectory) { try FileBytes.read(path.appending("below")) }
    }

    @Test func `files that tell no size are read to their end`() throws {
        let read = try #require(try FileBytes.read("/proc/self/status"))
        #expect(String(decoding: read, as: UTF8.self).contains("\nPid:\t\(getpid())\n"))
    }

    /// Foundation keeps 4 KiB for ever with each such file.
    @Test func `empty files that tell no size leave no memory behind`() throws {
        let children: FilePath = "/proc/thread-self/children"
        func anonymous() throws -> Int {
            let status = String(decoding: try #require(try FileBytes.read("/proc/self/status")), as: UTF8.self)
            let line = try #require(status.split(separator: "\n").first { $0.hasPrefix("RssAnon:") })
            return try #require(line.split { $0 == " " || $0 == "\t" }.compactMap { Int($0) }.first)
        }
        for _ in 0..<100 { _ = try FileBytes.read(children) }
        let before = try anonymous()
        for _ in 0..<20_000 { _ = try FileBytes.read(children) }
        #expect(try anonymous() - before < 40_000)
    }
}
