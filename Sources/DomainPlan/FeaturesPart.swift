import DomainModel
import KubeVirtModel

/// ACPI, APIC, SMM and what KVM shows of itself.
enum FeaturesPart {
    static func configure(_ draft: inout DomainDraft, _ request: PlanRequest) {
        guard let spec = request.domain.features else { return }
        var features = DomainFeatures()
        features.acpi = spec.acpi?.isOn ?? true
        if let apic = spec.apic, apic.enabled ?? true {
            features.apic = DomainFeatures.APIC(endOfInterrupt: apic.endOfInterrupt)
        }
        features.smm = spec.smm.map(\.isOn)
        features.vmport = false
        if request.accelerator == .kvm {
            features.kvmHidden = spec.kvm?.hidden
            features.pvspinlock = spec.pvspinlock.map(\.isOn)
        } else if spec.kvm?.hidden ?? false || spec.pvspinlock?.isOn ?? false {
            draft.warn(
                "KVMFeaturesDropped", "spec.domain.features",
                "software emulation has no KVM to hide, nor its spin locks: both were left out")
        }
        draft.domain.features = features
    }
}
