internal import FoundationEssentials
internal import Glibc
internal import SystemPackage

/// A helper process of a session: QEMU, or the TPM emulator beside it.
struct SessionProcess: Sendable {
    var pid: pid_t
    var command: String
    /// Clock ticks since boot: with the pid, what tells this process from a later one.
    var startTime: String
    private var cgroups: [String]

    init?(pid: pid_t, folder: String) {
        let arguments = ProcessScan.text("/proc/\(pid)/cmdline").split(separator: "\0")
        guard let program = arguments.first.map({ FilePath(String($0)).lastComponent?.string ?? "" }),
            program.hasPrefix("qemu-") || program.hasPrefix("swtpm"),
            arguments.dropFirst().contains(where: { $0.contains(folder) }),
            let startTime = ProcessScan.startTime(pid)
        else { return nil }
        self.pid = pid
        command = program
        self.startTime = startTime
        cgroups = ProcessScan.text("/proc/\(pid)/cgroup").split(separator: "\n").compactMap { line in
            let parts = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
            guard parts.count == 3, parts[2].contains("qemu-embed-") else { return nil }
            return ProcessScan.cgroupFolder(controllers: String(parts[1])) + parts[2]
        }
    }

    private var isAlive: Bool { ProcessScan.startTime(pid) == startTime }

    /// Ends the process, by force if it must be; true once it is gone.
    func end() async -> Bool {
        for signal in [SIGTERM, SIGKILL] {
            guard isAlive else { return true }
            kill(pid, signal)
            for _ in 0..<50 {
                guard isAlive else { return true }
                try? await Task.sleep(for: .milliseconds(20))
            }
        }
        return !isAlive
    }

    /// Removes the machine's cgroups, which libvirt would have; rmdir takes only empty ones.
    func removeCgroups() {
        for cgroup in cgroups {
            var path = FilePath(cgroup)
            while let name = path.lastComponent?.string, name != "machine", name != "machine.slice",
                path.components.count > 3
            {
                for child in Files.names(in: path) { rmdir(path.appending(child).string) }
                rmdir(path.string)
                path.removeLastComponent()
            }
        }
    }
}

/// Looks through `/proc`.
enum ProcessScan {
    /// The helpers whose command line names a path in `folder`, which ends in a slash.
    static func processes(of folder: String) -> [SessionProcess] {
        Files.names(in: "/proc").compactMap { pid_t($0) }.compactMap { SessionProcess(pid: $0, folder: folder) }
    }

    /// The QEMU of a domain: libvirt starts it with `-name guest=DOMAIN,…` and `-uuid UUID`.
    static func qemu(guest: String, uuid: String) -> ProcessIdentity? {
        for pid in Files.names(in: "/proc").compactMap({ pid_t($0) }) {
            let arguments = text("/proc/\(pid)/cmdline").split(separator: "\0")
            guard let name = arguments.firstIndex(of: "-name"), name + 1 < arguments.endIndex,
                arguments[name + 1].hasPrefix("guest=\(guest),"),
                let id = arguments.firstIndex(of: "-uuid"), id + 1 < arguments.endIndex,
                arguments[id + 1].lowercased() == uuid, let startTime = startTime(pid)
            else { continue }
            return ProcessIdentity(pid: pid, startTime: startTime)
        }
        return nil
    }

    /// Where a hierarchy is mounted: version 1 has a folder for each controller, a hybrid host `unified` for version 2.
    static func cgroupFolder(controllers: String) -> String {
        let root = "/sys/fs/cgroup"
        guard controllers.isEmpty else { return "\(root)/\(controllers.replacing("name=", with: ""))" }
        return Files.names(in: "/sys/fs/cgroup/unified").isEmpty ? root : "\(root)/unified"
    }

    static func text(_ path: String) -> String {
        Files.read(FilePath(path)).map { String(decoding: $0, as: UTF8.self) } ?? ""
    }

    /// The start time of a process that runs; nil for one that is gone, or a zombie.
    static func startTime(_ pid: pid_t) -> String? {
        let stat = text("/proc/\(pid)/stat")
        guard let close = stat.lastIndex(of: ")") else { return nil }
        let fields = stat[stat.index(after: close)...].split(separator: " ")
        guard fields.count > 19, fields[0] != "Z" else { return nil }
        return String(fields[19])
    }
}
