package import DomainModel
internal import Glibc
package import HostModel
internal import SystemPackage

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
        guard let device = try? Stat("/dev/kvm" as FilePath) else { return false }
        let permissions = device.permissions
        if permissions.isSuperset(of: .otherReadWrite) { return true }
        if device.userID.rawValue == label.uid { return permissions.isSuperset(of: .ownerReadWrite) }
        var count: Int32 = 64
        var groups = [gid_t](repeating: 0, count: Int(count))
        guard getgrouplist(name, label.gid, &groups, &count) >= 0 else { return false }
        return permissions.isSuperset(of: .groupReadWrite)
            && groups.prefix(Int(count)).contains(device.groupID.rawValue)
    }
}
