/// The checklist of `virt-node doctor`.
package enum Doctor {
    private static let checks: [@Sendable (DoctorContext) -> Capability] = [
        Capability.accelerator,
        Capability.qemu,
        Capability.libvirt,
        Capability.qemuUser,
        Capability.qemuImg,
        Capability.firmware,
        Capability.swtpm,
        Capability.cgroups,
        Capability.numa,
        Capability.hugepages,
        Capability.iommu,
        Capability.vfio,
        Capability.vhost,
        Capability.tun,
        Capability.nftables,
        Capability.cni,
        Capability.skopeo,
        Capability.disk,
    ]

    package static func examine(_ context: DoctorContext) -> DoctorReport {
        DoctorReport(
            accelerator: context.accelerator, kernelRelease: context.host.kernel.release,
            checks: checks.map { $0(context) })
    }
}

/// What `virt-node doctor -o json` prints.
package struct DoctorReport: Sendable, Hashable, Codable {
    package var accelerator: AcceleratorVerdict
    package var kernelRelease: String
    /// Whether VMs can run here at all, be it emulated.
    package var canRunVirtualMachines: Bool
    package var checks: [Capability]

    /// Without one of these no VM runs.
    private static let essential: Set = ["qemu", "libvirt"]

    package init(accelerator: AcceleratorVerdict, kernelRelease: String, checks: [Capability]) {
        self.accelerator = accelerator
        self.kernelRelease = kernelRelease
        self.checks = checks
        canRunVirtualMachines = !checks.contains { Self.essential.contains($0.id) && $0.state == .missing }
    }
}
