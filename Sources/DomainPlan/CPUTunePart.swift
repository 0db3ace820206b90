import DomainModel
import HostModel
import KubeVirtModel
import Placement

/// Which host CPUs run which threads of the VM, and how they are scheduled (`<cputune>`).
enum CPUTunePart {
    static func configure(_ draft: inout DomainDraft, _ request: PlanRequest) {
        if let shared = request.sharedCPUs, !shared.isEmpty {
            draft.domain.vcpu.cpuset = shared.description
            draft.because("vcpu@cpuset", .host("CPUs \(shared) are nobody's own"))
        }
        guard let placement = request.placement, let cpu = request.domain.cpu, cpu.dedicatedCpuPlacement ?? false else {
            return
        }
        var tune = CPUTune()
        tune.vcpuPins = placement.pinnedVCPUs.map { VCPUPin(vcpu: $0.vcpu, cpuset: String($0.cpu)) }
        draft.because("cputune", .field("spec.domain.cpu.dedicatedCpuPlacement"))
        draft.because("cputune/vcpupin", .host("CPUs \(CPUSet(placement.vcpuPins)) were given to the VM"))
        if !placement.emulatorPins.isEmpty {
            tune.emulatorPin = placement.emulatorPins.description
            draft.because("cputune/emulatorpin", .field("spec.domain.cpu.isolateEmulatorThread"))
        }
        widenForStart(&tune, placement, request, &draft)
        if let realtime = cpu.realtime {
            // libvirt reads exclusions in their order, and Kubernetes' users mean the set: it is written out.
            let count = placement.vcpuPins.count + (placement.sharedVCPUs?.count ?? 0)
            let vcpus = realtime.mask.flatMap { VCPUMask($0, count: count) }?.text ?? "0-\(max(0, count - 1))"
            tune.vcpuSchedulers = [VCPUScheduler(vcpus: vcpus, scheduler: "fifo", priority: 1)]
            draft.because("cputune/vcpusched", .field("spec.domain.cpu.realtime"))
        }
        draft.domain.cputune = tune
    }

    /// While QEMU fills the guest's pages, its threads go to the cells of the pages; an emulator thread that was pinned on
    /// other cells could not send them there, and the start would fail. Until the guest runs it may use the VM's own CPUs.
    private static func widenForStart(
        _ tune: inout CPUTune, _ placement: Placement, _ request: PlanRequest, _ draft: inout DomainDraft
    ) {
        guard !placement.cells.isEmpty else { return }
        let shared = request.sharedCPUs ?? CPUSet([])
        let wanted = placement.emulatorPins.isEmpty ? shared : placement.emulatorPins
        guard !wanted.isEmpty else { return }
        draft.emulatorPin = wanted
        tune.emulatorPin = wanted.union(CPUSet(placement.vcpuPins)).description
        draft.because(
            "cputune/emulatorpin", .rule("its threads fill pages of every cell; then it is pinned to \(wanted)"))
    }
}
