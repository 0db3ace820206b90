internal import Dispatch
internal import Glibc
internal import SystemPackage

/// Tells of changes in a folder, by inotify.
///
/// Owns the inotify descriptor, closed when the stream's reader is done.
///
/// Synchronization: one dispatch source reads, on a queue of its own.
enum FolderWatch {
    /// A value for each burst of changes. One comes at once, for what is there already.
    static func changes(of folder: FilePath) throws(AgentError) -> AsyncStream<Void> {
        let descriptor = inotify_init1(Int32(IN_CLOEXEC) | Int32(IN_NONBLOCK))
        guard descriptor >= 0 else {
            throw .file(path: folder.string, action: "watch", Errno(rawValue: errno))
        }
        let kinds = UInt32(IN_CLOSE_WRITE | IN_MOVED_TO | IN_MOVED_FROM | IN_DELETE | IN_ONLYDIR)
        guard inotify_add_watch(descriptor, folder.string, kinds) >= 0 else {
            let problem = Errno(rawValue: errno)
            close(descriptor)
            throw .file(path: folder.string, action: "watch", problem)
        }
        // Two changes that nobody looked at yet are as good as one.
        let (stream, continuation) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        let queue = DispatchQueue(label: "manifests")
        let source = DispatchSource.makeReadSource(fileDescriptor: descriptor, queue: queue)
        source.setEventHandler {
            var buffer = [UInt8](repeating: 0, count: 16 * 1024)
            while read(descriptor, &buffer, buffer.count) > 0 {}
            continuation.yield()
        }
        source.setCancelHandler { close(descriptor) }
        source.activate()
        let handle = WatchHandle(source)
        continuation.onTermination = { _ in handle.cancel() }
        continuation.yield()
        return stream
    }
}

/// A dispatch source that may be cancelled from any thread.
private final class WatchHandle: Sendable {
    // SAFETY: a dispatch source is thread-safe; it is cancelled once or more, which is the same.
    nonisolated(unsafe) private let source: any DispatchSourceRead

    init(_ source: any DispatchSourceRead) { self.source = source }
    func cancel() { source.cancel() }
}
