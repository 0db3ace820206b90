internal import CLibvirt
internal import Dispatch
internal import FoundationEssentials
internal import Glibc
internal import Synchronization

// SAFETY: written once, before the handler that reads it is installed.
nonisolated(unsafe) private var wakeUp: Int32 = -1

/// Reaps the QEMUs that the embedded driver starts.
///
/// QEMU becomes a daemon, so its parent is the nearest reaper: PID 1, unless a process claims the role. libvirt takes a
/// QEMU for ended once its pid is gone, and a PID 1 that reaps late, or never (a container's), delays each probe and each
/// stop by seconds. So the process claims the role, and reaps what was handed to it, and only that: libvirt and others
/// wait for children of their own.
///
/// Synchronization: SIGCHLD's handler writes one byte into a pipe; one thread reads it and reaps.
package enum OrphanReaper {
    private static let started = Mutex(false)

    package static func start() {
        let isFirst = started.withLock { started in
            defer { started = true }
            return !started
        }
        guard isFirst else { return }
        var ends: [Int32] = [0, 0]
        // SAFETY: `ends` holds the two descriptors that pipe2 writes.
        guard unsafe virt_node_pipe(&ends) == 0, virt_node_become_subreaper() == 0 else { return }
        unsafe wakeUp = ends[1]
        installHandler()
        let input = ends[0]
        DispatchQueue(label: "orphans").async { reapForever(input) }
    }

    private static func installHandler() {
        var action = sigaction()
        // SAFETY: the handler calls write(2) only, which is async-signal-safe.
        unsafe action.__sigaction_handler.sa_handler = { _ in
            var byte: UInt8 = 0
            unsafe _ = write(wakeUp, &byte, 1)
        }
        action.sa_flags = SA_RESTART | SA_NOCLDSTOP
        unsafe _ = sigaction(SIGCHLD, &action, nil)
    }

    private static func reapForever(_ input: Int32) {
        var buffer = [UInt8](repeating: 0, count: 256)
        var ready = pollfd(fd: input, events: Int16(POLLIN), revents: 0)
        while true {
            // SAFETY: `ready` and `buffer` live across the calls, whose sizes are theirs.
            unsafe _ = poll(&ready, 1, -1)
            unsafe _ = read(input, &buffer, buffer.count)
            for pid in children() where isOrphan(pid) { _ = waitpid(pid, nil, WNOHANG) }
        }
    }

    private static func children() -> [pid_t] {
        let tasks = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/task")) ?? []
        return tasks.flatMap { task in
            let text = text("/proc/self/task/\(task)/children") ?? ""
            return text.split(separator: " ").compactMap { pid_t($0) }
        }
    }

    /// The daemons that libvirt starts for a domain. A fork of ours on its way to one, which libvirt waits for itself,
    /// bears the name of the thread that forked it.
    private static let daemons = ["qemu-", "swtpm"]

    /// Whether the zombie was handed to us: it is such a daemon, and it left our session.
    private static func isOrphan(_ pid: pid_t) -> Bool {
        guard let stat = text("/proc/\(pid)/stat"),
            let open = stat.firstIndex(of: "("), let close = stat.lastIndex(of: ")")
        else { return false }
        let command = stat[stat.index(after: open)..<close]
        let fields = stat[stat.index(after: close)...].split(separator: " ")
        guard fields.count > 3, fields[0] == "Z", let session = pid_t(fields[3]) else { return false }
        return session != getsid(0) && daemons.contains { command.hasPrefix($0) }
    }

    /// A file of `/proc`, by read(2): Foundation keeps a page for ever with each one that is empty, as the children of
    /// most threads are.
    private static func text(_ path: String) -> String? {
        // SAFETY: the path is a string of ours, which ends in a zero byte for the call.
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 4096)
        while true {
            // SAFETY: `chunk` lives across the call, and its size is given.
            let count = unsafe read(descriptor, &chunk, chunk.count)
            guard count > 0 else { return count == 0 ? String(decoding: bytes, as: UTF8.self) : nil }
            bytes += chunk[..<count]
        }
    }
}
