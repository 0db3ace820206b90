internal import Glibc
package import SystemPackage

/// An advisory lock (`flock`) on a file, held until the end of this value's life or of the process.
package final class LockFile: Sendable {
    private let descriptor: FileDescriptor

    private init(_ descriptor: FileDescriptor) { self.descriptor = descriptor }

    deinit { try? descriptor.close() }

    /// Waits for the lock.
    package static func acquire(_ path: FilePath) throws(AgentError) -> LockFile {
        guard let lock = try open(path, LOCK_EX) else { throw .file(path: path.string, action: "lock", .wouldBlock) }
        return lock
    }

    /// Takes the lock if nobody has it; nil where somebody does.
    package static func tryAcquire(_ path: FilePath) throws(AgentError) -> LockFile? {
        try open(path, LOCK_EX | LOCK_NB)
    }

    private static func open(_ path: FilePath, _ operation: Int32) throws(AgentError) -> LockFile? {
        let descriptor: FileDescriptor
        do {
            descriptor = try FileDescriptor.open(
                path, .readWrite, options: [.create, .closeOnExec, .noFollow], permissions: .ownerReadWrite)
        } catch {
            throw .file(path: path.string, action: "open", error as? Errno ?? .ioError)
        }
        while flock(descriptor.rawValue, operation) != 0 {
            let problem = Errno(rawValue: errno)
            if problem == .interrupted { continue }
            try? descriptor.close()
            if problem == .wouldBlock { return nil }
            throw .file(path: path.string, action: "lock", problem)
        }
        return LockFile(descriptor)
    }
}
