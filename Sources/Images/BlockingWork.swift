import Dispatch
import Synchronization

/// Runs work that blocks for long (unpacking, hashing, copying) on threads of its own, never on Swift's pool.
enum BlockingWork {
    private static let queue = DispatchQueue(label: "virt-node.images", attributes: .concurrent)

    /// Runs `body` and returns when it has; a cancelled task is seen by `body` through its argument.
    static func run<Value: Sendable>(
        _ body: @escaping @Sendable (Cancellation) throws(ImageError) -> Value
    ) async throws(ImageError) -> Value {
        let cancellation = Cancellation()
        let result: Result<Value, ImageError> = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                queue.async {
                    do throws(ImageError) {
                        continuation.resume(returning: .success(try body(cancellation)))
                    } catch {
                        continuation.resume(returning: .failure(error))
                    }
                }
            }
        } onCancel: {
            cancellation.cancel()
        }
        return try result.get()
    }
}

/// Tells a blocking thread that its result is no longer wanted.
final class Cancellation: Sendable {
    private let flag = Atomic(false)

    func cancel() { flag.store(true, ordering: .relaxed) }

    func check(image: String) throws(ImageError) {
        if flag.load(ordering: .relaxed) { throw .cancelled(image: image) }
    }
}
