import FoundationEssentials
import Glibc
import SystemPackage

/// A folder for the unfinished files of one pull, in the store's own filesystem: `tmp/<pid>-<random>`.
///
/// Beside it lies `<pid>-<random>.lock`, locked as long as its owner lives. The lock is taken before the folder is
/// made and given back after it is removed; so a folder whose lock is free belongs to a process that was killed.
final class ScratchFolder: Sendable {
    let path: FilePath
    private let lock: FileLock

    /// Makes a folder of mode 0700 in `parent`.
    init(in parent: FilePath) throws(ImageError) {
        while true {
            let name = "\(getpid())-\(String(UInt64.random(in: .min ... .max), radix: 36))"
            guard let lock = try FileLock.tryAcquire(parent.appending("\(name).lock"), .exclusive) else { continue }
            self.lock = lock
            path = parent.appending(name)
            break
        }
        try FileSystem.createFolder(path, permissions: 0o700)
    }

    deinit { remove() }

    /// Removes the folder with all it holds.
    func remove() {
        FileSystem.removeTree(path)
        lock.release(removingFile: true)
    }

    /// Removes what killed processes left in `parent`; returns the bytes freed.
    static func sweep(_ parent: FilePath) throws(ImageError) -> Int64 {
        let names = try FileSystem.names(in: parent)
        var freed: Int64 = 0
        for name in names where name.hasSuffix(".lock") {
            guard let lock = try FileLock.tryAcquire(parent.appending(name), .exclusive) else { continue }
            let folder = parent.appending(String(name.dropLast(5)))
            freed += allocatedBytes(folder)
            FileSystem.removeTree(folder)
            lock.release(removingFile: (try? Stat(folder)) == nil)
        }
        // A folder without a lock cannot be anybody's.
        for name in names where !name.hasSuffix(".lock") && !names.contains(name + ".lock") {
            freed += allocatedBytes(parent.appending(name))
            FileSystem.removeTree(parent.appending(name))
        }
        return freed
    }

    /// Bytes on the disk of all files under a folder; what vanishes meanwhile counts nothing.
    static func allocatedBytes(_ folder: FilePath) -> Int64 {
        guard let paths = try? FileManager.default.subpathsOfDirectory(atPath: folder.string) else { return 0 }
        return paths.reduce(0) { sum, path in
            let status = try? Stat(folder.appending(path), followTargetSymlink: false)
            return sum + (status?.type == .regular ? status?.sizeAllocated ?? 0 : 0)
        }
    }
}
