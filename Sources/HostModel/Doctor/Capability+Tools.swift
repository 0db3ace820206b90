/// What is installed beside QEMU: firmware, swtpm and the programs that virt-node calls.
extension Capability {
    /// Where distributions keep UEFI firmware: Debian and Ubuntu, Fedora and its kin, then both for arm64.
    private static let firmwares: [(name: String, plain: [String], secureBoot: [String])] = [
        (
            "OVMF",
            ["/usr/share/OVMF/OVMF_CODE_4M.fd", "/usr/share/OVMF/OVMF_CODE.fd", "/usr/share/edk2/ovmf/OVMF_CODE.fd"],
            [
                "/usr/share/OVMF/OVMF_CODE_4M.ms.fd", "/usr/share/OVMF/OVMF_CODE_4M.secboot.fd",
                "/usr/share/OVMF/OVMF_CODE.secboot.fd", "/usr/share/edk2/ovmf/OVMF_CODE.secboot.fd",
            ]
        ),
        ("AAVMF", ["/usr/share/AAVMF/AAVMF_CODE.fd", "/usr/share/edk2/aarch64/QEMU_EFI.fd"], []),
    ]

    static func firmware(_ context: DoctorContext) -> Capability {
        var found: [String] = []
        var (plain, secure) = (false, false)
        for firmware in firmwares {
            if let path = firmware.plain.first(where: context.root.exists) {
                plain = true
                found.append("\(firmware.name) \(path)")
            }
            if let path = firmware.secureBoot.first(where: context.root.exists) {
                secure = true
                found.append("with secure boot \(path)")
            }
        }
        return Capability(
            id: "firmware", title: "UEFI firmware",
            state: plain && secure ? .ok : plain || secure ? .degraded : .missing,
            evidence: found.isEmpty
                ? "No UEFI firmware; only VMs with BIOS can run."
                : found.joined(separator: ", ") + (secure ? "" : "; none with secure boot"),
            remedy: "apt-get install ovmf")
    }

    static func swtpm(_ context: DoctorContext) -> Capability {
        let programs = ["swtpm", "swtpm_setup"].map { (name: $0, path: context.program($0)) }
        let absent = programs.filter { $0.path == nil }
        return Capability(
            id: "swtpm", title: "swtpm", state: absent.isEmpty ? .ok : .missing,
            evidence: absent.isEmpty
                ? programs.compactMap(\.path).joined(separator: ", ")
                : "Without \(absent.map(\.name).joined(separator: ", ")): VMs cannot have a TPM.",
            remedy: "apt-get install swtpm swtpm-tools")
    }

    static func qemuImg(_ context: DoctorContext) -> Capability {
        program(
            context, "qemu-img", id: "qemu-img", without: "disks cannot be made or read",
            remedy: "apt-get install qemu-utils")
    }

    static func nftables(_ context: DoctorContext) -> Capability {
        program(
            context, "nft", id: "nftables", without: "masquerade networks cannot be set up",
            remedy: "apt-get install nftables")
    }

    static func skopeo(_ context: DoctorContext) -> Capability {
        program(
            context, "skopeo", id: "skopeo", without: "container disks cannot be pulled",
            remedy: "apt-get install skopeo")
    }

    private static func program(
        _ context: DoctorContext, _ name: String, id: String, without: String, remedy: String
    ) -> Capability {
        let path = context.program(name)
        return Capability(
            id: id, title: id, state: path == nil ? .missing : .ok,
            evidence: path ?? "\(name) is not installed: \(without).", remedy: remedy)
    }

    static func cni(_ context: DoctorContext) -> Capability {
        // Kubernetes' folder, then Debian's.
        let plugins = ["/opt/cni/bin", "/usr/lib/cni"].map { (folder: $0, names: context.root.names(in: $0)) }
            .first { !$0.names.isEmpty }
        let configurations = context.root.names(in: "/etc/cni/net.d").filter { name in
            [".conf", ".conflist", ".json"].contains { name.hasSuffix($0) }
        }
        let evidence = [
            plugins.map { "\($0.names.count) plugins in \($0.folder)" } ?? "No plugins in /opt/cni/bin or /usr/lib/cni",
            configurations.isEmpty
                ? "no network in /etc/cni/net.d: only networks of virt-node's own can be used"
                : "networks \(configurations.joined(separator: ", "))",
        ]
        return Capability(
            id: "cni", title: "CNI", state: plugins == nil ? .missing : configurations.isEmpty ? .degraded : .ok,
            evidence: evidence.joined(separator: "; "),
            remedy: plugins == nil
                ? "apt-get install containernetworking-plugins"
                : "Put the cluster's network configuration into /etc/cni/net.d (its CNI daemon set does).")
    }
}
