import FoundationEssentials
import Glibc
import HostModel
import SystemPackage

/// A folder that is removed with its last reference.
final class FuzzFolder: Sendable {
    let path: FilePath

    init() throws {
        path = FilePath("/tmp/virt-node-fuzz-\(String(UInt64.random(in: 0 ... .max), radix: 36))")
        try FileManager.default.createDirectory(atPath: path.string, withIntermediateDirectories: true)
    }

    deinit { clear() }

    func clear() { try? FileManager.default.removeItem(atPath: path.string) }

    var root: HostRoot { HostRoot(path) }

    func callAsFunction(_ name: String) -> FilePath { path.appending(name) }

    /// Writes a file, and the folders above it.
    @discardableResult
    func write(_ name: String, _ bytes: some Collection<UInt8>) throws -> FilePath {
        let target = try place(name)
        let descriptor = open(target, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw Errno(rawValue: errno) }
        defer { close(descriptor) }
        let bytes = Array(bytes)
        guard Glibc.write(descriptor, bytes, bytes.count) == bytes.count else { throw Errno(rawValue: errno) }
        return FilePath(target)
    }

    func link(_ name: String, to destination: String) throws {
        guard symlink(destination, try place(name)) == 0 else { throw Errno(rawValue: errno) }
    }

    /// All that lies below, sorted.
    var names: [String] {
        ((try? FileManager.default.subpathsOfDirectory(atPath: path.string)) ?? []).sorted()
    }

    private func place(_ name: String) throws -> String {
        let target = "\(path.string)/\(name)"
        let folder = target[..<(target.lastIndex(of: "/") ?? target.endIndex)]
        try FileManager.default.createDirectory(atPath: String(folder), withIntermediateDirectories: true)
        return target
    }
}
