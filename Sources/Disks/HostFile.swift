import DomainModel
import Glibc
import Sandbox
import SystemPackage

/// Questions about, and changes of, files that QEMU opens. Files are changed through descriptors that follow no link.
enum HostFile {
    enum Kind { case file, blockDevice, other }

    static func status(_ path: FilePath) -> stat? {
        var status = stat()
        return lstat(path.string, &status) == 0 ? status : nil
    }

    /// Whether there is a file. One that is a symbolic link, or lies behind one, or out of `folder`, is refused.
    ///
    /// QEMU opens it later by its path, as a user of its own: a link that is put there meanwhile leads it to nothing that this
    /// user could not read anyway.
    static func exists(_ path: FilePath, in folder: FilePath, volume: String) throws(DiskError) -> Bool {
        var name = path
        guard name.removePrefix(folder) else {
            throw .confined(volume: volume, .escapes(path: path.string, folder: folder.string))
        }
        do throws(SandboxError) {
            let file = try ConfinedFolder(folder).open(name.string, .readOnly, options: .pathOnly)
            close(file.rawValue)
            return true
        } catch .open(_, .noSuchFileOrDirectory) {
            return false
        } catch {
            throw .confined(volume: volume, error)
        }
    }

    static func kind(_ path: FilePath) -> Kind {
        switch (status(path)?.st_mode ?? 0) & S_IFMT {
        case S_IFREG: .file
        case S_IFBLK: .blockDevice
        default: .other
        }
    }

    /// Bytes; of a block device, its capacity.
    static func size(_ path: FilePath) -> Int64 {
        guard kind(path) == .blockDevice else { return Int64(status(path)?.st_size ?? 0) }
        guard let descriptor = try? FileDescriptor.open(path, .readOnly, options: [.closeOnExec]) else { return 0 }
        defer { try? descriptor.close() }
        return (try? descriptor.seek(offset: 0, from: .end)) ?? 0
    }

    /// The sizes in which a block device is read and written, or the filesystem of a file; nil where they cannot be
    /// told, and where QEMU would refuse them: it takes powers of two from 512 bytes to 2 MiB.
    static func blockSizes(_ path: FilePath) -> BlockIO? {
        guard let (logical, physical) = kind(path) == .blockDevice ? deviceBlocks(path) : filesystemBlocks(path),
            isBlockSize(logical), isBlockSize(physical)
        else { return nil }
        return BlockIO(logicalBlockSize: logical, physicalBlockSize: physical)
    }

    private static func isBlockSize(_ size: Int64) -> Bool {
        (512...2 << 20).contains(size) && size.nonzeroBitCount == 1
    }

    /// linux/fs.h's BLKSSZGET and BLKPBSZGET, macros which Glibc's module does not show.
    private static let (logicalSize, physicalSize): (UInt, UInt) = (0x1268, 0x127B)

    private static func deviceBlocks(_ path: FilePath) -> (Int64, Int64)? {
        let descriptor = open(path.string, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var (logical, physical): (Int32, UInt32) = (0, 0)
        guard ioctl(descriptor, logicalSize, &logical) == 0, ioctl(descriptor, physicalSize, &physical) == 0 else {
            return nil
        }
        return (Int64(logical), Int64(physical))
    }

    private static func filesystemBlocks(_ path: FilePath) -> (Int64, Int64)? {
        var space = statvfs()
        guard statvfs(path.string, &space) == 0 else { return nil }
        let size = Int64(clamping: UInt64(space.f_bsize))
        return (size, size)
    }

    static func isFullyAllocated(_ path: FilePath) -> Bool {
        guard let status = status(path) else { return false }
        return Int64(status.st_blocks) * 512 >= Int64(status.st_size)
    }

    /// fcntl.h's O_DIRECT, which Glibc's module does not show.
    #if arch(arm64)
        private static let directIO: Int32 = 0o200000
    #else
        private static let directIO: Int32 = 0o40000
    #endif

    static func supportsDirectIO(_ path: FilePath) -> Bool {
        let descriptor = open(path.string, O_RDONLY | directIO | O_CLOEXEC)
        guard descriptor >= 0 else { return false }
        close(descriptor)
        return true
    }

    /// Makes a file QEMU's own.
    static func give(
        _ path: FilePath, to owner: SecurityLabel?, permissions: mode_t, volume: String
    ) throws(DiskError) {
        let descriptor = try opened(path, O_RDONLY | O_NOFOLLOW, volume)
        defer { close(descriptor) }
        if let owner, fchown(descriptor, owner.uid, owner.gid) != 0 {
            throw .file(volume: volume, path: path.string, action: "change the owner of", Errno(rawValue: errno))
        }
        guard fchmod(descriptor, permissions) == 0 else {
            throw .file(volume: volume, path: path.string, action: "change the mode of", Errno(rawValue: errno))
        }
    }

    /// Continues a file with zeros to whole blocks of 4 KiB: QEMU refuses a disk that a filesystem of such blocks cannot hold
    /// exactly.
    static func fillUp(_ path: FilePath, volume: String) throws(DiskError) {
        let descriptor = try opened(path, O_WRONLY | O_NOFOLLOW, volume)
        defer { close(descriptor) }
        let size = (lseek(descriptor, 0, SEEK_END) + 4095) / 4096 * 4096
        guard ftruncate(descriptor, size) == 0 else {
            throw .file(volume: volume, path: path.string, action: "set the size of", Errno(rawValue: errno))
        }
    }

    static func createSparse(_ path: FilePath, size: Int64, owner: SecurityLabel?, volume: String) throws(DiskError) {
        var space = statvfs()
        if statvfs(path.removingLastComponent().string, &space) == 0 {
            let free = Int64(clamping: UInt64(space.f_bavail) &* UInt64(space.f_frsize))
            guard free >= size else { throw .noSpace(volume: volume, path: path.string, needed: size, free: free) }
        }
        let file: FileDescriptor
        do throws(SandboxError) {
            file = try ConfinedFolder(path.removingLastComponent()).open(
                path.lastComponent?.string ?? "", .readWrite, options: [.create, .exclusiveCreate],
                permissions: .ownerReadWrite)
        } catch {
            throw .confined(volume: volume, error)
        }
        let descriptor = file.rawValue
        defer { close(descriptor) }
        guard ftruncate(descriptor, off_t(size)) == 0 else {
            let problem = Errno(rawValue: errno)
            unlink(path.string)
            throw .file(volume: volume, path: path.string, action: "set the size of", problem)
        }
        if let owner { fchown(descriptor, owner.uid, owner.gid) }
    }

    private static func opened(_ path: FilePath, _ flags: Int32, _ volume: String) throws(DiskError) -> Int32 {
        let descriptor = open(path.string, flags | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw .file(volume: volume, path: path.string, action: "open", Errno(rawValue: errno))
        }
        return descriptor
    }

    /// Refuses a file that QEMU's user could not open, before libvirt does so in the middle of a start.
    static func requireAccess(
        _ path: FilePath, owner: SecurityLabel?, writing: Bool, volume: String
    ) throws(DiskError) {
        guard let owner, owner.uid != 0 else { return }
        var parent = FilePath("/")
        for component in path.removingLastComponent().components {
            parent.append(component)
            guard let status = followed(parent), !allows(status, owner, 0o1) else { continue }
            throw .notAccessible(
                volume: volume, path: path.string, obstacle: "it may not enter \(parent)", user: owner.uid,
                remedy: "chmod o+x \(parent), or move the file")
        }
        guard let status = status(path), !allows(status, owner, writing ? 0o6 : 0o4) else { return }
        throw .notAccessible(
            volume: volume, path: path.string, obstacle: "the file belongs to user \(status.st_uid)", user: owner.uid,
            remedy: "chown \(owner.uid) \(path)")
    }

    private static func followed(_ path: FilePath) -> stat? {
        var status = stat()
        return stat(path.string, &status) == 0 ? status : nil
    }

    private static func allows(_ status: stat, _ owner: SecurityLabel, _ bits: mode_t) -> Bool {
        let shift: mode_t = status.st_uid == owner.uid ? 6 : status.st_gid == owner.gid ? 3 : 0
        return (status.st_mode >> shift) & bits == bits
    }
}
