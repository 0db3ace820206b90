package import KubernetesModel

/// `spec.domain.features`.
package struct Features: TableModel {
    package var acpi: FeatureState?
    package var apic: APICFeature?
    package var kvm: KVMFeature?
    package var pvspinlock: FeatureState?
    package var smm: FeatureState?
    package var unknownFields: [DocumentMember] = []

    package init() {}

    package static let table: [Field<Features>] = [
        Field("acpi", \.acpi),
        Field("apic", \.apic),
        Field("kvm", \.kvm),
        Field("pvspinlock", \.pvspinlock),
        Field("smm", \.smm),
        Field(notYet: "hyperv", "Hyper-V enlightenments"),
        Field(notYet: "hypervPassthrough", "Hyper-V enlightenments"),
    ]
}

/// A feature that is on once it is named, unless it says otherwise.
package struct FeatureState: TableModel {
    package var enabled: Bool?
    package var unknownFields: [DocumentMember] = []

    package init() {}

    package static let table: [Field<FeatureState>] = [Field("enabled", \.enabled)]

    package var isOn: Bool { enabled ?? true }
}

/// `spec.domain.features.apic`.
package struct APICFeature: TableModel {
    package var enabled: Bool?
    package var endOfInterrupt: Bool?
    package var unknownFields: [DocumentMember] = []

    package init() {}

    package static let table: [Field<APICFeature>] = [
        Field("enabled", \.enabled), Field("endOfInterrupt", \.endOfInterrupt),
    ]
}

/// `spec.domain.features.kvm`.
package struct KVMFeature: TableModel {
    package var hidden: Bool?
    package var unknownFields: [DocumentMember] = []

    package init() {}

    package static let table: [Field<KVMFeature>] = [Field("hidden", \.hidden)]
}
