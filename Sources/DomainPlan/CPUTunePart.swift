import DomainModel
import HostModel
import KubeVirtModel
import Placement

/// Which host CPUs run which threads of the VM, and how they are scheduled (`<cputune>`).
enum CPUTunePart {
    static func configure(_ draft: inout DomainDraft, _ request: PlanRequest) {
        guard let placement = request.placement, let cpu = request.domain.cpu, cpu.dedicatedCpuPlacement ?? false else {
            return
        }
        var tune = CPUTune()
        tune.vcpuPins = placement.vcpuPins.enumerated().map { VCPUPin(vcpu: $0, cpuset: String($1)) }
        draft.because("cputune", .field("spec.domain.cpu.dedicatedCpuPlacement"))
        draft.because("cputune/vcpupin", .host("CPUs \(CPUSet(placement.vcpuPins)) were given to the VM"))
        if !placement.emulatorPins.isEmpty {
            tune.emulatorPin = placement.emulatorPins.description
            draft.because("cputune/emulatorpin", .field("spec.domain.cpu.isolateEmulatorThread"))
        }
        if let realtime = cpu.realtime {
            // libvirt reads exclusions in their order, and Kubernetes' users mean the set: it is written out.
            let count = placement.vcpuPins.count
            let vcpus = realtime.mask.flatMap { VCPUMask($0, count: count) }?.text ?? "0-\(max(0, count - 1))"
            tune.vcpuSchedulers = [VCPUScheduler(vcpus: vcpus, scheduler: "fifo", priority: 1)]
            draft.because("cputune/vcpusched", .field("spec.domain.cpu.realtime"))
        }
        draft.domain.cputune = tune
    }
}
