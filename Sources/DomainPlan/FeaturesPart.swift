import DomainModel
import KubeVirtModel

/// ACPI, APIC, SMM, the PMU, and what KVM shows of itself (`<features>`).
enum FeaturesPart {
    private static let field = "spec.domain.features"

    static func configure(_ draft: inout DomainDraft, _ request: PlanRequest) {
        let spec = request.domain.features
        draft.domain.features.acpi = spec?.acpi?.isOn ?? true
        if let apic = spec?.apic, apic.enabled ?? true {
            draft.domain.features.apic = DomainFeatures.APIC(endOfInterrupt: apic.endOfInterrupt)
        }
        draft.domain.features.smm = spec?.smm?.isOn ?? false ? true : nil
        draft.domain.features.vmport = false
        if request.domain.cpu?.realtime != nil || request.domain.launchSecurity?.tdx != nil {
            draft.domain.features.pmu = false
            draft.because("features/pmu", .rule("realtime and TDX guests go without a PMU"))
        }
        configureKVM(&draft, request)
        explain(&draft)
    }

    /// Software emulation shows no KVM: what hides it, or hints at it, is true there without more; its spin locks are not
    /// to be had.
    private static func configureKVM(_ draft: inout DomainDraft, _ request: PlanRequest) {
        let spec = request.domain.features
        var kvm = KVMFeatures()
        kvm.hidden = spec?.kvm.map { $0.hidden ?? false }
        if request.domain.cpu?.dedicatedCpuPlacement ?? false {
            kvm.hintDedicated = true
            draft.because("features/kvm/hint-dedicated", .field("spec.domain.cpu.dedicatedCpuPlacement"))
        }
        draft.domain.features.kvm = kvm == KVMFeatures() ? nil : kvm
        draft.domain.features.pvspinlock = spec?.pvspinlock.map(\.isOn)
        if request.accelerator == .emulation, draft.domain.features.pvspinlock ?? false {
            draft.domain.features.pvspinlock = nil
            draft.adapt(
                "SpinLocksDropped", "\(field).pvspinlock",
                "software emulation has none of KVM's spin locks: the guest runs without them")
        }
    }

    private static func explain(_ draft: inout DomainDraft) {
        guard draft.isExplaining else { return }
        for name in ["acpi", "apic", "smm", "pvspinlock"] {
            draft.because("features/\(name)", .field("\(field).\(name)"))
        }
        draft.because("features/kvm/hidden", .field("\(field).kvm.hidden"))
        draft.because("features/vmport", .rule("no VM of ours is a VMware guest"))
    }
}
