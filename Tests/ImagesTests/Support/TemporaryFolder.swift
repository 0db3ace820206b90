import FoundationEssentials
import SystemPackage

/// A folder of one test, removed with it.
final class TemporaryFolder: Sendable {
    let path: FilePath

    init() throws {
        path = FilePath("/tmp/images-test-\(UInt64.random(in: .min ... .max))")
        try FileManager.default.createDirectory(atPath: path.string, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path.string) }

    func callAsFunction(_ name: String) -> FilePath { path.appending(name) }

    /// Writes a file and the folders above it.
    @discardableResult
    func write(_ name: String, _ bytes: [UInt8]) throws -> FilePath {
        let file = name.split(separator: "/").reduce(path) { $0.appending(String($1)) }
        try FileManager.default.createDirectory(
            atPath: file.removingLastComponent().string, withIntermediateDirectories: true)
        try Data(bytes).write(to: URL(filePath: file.string))
        return file
    }
}

func contents(_ path: FilePath) throws -> [UInt8] { Array(try Data(contentsOf: URL(filePath: path.string))) }

/// All names under a folder, sorted.
func tree(_ folder: FilePath) -> [String] {
    ((try? FileManager.default.subpathsOfDirectory(atPath: folder.string)) ?? []).sorted()
}

func symlinkTo(_ target: FilePath, at link: FilePath) -> Bool {
    (try? FileManager.default.createSymbolicLink(atPath: link.string, withDestinationPath: target.string)) != nil
}
