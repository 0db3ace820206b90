import DomainModel
import KubeVirtModel

/// What makes Windows feel at home: Hyper-V's enlightenments (`<hyperv>`).
enum HyperVPart {
    private static let field = "spec.domain.features.hyperv"

    static func configure(_ draft: inout DomainDraft, _ request: PlanRequest) {
        guard let features = request.domain.features else { return }
        var hyperv: HyperVFeatures?
        if let spec = features.hyperv {
            hyperv = enlightenments(spec)
            draft.because("features/hyperv", .field(field))
        } else if features.hypervPassthrough?.isOn ?? false {
            var all = HyperVFeatures()
            all.mode = "passthrough"
            hyperv = all
            draft.because("features/hyperv", .field("spec.domain.features.hypervPassthrough"))
        }
        guard let hyperv else { return }
        if let flush = features.hyperv?.tlbflush, flush.direct?.isOn ?? false || flush.extended?.isOn ?? false {
            draft.warn(
                "TLBFlushKindsDropped", "\(field).tlbflush",
                "libvirt 9 knows neither direct nor extended TLB flushes: the guest gets the plain one")
        }
        if request.accelerator == .emulation {
            guard hyperv != HyperVFeatures() else { return }
            draft.adapt(
                "HyperVDropped", field,
                "software emulation has no Hyper-V enlightenments: a Windows guest runs without them, and slower")
        } else {
            draft.domain.features.hyperv = hyperv
        }
    }

    private static func enlightenments(_ spec: HyperV) -> HyperVFeatures {
        var hyperv = HyperVFeatures()
        hyperv.relaxed = spec.relaxed?.isOn
        hyperv.vapic = spec.vapic?.isOn
        hyperv.vpindex = spec.vpindex?.isOn
        hyperv.runtime = spec.runtime?.isOn
        hyperv.synic = spec.synic?.isOn
        hyperv.reset = spec.reset?.isOn
        hyperv.frequencies = spec.frequencies?.isOn
        hyperv.reenlightenment = spec.reenlightenment?.isOn
        hyperv.ipi = spec.ipi?.isOn
        hyperv.evmcs = spec.evmcs?.isOn
        hyperv.spinlocks = spec.spinlocks.map {
            DomainModel.HyperVSpinlocks(state: $0.isOn, retries: $0.spinlocks)
        }
        hyperv.stimer = spec.synictimer.map { HyperVStimer(state: $0.enabled ?? true, direct: $0.direct?.isOn) }
        // Its direct and extended kinds are unknown to libvirt 9.
        hyperv.tlbflush = spec.tlbflush.map { DomainModel.HyperVTLBFlush(state: $0.enabled ?? true) }
        hyperv.vendorID = spec.vendorid.map {
            DomainModel.HyperVVendorID(state: $0.enabled ?? true, value: $0.vendorid)
        }
        return hyperv
    }
}
