/// What runs a VM: the accelerator, QEMU, libvirt and the user that QEMU runs as.
extension Capability {
    static func accelerator(_ context: DoctorContext) -> Capability {
        let verdict = context.accelerator
        let state: State =
            switch verdict.reason {
            case .kvmWorks: .ok
            case .qemuUnusable: .missing
            default: .degraded
            }
        return Capability(
            id: "accelerator", title: "accelerator", state: state,
            evidence: "\(verdict.reason.rawValue): \(verdict.message)",
            remedy: verdict.remedy)
    }

    static func qemu(_ context: DoctorContext) -> Capability {
        let (id, title, remedy) = ("qemu", "QEMU", "apt-get install qemu-system-x86")
        do {
            let found = try QEMUBinary.find(context.root)
            let version = context.accelerator.qemu?.version ?? ""
            if context.accelerator.reason == .qemuUnusable {
                return Capability(
                    id: id, title: title, state: .missing, evidence: context.accelerator.message,
                    remedy: context.accelerator.remedy)
            }
            return Capability(
                id: id, title: title, state: .ok, evidence: "\(found.path)\(version.isEmpty ? "" : " \(version)")")
        } catch {
            return Capability(id: id, title: title, state: .missing, evidence: error.description, remedy: remedy)
        }
    }

    static func libvirt(_ context: DoctorContext) -> Capability {
        let (id, title) = ("libvirt", "libvirt")
        let facts = context.libvirt
        let install = "apt-get install libvirt-daemon-system libvirt-daemon-driver-qemu"
        guard let library = facts.libraryVersion else {
            return Capability(
                id: id, title: title, state: .missing, evidence: "The library libvirt.so.0 is not installed.",
                remedy: install)
        }
        if let system = facts.systemVersion {
            return Capability(
                id: id, title: title, state: .ok, evidence: "Library \(library); qemu:///system answers with \(system)."
            )
        }
        let silence = "qemu:///system does not answer\(facts.systemError.map { ": \($0)" } ?? "")"
        guard facts.hasEmbeddedDriver else {
            return Capability(
                id: id, title: title, state: .missing,
                evidence: "Library \(library), but \(silence), and the driver for QEMU is not installed.",
                remedy: install)
        }
        return Capability(
            id: id, title: title, state: .degraded,
            evidence: "Library \(library); \(silence). The embedded driver qemu:///embed will be used.",
            remedy: "systemctl enable --now libvirtd.socket")
    }

    static func qemuUser(_ context: DoctorContext) -> Capability {
        let (id, title) = ("qemu-user", "QEMU's user")
        let users = context.root.lines("/etc/passwd").map { $0.split(separator: ":", omittingEmptySubsequences: false) }
        // Debian's name, then Fedora's.
        guard
            let user = ["libvirt-qemu", "qemu"].lazy.compactMap({ name in users.first { $0.first == name[...] } })
                .first,
            user.count > 3
        else {
            return Capability(
                id: id, title: title, state: .degraded,
                evidence: "Neither libvirt-qemu nor qemu is a user here, so that QEMU would run as root.",
                remedy: "apt-get install libvirt-daemon-system")
        }
        let name = "\(user[0]) (uid \(user[2]))"
        guard context.accelerator.verdict == .kvm, let group = kvmGroup(context, user: user[0], primary: user[3]) else {
            return Capability(id: id, title: title, state: .ok, evidence: name)
        }
        return Capability(
            id: id, title: title, state: group.opens ? .ok : .degraded,
            evidence:
                "\(name) \(group.opens ? "may" : "may not") open /dev/kvm (mode 0\(String(group.mode, radix: 8)), group \(group.id)).",
            remedy:
                "chgrp kvm /dev/kvm && chmod 0660 /dev/kvm && usermod -aG kvm \(user[0]), or let libvirt run QEMU as root"
        )
    }

    /// Whether `user` may open `/dev/kvm` by its group or by everybody's right.
    private static func kvmGroup(
        _ context: DoctorContext, user: Substring, primary: Substring
    ) -> (id: UInt32, mode: UInt32, opens: Bool)? {
        guard let device = FileStatus(of: context.root.resolve("/dev/kvm")) else { return nil }
        let member = context.root.lines("/etc/group").contains { line in
            let fields = line.split(separator: ":", omittingEmptySubsequences: false)
            return fields.count > 3 && fields[2] == "\(device.group)" && fields[3].split(separator: ",").contains(user)
        }
        let byGroup = (member || primary == "\(device.group)") && device.mode & 0o060 == 0o060
        return (device.group, device.mode, byGroup || device.mode & 0o006 == 0o006)
    }
}
