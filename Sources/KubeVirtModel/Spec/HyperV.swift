package import KubernetesModel

/// `spec.domain.features.hyperv`: the interfaces that Windows looks for on a hypervisor.
package struct HyperV: TableModel {
    package var evmcs: FeatureState?
    package var frequencies: FeatureState?
    package var ipi: FeatureState?
    package var reenlightenment: FeatureState?
    package var relaxed: FeatureState?
    package var reset: FeatureState?
    package var runtime: FeatureState?
    package var spinlocks: HyperVSpinlocks?
    package var synic: FeatureState?
    package var synictimer: HyperVSynICTimer?
    package var tlbflush: HyperVTLBFlush?
    package var vapic: FeatureState?
    package var vendorid: HyperVVendorID?
    package var vpindex: FeatureState?
    package var unknownFields: [DocumentMember] = []

    package init() {}

    package static let handledBy: String? = "DomainPlan/HyperVPart"

    package static let table: FieldTable<HyperV> = [
        Field("evmcs", \.evmcs),
        Field("frequencies", \.frequencies),
        Field("ipi", \.ipi),
        Field("reenlightenment", \.reenlightenment),
        Field("relaxed", \.relaxed),
        Field("reset", \.reset),
        Field("runtime", \.runtime),
        Field("spinlocks", \.spinlocks),
        Field("synic", \.synic),
        Field("synictimer", \.synictimer),
        Field("tlbflush", \.tlbflush),
        Field("vapic", \.vapic),
        Field("vendorid", \.vendorid),
        Field("vpindex", \.vpindex),
    ]
}

/// `hyperv.spinlocks`.
package struct HyperVSpinlocks: TableModel {
    package var enabled: Bool?
    /// Attempts before the guest tells the hypervisor; 4096 where absent.
    package var spinlocks: UInt32?
    package var unknownFields: [DocumentMember] = []

    package init() {}

    package static let table: FieldTable<HyperVSpinlocks> = [
        Field("enabled", \.enabled),
        Field("spinlocks", \.spinlocks),
    ]

    package var isOn: Bool { enabled ?? true }
}

/// `hyperv.synictimer`.
package struct HyperVSynICTimer: TableModel {
    package var enabled: Bool?
    package var direct: FeatureState?
    package var unknownFields: [DocumentMember] = []

    package init() {}

    package static let table: FieldTable<HyperVSynICTimer> = [Field("enabled", \.enabled), Field("direct", \.direct)]

    package var isOn: Bool { enabled ?? true }
}

/// `hyperv.tlbflush`.
package struct HyperVTLBFlush: TableModel {
    package var enabled: Bool?
    package var direct: FeatureState?
    package var extended: FeatureState?
    package var unknownFields: [DocumentMember] = []

    package init() {}

    package static let table: FieldTable<HyperVTLBFlush> = [
        Field("enabled", \.enabled),
        Field("direct", \.direct),
        Field("extended", \.extended),
    ]

    package var isOn: Bool { enabled ?? true }
}

/// `hyperv.vendorid`.
package struct HyperVVendorID: TableModel {
    package var enabled: Bool?
    /// At most 12 characters.
    package var vendorid: String?
    package var unknownFields: [DocumentMember] = []

    package init() {}

    package static let table: FieldTable<HyperVVendorID> = [Field("enabled", \.enabled), Field("vendorid", \.vendorid)]

    package var isOn: Bool { enabled ?? true }
}
