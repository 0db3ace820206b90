internal import FoundationEssentials
internal import Glibc
internal import SystemPackage

/// Where a process lives: its cgroups, its namespaces and its root folder.
///
/// What cannot be read is nil, and proves nothing.
struct ProcessSurroundings: Sendable, Equatable {
    /// Paths by hierarchy, of those by which processes are killed together: version 2, and of version 1 the ones that runtimes
    /// keep processes in.
    var cgroups: [String: String] = [:]
    var cgroupNamespace: String?
    var processNamespace: String?
    var mountNamespace: String?
    /// Device and inode of the root folder.
    var root: [UInt64]?

    private static let hierarchies: Set = ["", "name=systemd", "pids"]

    init() {}

    init(probing pid: pid_t) {
        self.init(cgroupFile: ProcessScan.text("/proc/\(pid)/cgroup"))
        cgroupNamespace = Self.namespace("cgroup", of: pid)
        processNamespace = Self.namespace("pid", of: pid)
        mountNamespace = Self.namespace("mnt", of: pid)
        root = (try? Stat(FilePath("/proc/\(pid)/root/."))).map {
            [UInt64($0.deviceID.rawValue), UInt64($0.inode.rawValue)]
        }
    }

    /// Source: `cgroups(7)`, `/proc/PID/cgroup`: `hierarchy:controllers:path` in each line.
    init(cgroupFile: String) {
        for line in cgroupFile.split(separator: "\n") {
            let parts = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
            guard parts.count == 3, Self.hierarchies.contains(String(parts[1])) else { continue }
            cgroups[String(parts[1])] = String(parts[2])
        }
    }

    private static func namespace(_ name: String, of pid: pid_t) -> String? {
        try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/\(pid)/ns/\(name)")
    }
}

/// What ties a QEMU to the container of its daemon: with the pod it would end, or lose its files.
package enum ProcessTie: Sendable, Equatable {
    case cgroup(path: String)
    case processNamespace
    case mountNamespace
    /// Its process cannot be seen, so nothing is known.
    case invisible

    /// The ties of a QEMU.
    static func ties(of qemu: pid_t) -> [ProcessTie] {
        ties(
            of: ProcessSurroundings(probing: qemu), daemon: ProcessSurroundings(probing: getpid()),
            first: ProcessSurroundings(probing: 1), isFirst: getpid() == 1)
    }

    /// The ties that a QEMU of the embedded libvirt would have: libvirt puts it below the root that this process sees. In a
    /// private cgroup namespace it fails to, in words that help nobody.
    static func tiesOfChildren() -> [ProcessTie] {
        let daemon = ProcessSurroundings(probing: getpid())
        var child = daemon
        child.cgroups = daemon.cgroups.mapValues { _ in "/machine" }
        return ties(
            of: child, daemon: daemon, first: ProcessSurroundings(probing: 1), isFirst: getpid() == 1)
    }

    /// `first` is process 1 as the daemon sees it: with `hostPID` the host's, without it the pod's own.
    static func ties(
        of qemu: ProcessSurroundings, daemon: ProcessSurroundings, first: ProcessSurroundings, isFirst: Bool
    ) -> [ProcessTie] {
        var ties: [ProcessTie] = []
        let inPod = qemu.cgroups.sorted { $0.key < $1.key }.first { hierarchy, path in
            guard let own = daemon.cgroups[hierarchy] else { return false }
            // The root of the whole host is nobody's, and cannot be killed.
            if own == "/", daemon.cgroupNamespace == Self.hostCgroups { return path.contains("/kubepods") }
            return path.contains("/kubepods") || holds(own, path)
        }
        if let inPod { ties.append(.cgroup(path: inPod.value)) }
        if let namespace = qemu.processNamespace, namespace == daemon.processNamespace,
            namespace != Self.hostProcesses, isFirst || first.cgroups == daemon.cgroups
        {
            ties.append(.processNamespace)
        }
        // In the same mount namespace another root is a mere chroot.
        if let root = qemu.root, let hosts = first.root, root != hosts, qemu.mountNamespace != first.mountNamespace {
            ties.append(.mountNamespace)
        }
        return ties
    }

    /// Whether the cgroup at `path` is `group` or below it. Outside of its cgroup namespace a process sees `/../…`.
    private static func holds(_ group: String, _ path: String) -> Bool {
        if group == "/" { return !path.hasPrefix("/..") }
        return path == group || path.hasPrefix(group + "/")
    }

    /// The first namespaces of a kernel have fixed numbers: `include/linux/proc_ns.h`.
    private static let hostCgroups = "cgroup:[4026531835]"
    private static let hostProcesses = "pid:[4026531836]"
}

extension ProcessTie: CustomStringConvertible {
    package var description: String {
        switch self {
        case .cgroup(let path):
            "it is in the cgroup \(path), which is virt-node's own: give the pod the host's cgroup namespace and /sys/fs/cgroup"
        case .processNamespace: "it is in the pod's PID namespace: set hostPID: true"
        case .mountNamespace:
            "its files are the pod's and not the host's: use the host's libvirt (libvirtURI: qemu:///system)"
        case .invisible: "its process cannot be seen from here: set hostPID: true"
        }
    }
}
