package import HostModel
internal import Sandbox
internal import SystemPackage

/// What the kernel has to confine the daemon by, and what the configuration makes of it, for `doctor`.
package enum SandboxFindings {
    /// A configuration that cannot be read counts as the defaults: `config check` tells of it.
    package static func capability(_ folders: NodeFolders, on root: HostRoot) -> Capability {
        let loaded = try? NodeConfiguration.load(standard: folders.configuration.appending("config.yaml"))
        let configuration = loaded?.configuration ?? NodeConfiguration()
        let actions = root.text("/proc/sys/kernel/seccomp/actions_avail") ?? ""
        return capability(
            configuration, landlock: PathRules.version,
            tellsRefusals: actions.split(separator: " ").contains("user_notif"))
    }

    static func capability(_ configuration: NodeConfiguration, landlock: Int, tellsRefusals: Bool) -> Capability {
        var evidence: [String] = []
        var remedies: [String] = []
        if configuration.sandbox == .off {
            evidence.append("switched off: the daemon keeps all rights of root")
            remedies.append("Set sandbox to enforce.")
        } else if !tellsRefusals {
            evidence.append("the kernel cannot tell of refused system calls, and the daemon will not start")
            remedies.append("Use Linux 5.5 or later, or set sandbox to off.")
        } else if DaemonSandbox.Profile(configuration.libvirt) == .embedded {
            evidence.append(
                "libvirtURI allows the embedded libvirt, so the daemon keeps cap_sys_admin and most system calls for QEMU"
            )
            remedies.append("Run libvirt's daemon and set libvirtURI to qemu:///system.")
        } else {
            evidence.append(
                "the daemon keeps \(CapabilitySet.daemon.reasons.count) capabilities, and makes no system call beyond its list"
            )
        }
        if landlock > 0 {
            evidence.append("images are unpacked where no other file can be reached (Landlock \(landlock))")
        } else {
            evidence.append("the kernel has no Landlock: what unpacks images could reach the files of root")
            remedies.append("Use Linux 5.13 or later with landlock among its security modules (lsm=).")
        }
        return Capability(
            id: "sandbox", title: "sandbox", state: remedies.isEmpty ? .ok : .degraded,
            evidence: evidence.joined(separator: "; "), remedy: remedies.joined(separator: " "))
    }
}
