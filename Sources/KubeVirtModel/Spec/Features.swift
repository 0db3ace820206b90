package import KubernetesModel

/// `spec.domain.features`.
package struct Features: TableModel {
    package var acpi: FeatureState?
    package var apic: APICFeature?
    package var hyperv: HyperV?
    /// Every Hyper-V interface that the host has.
    package var hypervPassthrough: FeatureState?
    package var kvm: KVMFeature?
    package var pvspinlock: FeatureState?
    package var smm: FeatureState?
    package var unknownFields: [DocumentMember] = []

    package init() {}

    package static let handledBy: String? = "DomainPlan/FeaturesPart"

    package static let table: FieldTable<Features> = [
        Field("acpi", \.acpi),
        Field("apic", \.apic),
        Field("hyperv", \.hyperv),
        Field("hypervPassthrough", \.hypervPassthrough).handled(by: "DomainPlan/HyperVPart"),
        Field("kvm", \.kvm),
        Field("pvspinlock", \.pvspinlock),
        Field("smm", \.smm),
    ]
}

/// A feature that is on once it is named, unless it says otherwise.
package struct FeatureState: TableModel {
    package var enabled: Bool?
    package var unknownFields: [DocumentMember] = []

    package init() {}

    package static let table: FieldTable<FeatureState> = [Field("enabled", \.enabled)]

    package var isOn: Bool { enabled ?? true }
}

/// `spec.domain.features.apic`.
package struct APICFeature: TableModel {
    package var enabled: Bool?
    package var endOfInterrupt: Bool?
    package var unknownFields: [DocumentMember] = []

    package init() {}

    package static let table: FieldTable<APICFeature> = [
        Field("enabled", \.enabled),
        Field("endOfInterrupt", \.endOfInterrupt),
    ]

    package var isOn: Bool { enabled ?? true }
}

/// `spec.domain.features.kvm`.
package struct KVMFeature: TableModel {
    package var hidden: Bool?
    package var unknownFields: [DocumentMember] = []

    package init() {}

    package static let table: FieldTable<KVMFeature> = [Field("hidden", \.hidden)]
}
