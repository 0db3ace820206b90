import FoundationEssentials
package import SystemPackage

/// The folder under which a host's `/proc`, `/sys`, `/dev`, `/usr` … are read: `/`, or a tree that a test made.
///
/// Every answer is a fact or nothing: a file that is absent, unreadable or a folder reads as `nil`, since on a real
/// host files of sysfs come and go with drivers, and a missing fact must never end a probe.
package struct HostRoot: Sendable, Hashable {
    package let path: FilePath

    package init(_ path: FilePath = "/") {
        self.path = path
    }

    /// Whether this is the running machine, where answers of system calls (access, statfs) hold too.
    package var isRunningHost: Bool { path == "/" }

    /// `path` of the host as a path of this process.
    package func resolve(_ path: String) -> FilePath {
        self.path.appending(FilePath(path).components)
    }

    package func exists(_ path: String) -> Bool {
        FileManager.default.fileExists(atPath: resolve(path).string)
    }

    package func isFolder(_ path: String) -> Bool {
        var isFolder = false
        return FileManager.default.fileExists(atPath: resolve(path).string, isDirectory: &isFolder) && isFolder
    }

    /// The names in a folder, sorted; empty where there is no such folder.
    package func names(in folder: String) -> [String] {
        do {
            return try FileManager.default.contentsOfDirectory(atPath: resolve(folder).string).sorted()
        } catch {
            return []
        }
    }

    /// The last component of what a symbolic link points to: how sysfs names a device's driver and IOMMU group.
    package func linkName(_ path: String) -> String? {
        do {
            let target = try FileManager.default.destinationOfSymbolicLink(atPath: resolve(path).string)
            return FilePath(target).lastComponent?.string
        } catch {
            return nil
        }
    }

    /// A file's text without white space at its ends.
    package func text(_ path: String) -> String? {
        bytes(path).map { String(decoding: $0, as: UTF8.self).trimmed }
    }

    package func lines(_ path: String) -> [Substring] {
        text(path)?.split(separator: "\n", omittingEmptySubsequences: true) ?? []
    }

    /// A file's number: decimal, or hexadecimal after `0x`, as sysfs writes PCI ids.
    package func integer<Number: FixedWidthInteger>(_ path: String, as: Number.Type = Int.self) -> Number? {
        guard let text = text(path) else { return nil }
        return text.hasPrefix("0x") ? Number(text.dropFirst(2), radix: 16) : Number(text)
    }

    /// A file of at most 1 MiB, read to its end: files of proc and sysfs tell no size.
    private func bytes(_ path: String) -> [UInt8]? {
        do {
            let file = try FileDescriptor.open(resolve(path), .readOnly, options: [.closeOnExec, .nonBlocking])
            return try file.closeAfter {
                var bytes: [UInt8] = []
                var chunk = [UInt8](repeating: 0, count: 16_384)
                while bytes.count < 1 << 20 {
                    let count = try chunk.withUnsafeMutableBytes { try file.read(into: $0) }
                    if count == 0 { break }
                    bytes += chunk[..<count]
                }
                return bytes
            }
        } catch {
            return nil
        }
    }
}

extension StringProtocol {
    /// Without white space at both ends.
    package var trimmed: String {
        let head = drop { $0.isWhitespace }
        guard let last = head.lastIndex(where: { !$0.isWhitespace }) else { return "" }
        return String(head[...last])
    }
}
