import FoundationEssentials
package import SystemPackage

/// The folder under which a host's `/proc`, `/sys`, `/dev`, `/usr` … are read: `/`, or a tree that a test made.
///
/// Every answer is a fact or nothing: a file that is absent, unreadable or a folder reads as `nil`, since on a real
/// host files of sysfs come and go with drivers, and a missing fact must never end a probe. Below another folder than
/// `/`, links are followed as if that folder were `/`: no answer comes from outside it.
package struct HostRoot: Sendable, Hashable {
    package let path: FilePath

    package init(_ path: FilePath = "/") {
        self.path = path
    }

    /// Whether this is the running machine, where answers of system calls (access, statfs) hold too.
    package var isRunningHost: Bool { path == "/" }

    /// `path` of the host as a path of this process, links not followed.
    package func resolve(_ path: String) -> FilePath {
        self.path.appending(FilePath(path).components)
    }

    package func exists(_ path: String) -> Bool {
        guard let file = locate(path) else { return false }
        return FileManager.default.fileExists(atPath: file)
    }

    package func isFolder(_ path: String) -> Bool {
        var isFolder = false
        guard let file = locate(path) else { return false }
        return FileManager.default.fileExists(atPath: file, isDirectory: &isFolder) && isFolder
    }

    /// The names in a folder, sorted; empty where there is no such folder.
    package func names(in folder: String) -> [String] {
        guard let folder = locate(folder) else { return [] }
        do {
            return try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
        } catch {
            return []
        }
    }

    /// What a symbolic link says, unfollowed.
    package func linkTarget(_ path: String) -> String? {
        locate(path, followingLast: false).flatMap { Self.linkText(of: $0) }
    }

    /// The last component of what a symbolic link points to: how sysfs names a device's driver and IOMMU group.
    package func linkName(_ path: String) -> String? {
        linkTarget(path)?.split(separator: "/").last.map(String.init)
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

    /// A file of at most 4 MiB: half of a longer one would be a false fact.
    private func bytes(_ path: String) -> [UInt8]? {
        guard let file = locate(path).map({ FilePath($0) }),
            isRunningHost || FileStatus(of: file)?.isRegularFile == true
        else { return nil }
        do { return try FileBytes.read(file, limit: 4 << 20) } catch { return nil }
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
