import DomainModel
import KubeVirtModel

/// vCPUs, their topology, model and features.
enum CPUPart {
    static func configure(_ draft: inout DomainDraft, _ request: PlanRequest) {
        guard let spec = request.domain.cpu else { return }
        var cpu = DomainCPU()
        cpu.sockets = spec.sockets ?? 1
        cpu.cores = spec.cores ?? 1
        cpu.threads = spec.threads ?? 1
        draft.domain.vcpus = spec.vcpus
        cpu.mode = mode(spec.model ?? "host-model")
        cpu.features = spec.features.map {
            DomainCPU.Feature(name: $0.name, policy: ($0.policy ?? .require).rawValue)
        }
        // libvirt's models of Intel CPUs list mpx, which QEMU dropped: a named model without it must say so.
        if case .custom = cpu.mode, !cpu.features.contains(where: { $0.name == "mpx" }) {
            cpu.features.append(DomainCPU.Feature(name: "mpx", policy: "disable"))
        }
        if request.accelerator == .emulation { adaptToEmulation(&cpu, &draft) }
        draft.domain.cpu = cpu
    }

    private static func mode(_ model: String) -> DomainCPU.Mode {
        switch model {
        case "host-model": .hostModel
        case "host-passthrough": .hostPassthrough
        default: .custom(model: model)
        }
    }

    /// Software emulation has no host CPU to pass through; libvirt would refuse it at the start.
    private static func adaptToEmulation(_ cpu: inout DomainCPU, _ draft: inout DomainDraft) {
        guard cpu.mode == .hostPassthrough else { return }
        cpu.mode = .maximum
        draft.warn(
            "HostPassthroughEmulated", "spec.domain.cpu.model",
            "software emulation cannot pass the host's CPU through: the guest gets every feature that QEMU emulates")
    }
}
