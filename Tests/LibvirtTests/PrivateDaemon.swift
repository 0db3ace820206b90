import FoundationEssentials
import Glibc

/// A libvirtd of a test's own, whose folders nobody else sees: it can be killed without anybody's noticing.
final class PrivateDaemon: Sendable {
    private let pid: pid_t

    /// Whether this machine lets a test start one.
    static var isPossible: Bool {
        getuid() == 0 && access("/usr/sbin/libvirtd", X_OK) == 0 && access("/usr/bin/unshare", X_OK) == 0
            && access("/usr/bin/qemu-system-x86_64", X_OK) == 0
    }

    /// Nil where it cannot be started, as in a container without the right to mount.
    init?() {
        let script = """
            mount --make-rprivate / && mkdir -p /run/libvirt \
            && for folder in /run/libvirt /etc/libvirt /var/lib/libvirt /var/cache/libvirt; do
            mount -t tmpfs none $folder || exit 1; done
            touch /run/libvirt/private; /usr/sbin/virtlogd -d -p /run/libvirt/log.pid; exec /usr/sbin/libvirtd >/dev/null 2>&1
            """
        let arguments = ["/usr/bin/unshare", "-m", "sh", "-c", script]
        let texts: [UnsafeMutablePointer<CChar>?] = arguments.map { strdup($0) }
        defer { for text in texts { free(text) } }
        var pid: pid_t = 0
        guard posix_spawn(&pid, "/usr/bin/unshare", nil, nil, texts + [nil], environ) == 0 else { return nil }
        self.pid = pid
    }

    deinit { kill() }

    /// Its socket, seen through its own root.
    var uri: String { "qemu+unix:///system?socket=/proc/\(pid)/root/run/libvirt/libvirt-sock" }

    var isRunning: Bool { Glibc.kill(pid, 0) == 0 && waitpid(pid, nil, WNOHANG) == 0 }

    /// Whether its folders are its own: before, the socket in its place is the host's.
    var isPrivate: Bool { access("/proc/\(pid)/root/run/libvirt/private", F_OK) == 0 }

    func kill() {
        guard isRunning else { return }
        // The daemon of QEMU's output is no child of it.
        let file = try? String(contentsOfFile: "/proc/\(pid)/root/run/libvirt/log.pid", encoding: .utf8)
        if let log = file.flatMap({ pid_t($0.prefix { $0.isNumber }) }) { _ = Glibc.kill(log, SIGKILL) }
        _ = Glibc.kill(pid, SIGKILL)
        waitpid(pid, nil, 0)
    }
}
