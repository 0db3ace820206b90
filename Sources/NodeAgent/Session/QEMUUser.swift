package import DomainModel
internal import Glibc
package import HostModel

/// The user that QEMU runs as.
package struct QEMUUser: Sendable, Equatable {
    package var name: String
    package var label: SecurityLabel
    /// Why QEMU runs with root's rights, where it does.
    package var privilegedReason: String?

    /// The unprivileged user that the distribution made for QEMU, or root with the reason.
    ///
    /// With KVM the user must be able to open `/dev/kvm`, since QEMU opens it itself.
    package static func choose(for accelerator: AcceleratorVerdict.Choice) -> QEMUUser {
        for name in ["libvirt-qemu", "qemu"] {
            guard let entry = getpwnam(name) else { continue }
            let label = SecurityLabel(uid: entry.pointee.pw_uid, gid: entry.pointee.pw_gid)
            guard accelerator == .kvm, !canOpenKVM(name, label) else { return QEMUUser(name: name, label: label) }
            return root("/dev/kvm is closed to user \(name): chown root:kvm /dev/kvm && chmod 660 /dev/kvm")
        }
        return root("there is neither a user libvirt-qemu nor qemu: apt-get install libvirt-daemon-system")
    }

    private static func root(_ reason: String) -> QEMUUser {
        QEMUUser(name: "root", label: SecurityLabel(uid: 0, gid: 0), privilegedReason: reason)
    }

    private static func canOpenKVM(_ name: String, _ label: SecurityLabel) -> Bool {
        var status = stat()
        guard stat("/dev/kvm", &status) == 0 else { return false }
        if status.st_mode & 0o006 == 0o006 { return true }
        if status.st_uid == label.uid { return status.st_mode & 0o600 == 0o600 }
        var count: Int32 = 64
        var groups = [gid_t](repeating: 0, count: Int(count))
        guard getgrouplist(name, label.gid, &groups, &count) >= 0 else { return false }
        return status.st_mode & 0o060 == 0o060 && groups.prefix(Int(count)).contains(status.st_gid)
    }
}
