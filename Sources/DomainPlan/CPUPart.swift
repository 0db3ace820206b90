import DomainModel
import KubeVirtModel

/// vCPUs, the room to plug more, their topology, model and features (`<vcpu>`, `<vcpus>`, `<cpu>`).
enum CPUPart {
    private static let field = "spec.domain.cpu"

    static func configure(_ draft: inout DomainDraft, _ request: PlanRequest) {
        guard let spec = request.domain.cpu else { return }
        var cpu = DomainCPU()
        cpu.sockets = max(spec.sockets ?? 1, spec.maxSockets ?? 0)
        cpu.cores = spec.cores ?? 1
        cpu.threads = spec.threads ?? 1
        let total = Int(cpu.sockets) * Int(cpu.cores) * Int(cpu.threads)
        draft.domain.vcpu = VCPUCount(count: total, placement: "static")
        if spec.maxSockets ?? 0 > 0 {
            draft.domain.vcpus = hotplugRoom(total: total, enabled: request.enabledVCPUs, spec)
            draft.because("vcpus", .field("\(field).maxSockets"))
            draft.because("vcpus/vcpu@enabled", .field("\(field).sockets"))
        }
        cpu.mode = mode(spec.model ?? "host-model")
        cpu.features = spec.features.map {
            DomainCPU.Feature(name: $0.name, policy: ($0.policy ?? .require).rawValue)
        }
        explain(cpu, &draft)
        if spec.maxSockets ?? 0 > spec.sockets ?? 1 {
            draft.because("cpu/topology@sockets", .field("\(field).maxSockets"))
        }
        // libvirt's models of Intel CPUs list mpx, which QEMU dropped: a named model without it must say so.
        if case .custom = cpu.mode, !cpu.features.contains(where: { $0.name == "mpx" }) {
            cpu.features.append(DomainCPU.Feature(name: "mpx", policy: "disable"))
            draft.because("cpu/feature[mpx]", .rule("libvirt's CPU models list mpx, which QEMU no longer has"))
        }
        if request.accelerator == .emulation { adaptToEmulation(&cpu, &draft) }
        draft.domain.cpu = cpu
        if total > 255 { addInterruptRemapping(&draft, vcpus: total, request.accelerator) }
    }

    /// The first socket is there for good: libvirt wants a CPU that no guest can lose.
    private static func hotplugRoom(total: Int, enabled: Int, _ spec: CPU) -> [VCPU] {
        let fixed = Int(spec.cores ?? 1) * Int(spec.threads ?? 1)
        return (0..<total).map { VCPU(id: $0, enabled: $0 < enabled, hotpluggable: $0 >= fixed) }
    }

    private static func mode(_ model: String) -> DomainCPU.Mode {
        switch model {
        case "host-model": .hostModel
        case "host-passthrough": .hostPassthrough
        default: .custom(model: model)
        }
    }

    private static func explain(_ cpu: DomainCPU, _ draft: inout DomainDraft) {
        guard draft.isExplaining else { return }
        draft.because("vcpu", .field(field))
        draft.because("cpu", .field("\(field).model"))
        draft.because("cpu/topology@sockets", .field("\(field).sockets"))
        draft.because("cpu/topology@cores", .field("\(field).cores"))
        draft.because("cpu/topology@threads", .field("\(field).threads"))
        for (index, feature) in cpu.features.enumerated() {
            draft.because("cpu/feature[\(feature.name)]", .field("\(field).features[\(index)]"))
        }
    }

    /// Software emulation has no host CPU to pass through, nor Intel's virtualization to nest: libvirt would refuse the
    /// start.
    private static func adaptToEmulation(_ cpu: inout DomainCPU, _ draft: inout DomainDraft) {
        if cpu.mode == .hostPassthrough {
            cpu.mode = .maximum
            draft.because("cpu", .rule("software emulation cannot pass the host's CPU through"))
            draft.adapt(
                "HostPassthroughEmulated", "\(field).model",
                "software emulation cannot pass the host's CPU through: the guest gets every feature that QEMU emulates"
            )
        }
        let nested = cpu.features.filter { $0.name == "vmx" && ["require", "force"].contains($0.policy) }
        guard !nested.isEmpty else { return }
        cpu.features.removeAll { nested.contains($0) }
        draft.adapt(
            "NestedVirtualizationDropped", "\(field).features",
            "software emulation has no vmx: the guest cannot run virtual machines of its own with it")
    }

    /// An APIC id above 255 reaches a guest only through an IOMMU that remaps interrupts, and that needs QEMU's own I/O
    /// APIC.
    private static func addInterruptRemapping(
        _ draft: inout DomainDraft, vcpus: Int, _ accelerator: PlanAccelerator
    ) {
        if accelerator == .emulation {
            draft.warn(
                "TooManyVCPUs", field,
                "software emulation runs at most 255 vCPUs, and these are \(vcpus): ask for fewer, or for KVM",
                isBlocking: true)
        }
        var iommu = IOMMU(model: "intel")
        iommu.interruptRemapping = true
        iommu.eim = true
        draft.domain.devices.iommu = iommu
        draft.domain.features.ioapicDriver = "qemu"
        draft.because("devices/iommu", .rule("\(vcpus) vCPUs: more than 255 need interrupt remapping"))
        draft.because("features/ioapic", .rule("\(vcpus) vCPUs: interrupt remapping needs QEMU's I/O APIC"))
    }
}
