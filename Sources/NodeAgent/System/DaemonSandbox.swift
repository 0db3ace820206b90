internal import FoundationEssentials
internal import Glibc
package import Logging
package import Sandbox
internal import SystemPackage

/// What confines the daemon: its capabilities, and the system calls that it and all that it starts may make.
///
/// Both hold for a thread and what comes of it, so the program gives up what it does not need while nothing else runs, and
/// then becomes itself anew, under the same process number.
package struct DaemonSandbox: Sendable {
    /// Key `sandbox` of the configuration.
    package enum Mode: String, Sendable, CaseIterable {
        case enforce
        /// What would be refused is told, and passes.
        case log
        case off
    }

    /// How much a daemon may keep.
    package enum Profile: String, Sendable {
        /// libvirt is a process of its own, and QEMU its child.
        case daemon
        /// QEMUs are the daemon's children, and inherit all that it gives up.
        case embedded

        package init(_ choice: LibvirtChoice) {
            switch choice {
            case .system: self = .daemon
            case .uri(let uri): self = uri.hasPrefix("qemu:///embed") ? .embedded : .daemon
            // Which one it will be shows only later.
            case .auto, .embedded: self = .embedded
            }
        }

        package var capabilities: CapabilitySet { self == .daemon ? .daemon : .embedded }
    }

    private let descriptor: CInt?
    private let mode: Mode

    /// Names the descriptor on which refused calls are heard of, to the process that comes after.
    private static let variable = "VN_SANDBOX_DESCRIPTOR"

    /// Enters the sandbox: this process becomes the program anew, and does not return, unless it did so before. Nil where the
    /// configuration has none.
    package static func enter(
        _ mode: Mode, _ profile: Profile, environment: [String: String]
    ) throws(SandboxError) -> DaemonSandbox? {
        if let text = environment[variable] {
            unsetenv(variable)
            let descriptor = CInt(text).flatMap { fcntl($0, F_SETFD, FD_CLOEXEC) == 0 ? $0 : nil }
            return DaemonSandbox(descriptor: descriptor, mode: mode)
        }
        guard mode != .off else { return nil }
        let descriptor = try filter(mode, profile).load()
        // With the filter nobody gains rights by a program that has them.
        if mode == .enforce { try profile.capabilities.limit() }
        if let descriptor { _ = fcntl(descriptor, F_SETFD, 0) }
        setenv(variable, descriptor.map { "\($0)" } ?? "-", 1)
        let itself = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
        // A file that was replaced meanwhile is another program.
        let path = access(itself, X_OK) == 0 ? itself : "/proc/self/exe"
        var arguments = CommandLine.arguments.map { strdup($0) } + [nil]
        execv(path, &arguments)
        throw .restart(Errno(rawValue: errno))
    }

    private static func filter(_ mode: Mode, _ profile: Profile) -> SystemCallFilter {
        switch (profile, mode) {
        case (.daemon, _): SystemCallFilter(.only(SystemCalls.daemon), .ask)
        // A QEMU outlives this process, and with it whoever could let a call pass.
        case (.embedded, .log): SystemCallFilter(.allBut(SystemCalls.refused), .log)
        case (.embedded, _): SystemCallFilter(.allBut(SystemCalls.refused), .ask)
        }
    }

    /// Tells the log of calls that are refused, once for each kind.
    package func watch(_ logger: Logger) -> SystemCallMonitor? {
        guard let descriptor else { return nil }
        let passes = mode == .log
        let monitor = SystemCallMonitor(descriptor, allows: passes) { refusal, pid in
            logger.warning(
                """
                sandbox: \(passes ? "would refuse" : "refused") the system call \(refusal.call) of \(refusal.process) \
                (process \(pid)): if virt-node should make it, say so in an issue, and set sandbox to log meanwhile
                """,
                metadata: ["call": "\(refusal.call)", "process": "\(refusal.process)"])
        }
        monitor.start()
        return monitor
    }
}
