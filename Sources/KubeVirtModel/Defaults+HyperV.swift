extension DomainSpec {
    /// Hyper-V's interfaces bring the ones that they stand on, where the spec says nothing of those. What it turns off
    /// stays off, and is a matter of validation.
    mutating func applyHyperVDefaults() {
        guard var hyperv = features?.hyperv else { return }
        hyperv.applyDefaults()
        if hyperv.evmcs?.isOn ?? false, let cpu, !cpu.features.contains(where: { $0.name == "vmx" }) {
            var feature = CPUFeature()
            feature.name = "vmx"
            feature.policy = .require
            self.cpu?.features.append(feature)
        }
        features?.hyperv = hyperv
    }
}

extension HyperV {
    fileprivate mutating func applyDefaults() {
        if spinlocks?.isOn ?? false, spinlocks?.spinlocks == nil { spinlocks?.spinlocks = 4096 }
        if evmcs?.isOn ?? false { vapic = vapic ?? FeatureState() }
        if synictimer?.isOn ?? false { synic = synic ?? FeatureState() }
        if synic?.isOn ?? false { vpindex = vpindex ?? FeatureState() }
        if ipi?.isOn ?? false { vpindex = vpindex ?? FeatureState() }
        if tlbflush?.isOn ?? false { vpindex = vpindex ?? FeatureState() }
    }
}
