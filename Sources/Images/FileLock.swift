import Glibc
import Synchronization
import SystemPackage

/// An advisory lock (flock) on a file of its own, held by this process until `release` or its death.
///
/// Synchronization: the descriptor is guarded by a mutex, so that `release` and `deinit` close it once.
final class FileLock: Sendable {
    enum Kind: Sendable {
        case shared, exclusive
    }

    private let path: FilePath
    private let descriptor: Mutex<FileDescriptor?>

    private init(path: FilePath, descriptor: FileDescriptor) {
        self.path = path
        self.descriptor = Mutex(descriptor)
    }

    deinit { release() }

    /// Takes the lock if nobody holds it against us; nil otherwise.
    static func tryAcquire(_ path: FilePath, _ kind: Kind) throws(ImageError) -> FileLock? {
        while true {
            let descriptor = try FileSystem.open(
                path, .readWrite, options: [.create, .noFollow], permissions: FilePermissions(rawValue: 0o600))
            guard flock(descriptor.rawValue, (kind == .shared ? LOCK_SH : LOCK_EX) | LOCK_NB) == 0 else {
                try? descriptor.close()
                return nil
            }
            // The file may have been removed between open and flock: such a lock locks nothing.
            if let ours = try? Stat(descriptor), let named = try? Stat(path), ours.inode == named.inode {
                return FileLock(path: path, descriptor: descriptor)
            }
            try? descriptor.close()
        }
    }

    /// Waits for the lock; `waiting` is called once if it has to.
    ///
    /// flock offers no wait that a task's cancellation ends, so this looks again after 10 to 200 ms.
    static func acquire(
        _ path: FilePath, _ kind: Kind, image: String, waiting: () -> Void = {}
    ) async throws(ImageError) -> FileLock {
        var pause = 10
        while true {
            if let lock = try tryAcquire(path, kind) { return lock }
            if pause == 10 { waiting() }
            do {
                try await Task.sleep(for: .milliseconds(pause))
            } catch {
                throw .cancelled(image: image)
            }
            pause = min(200, pause * 2)
        }
    }

    /// Waits for a lock that is only ever held for moments, on a thread that may block.
    static func acquireBlocking(_ path: FilePath, _ kind: Kind) throws(ImageError) -> FileLock {
        while true {
            if let lock = try tryAcquire(path, kind) { return lock }
            usleep(5_000)
        }
    }

    /// Gives the lock back; `removingFile` also removes its file, while nobody else can hold it.
    func release(removingFile: Bool = false) {
        descriptor.withLock { descriptor in
            guard let open = descriptor else { return }
            if removingFile { _ = try? FileSystem.unlink(path) }
            // Closing alone would leave it to a child that was forked a moment ago and has not yet called exec.
            flock(open.rawValue, LOCK_UN)
            try? open.close()
            descriptor = nil
        }
    }
}
