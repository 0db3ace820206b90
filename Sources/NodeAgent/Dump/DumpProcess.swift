internal import Glibc
internal import HostModel
internal import SystemPackage

/// A process of virt-node's, as the kernel tells of it: a QEMU, what runs beside one, or the daemon.
struct DumpProcess {
    let pid: pid_t
    let program: String
    let arguments: [String]

    /// Those whose command line names one of the folders, and daemons.
    static func all(of folders: SessionFolders) -> [DumpProcess] {
        let places = [folders.node.run, folders.node.state, folders.node.cache].map { "\($0)/" }
        let processes = Files.names(in: "/proc").compactMap { pid_t($0) }.sorted().compactMap { DumpProcess($0) }
        return processes.filter { process in
            if process.program == "virt-node" { return process.arguments.contains("serve") }
            let isHelper = process.program.hasPrefix("qemu-") || process.program.hasPrefix("swtpm")
            return isHelper && process.arguments.contains { word in places.contains { word.contains($0) } }
        }
    }

    private init?(_ pid: pid_t) {
        arguments = ProcessScan.text("/proc/\(pid)/cmdline").split(separator: "\0").map(String.init)
        guard let program = arguments.first.flatMap({ FilePath($0).lastComponent?.string }) else { return nil }
        self.pid = pid
        self.program = program
    }

    func collect(_ contents: inout DumpContents) {
        let folder = "processes/\(pid)-\(program)"
        contents.add("\(folder)/cmdline", "its arguments", arguments.joined(separator: "\n") + "\n")
        for (name, what) in [
            ("status", "its memory, user, capabilities and seccomp"), ("limits", "its limits"),
            ("cgroup", "its control groups"), ("oom_score_adj", "how likely the kernel ends it"),
            ("stat", "its times"),
        ] {
            do throws(Errno) {
                contents.add("\(folder)/\(name)", what, try DumpFile.tail(FilePath("/proc/\(pid)/\(name)")))
            } catch {
                contents.lacks("/proc/\(pid)/\(name)", "\(error)")
            }
        }
        let spaces = Files.names(in: FilePath("/proc/\(pid)/ns")).map { name in
            "\(name) \(DumpFile.link("/proc/\(pid)/ns/\(name)") ?? "?")"
        }
        contents.add("\(folder)/ns", "its namespaces", spaces.joined(separator: "\n") + "\n")
        counters(folder, &contents)
    }

    private static let counters: Set = [
        "memory.current", "memory.max", "memory.high", "memory.events", "memory.stat", "memory.pressure", "cpu.stat",
        "cpu.max", "cpu.weight", "cpu.pressure", "cpuset.cpus.effective", "cpuset.mems.effective", "io.stat",
        "io.pressure", "pids.current", "pids.max", "cgroup.procs", "cgroup.controllers", "memory.usage_in_bytes",
        "memory.limit_in_bytes", "memory.failcnt", "cpuacct.usage", "cpu.cfs_quota_us", "cpu.shares", "cpuset.cpus",
        "cpuset.mems",
    ]

    /// What its control groups count, one file a group.
    private func counters(_ folder: String, _ contents: inout DumpContents) {
        for line in ProcessScan.text("/proc/\(pid)/cgroup").split(separator: "\n") {
            let parts = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
            guard parts.count == 3 else { continue }
            let group = FilePath(ProcessScan.cgroupFolder(controllers: String(parts[1])) + parts[2])
            let found = Files.names(in: group).filter { Self.counters.contains($0) }
            guard !found.isEmpty else { continue }
            let text = found.map { name in
                "# \(name)\n\((try? DumpFile.tail(group.appending(name))) ?? "cannot be read\n")"
            }.joined(separator: "\n")
            let name = parts[1].isEmpty ? "unified" : parts[1].replacing("name=", with: "")
            contents.add("\(folder)/cgroup-\(name)", "the counters of \(group)", text)
        }
    }
}
