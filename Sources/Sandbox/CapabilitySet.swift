internal import CSandbox
internal import Glibc
internal import SystemPackage

/// Capabilities that a process keeps, by libcap's names such as `cap_chown`.
package struct CapabilitySet: Sendable, Equatable {
    /// What it is kept for, by name.
    package let reasons: [String: String]

    package init(_ reasons: [String: String]) { self.reasons = reasons }

    package static let none = CapabilitySet([:])

    /// The daemon beside a libvirt that is a process of its own.
    package static let daemon = CapabilitySet([
        "cap_chown": "gives disks and sockets to QEMU's user, and sockets to their group",
        "cap_dac_override": "reads and writes what belongs to QEMU's user, and disks of the host",
        "cap_fowner": "sets the modes of files that belong to QEMU's user",
        "cap_kill": "ends a QEMU that libvirt cannot end",
        "cap_net_admin": "sets the MAC addresses of virtual functions",
        "cap_sys_ptrace": "reads a QEMU's namespaces and open files in /proc",
        "cap_sys_resource": "rates a QEMU for the kernel's OOM killer, and raises its own limits",
    ])

    /// The daemon with the embedded libvirt, whose QEMUs are its children: with what libvirt gives them of the host.
    package static let embedded = CapabilitySet(
        daemon.reasons.merging([
            "cap_audit_write": "libvirt's audit of what VMs are given",
            "cap_dac_read_search": "libvirt's look at images of other users",
            "cap_fsetid": "libvirt's files with the set-group-id bit",
            "cap_ipc_lock": "memory that VFIO pins, and locked memory",
            "cap_mknod": "the device nodes of a QEMU's own /dev",
            "cap_net_bind_service": "ports below 1024 that VMs forward",
            "cap_net_raw": "vhost and packet sockets",
            "cap_setgid": "QEMU is of another group",
            "cap_setpcap": "libvirt takes QEMU's capabilities from it",
            "cap_setuid": "QEMU is another user's",
            "cap_sys_admin": "cgroups, mount namespaces and device filters of QEMUs",
            "cap_sys_chroot": "libvirt's helpers",
            "cap_sys_module": "loads vfio-pci",
            "cap_sys_nice": "pins and schedules the threads of VMs",
            "cap_sys_rawio": "SCSI commands of passed-through disks",
        ]) { own, _ in own })

    /// Gives up all others, now and for every program that the process becomes or starts.
    ///
    /// Maps to `cap_drop_bound` and `cap_set_proc`. It holds for the calling thread: call it while there is no other, or
    /// become another program after it.
    package func limit() throws(SandboxError) {
        // SAFETY: a set is made, filled and freed here; the names outlive the calls.
        var kept: [cap_value_t] = []
        for number in 0..<cap_value_t(cap_max_bits()) {
            guard let text = unsafe cap_to_name(number) else { continue }
            let name = unsafe String(cString: text)
            unsafe cap_free(text)
            if reasons[name] != nil {
                if cap_get_bound(number) > 0 { kept.append(number) }
            } else if cap_get_bound(number) > 0, cap_drop_bound(number) != 0, errno != EPERM {
                throw .capability(name: name, action: "drop", Errno(rawValue: errno))
            }
        }
        let before = unsafe cap_get_proc()
        guard let before = unsafe before, let set = unsafe cap_init() else {
            throw .capability(name: "all", action: "read", Errno(rawValue: errno))
        }
        defer {
            unsafe cap_free(UnsafeMutableRawPointer(before))
            unsafe cap_free(UnsafeMutableRawPointer(set))
        }
        for number in kept {
            var value = number
            var isHeld = CAP_CLEAR
            unsafe cap_get_flag(before, number, CAP_PERMITTED, &isHeld)
            guard isHeld == CAP_SET else { continue }
            for flag in [CAP_PERMITTED, CAP_EFFECTIVE] { unsafe cap_set_flag(set, flag, 1, &value, CAP_SET) }
        }
        cap_reset_ambient()
        guard unsafe cap_set_proc(set) == 0 else {
            throw .capability(name: "all others", action: "give up", Errno(rawValue: errno))
        }
    }
}
