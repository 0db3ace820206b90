internal import FoundationEssentials
internal import Glibc
internal import HostModel
internal import Sandbox
internal import Synchronization
internal import SystemPackage

/// Small things done to files and folders, with errors that name the path.
enum Files {
    /// Makes a folder and its parents. Parents can be passed through by all, so that QEMU's user reaches its files.
    static func makeFolder(_ path: FilePath, mode: mode_t = 0o711) throws(AgentError) {
        var partial = FilePath("/")
        let components = Array(path.components)
        for (index, component) in components.enumerated() {
            partial.append(component)
            let isLast = index == components.count - 1
            guard mkdir(partial.string, isLast ? mode : 0o711) != 0 else {
                // The umask must not decide whether QEMU gets through.
                chmod(partial.string, isLast ? mode : 0o711)
                continue
            }
            let problem = Errno(rawValue: errno)
            guard problem == .fileExists else { throw .file(path: partial.string, action: "make", problem) }
        }
    }

    static func give(_ path: FilePath, uid: UInt32, gid: UInt32) throws(AgentError) {
        do throws(SandboxError) {
            let folder = ConfinedFolder(path.removingLastComponent())
            let file = try folder.open(path.lastComponent?.string ?? "", .readOnly, options: .nonBlocking)
            defer { try? file.close() }
            guard fchown(file.rawValue, uid, gid) == 0 else { throw .open(path: path.string, Errno(rawValue: errno)) }
        } catch {
            throw .confined(path: path.string, action: "change the owner of", error)
        }
    }

    /// Removes a file or a folder with all it holds; links are removed, not followed. What is absent is fine.
    static func remove(_ path: FilePath) throws(AgentError) {
        do { try FileManager.default.removeItem(atPath: path.string) } catch {
            // What is absent, whoever removed it, is removed.
            let status = Result { () throws(Errno) in try Stat(path, followTargetSymlink: false) }
            if case .failure(.noSuchFileOrDirectory) = status { return }
            throw .file(path: path.string, action: "remove", Errno(rawValue: errno == 0 ? EIO : errno))
        }
    }

    static func names(in folder: FilePath) -> [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: folder.string)) ?? []).sorted()
    }

    /// A file's bytes; nil for one that is absent or cannot be read.
    static func read(_ path: FilePath) -> Data? {
        do { return try FileBytes.read(path).map { Data($0) } } catch { return nil }
    }

    /// Writes a file so that it is whole or absent, whatever happens; with `exclusive`, only where there is none.
    static func writeAtomically(_ data: Data, to path: FilePath, exclusive: Bool = false) throws(AgentError) {
        let turn = writes.withLock { count in
            count += 1
            return count
        }
        let temporary = path.removingLastComponent().appending(
            ".\(path.lastComponent?.string ?? "")-\(turn)-\(getpid())")
        let descriptor = open(temporary.string, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw .file(path: path.string, action: "write", Errno(rawValue: errno)) }
        let written = data.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
        let failed = written != data.count || fsync(descriptor) != 0
        let problem = Errno(rawValue: errno)
        close(descriptor)
        defer { unlink(temporary.string) }
        guard !failed else { throw .file(path: path.string, action: "write", problem) }
        let moved = exclusive ? link(temporary.string, path.string) : rename(temporary.string, path.string)
        guard moved == 0 else { throw .file(path: path.string, action: "write", Errno(rawValue: errno)) }
        syncFolder(path.removingLastComponent())
    }

    /// Two writers of one file must not share a temporary one.
    private static let writes = Mutex(0)

    /// Removes what writers that were killed left: their temporary files carry their pids.
    static func removeUnfinished(in folder: FilePath) {
        for name in names(in: folder) where name.hasPrefix(".") {
            guard let dash = name.lastIndex(of: "-"), let pid = pid_t(name[name.index(after: dash)...]),
                pid == getpid() || ProcessScan.startTime(pid) == nil
            else { continue }
            unlink(folder.appending(name).string)
        }
    }

    private static func syncFolder(_ path: FilePath) {
        let descriptor = open(path.string, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { return }
        fsync(descriptor)
        close(descriptor)
    }
}
