internal import CSandbox
internal import Glibc
internal import Synchronization

/// Hears of each system call that a filter does not allow, says so, and lets it fail or pass.
///
/// Synchronization: one thread of its own serves the descriptor; it makes no call that the filter asks about.
package final class SystemCallMonitor: Sendable {
    /// A refused call.
    package struct Refusal: Sendable, Hashable {
        package let call: String
        /// The name of the process, as `ps -o comm` shows it.
        package let process: String
    }

    private let descriptor: CInt
    private let allows: Bool
    private let report: @Sendable (Refusal, _ pid: UInt32) -> Void
    private let counts = Mutex<[Refusal: Int]>([:])

    /// `report` is called for the first call of each kind.
    package init(
        _ descriptor: CInt, allows: Bool, report: @escaping @Sendable (Refusal, _ pid: UInt32) -> Void
    ) {
        self.descriptor = descriptor
        self.allows = allows
        self.report = report
    }

    /// How often each call was refused.
    package var refusals: [Refusal: Int] { counts.withLock { $0 } }

    package func start() {
        // SAFETY: the thread gives the retained reference back.
        var thread = pthread_t()
        let reference = unsafe Unmanaged.passRetained(self).toOpaque()
        unsafe pthread_create(
            &thread, nil,
            { reference in
                unsafe reference.map { unsafe Unmanaged<SystemCallMonitor>.fromOpaque($0).takeRetainedValue() }?.serve()
                return nil
            }, reference)
        pthread_detach(thread)
    }

    private func serve() {
        // SAFETY: libseccomp makes both buffers in the kernel's sizes, and they are freed here.
        var request: UnsafeMutablePointer<seccomp_notif>?
        var response: UnsafeMutablePointer<seccomp_notif_resp>?
        guard unsafe seccomp_notify_alloc(&request, &response) == 0, let request = unsafe request,
            let response = unsafe response
        else { return }
        defer { unsafe seccomp_notify_free(request, response) }
        while true {
            unsafe request.pointee = seccomp_notif()
            let result = unsafe seccomp_notify_receive(descriptor, request)
            // The caller was killed meanwhile, or a signal came; without any process under the filter it is over.
            guard result == 0 else {
                if errno == ENOENT || errno == EINTR || result == -ECANCELED { continue }
                return
            }
            let (id, pid, number) = unsafe (request.pointee.id, request.pointee.pid, request.pointee.data.nr)
            let refusal = Refusal(call: SystemCalls.name(number) ?? "\(number)", process: Self.process(pid))
            let isFirst = counts.withLock { counts in
                counts[refusal, default: 0] += 1
                return counts[refusal] == 1
            }
            unsafe response.pointee.id = id
            unsafe response.pointee.val = 0
            unsafe response.pointee.error = allows ? 0 : -EPERM
            unsafe response.pointee.flags = allows ? vn_continue : 0
            _ = unsafe seccomp_notify_respond(descriptor, response)
            if isFirst { report(refusal, pid) }
        }
    }

    private static func process(_ pid: UInt32) -> String {
        // SAFETY: the read stays within the buffer, of which the kernel fills at most 16 bytes.
        let descriptor = unsafe open("/proc/\(pid)/comm", O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return "a process that is gone" }
        defer { close(descriptor) }
        var buffer = [UInt8](repeating: 0, count: 32)
        let count = unsafe read(descriptor, &buffer, buffer.count)
        return String(decoding: buffer.prefix(max(0, count)).prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self)
    }
}
