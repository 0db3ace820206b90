package import KubernetesModel

/// `spec.domain.memory`.
package struct Memory: TableModel {
    package var guest: Quantity?
    package var hugepages: Hugepages?
    /// Memory that the guest can grow to while it runs.
    package var maxGuest: Quantity?
    package var reservedOverhead: ReservedOverhead?
    package var unknownFields: [DocumentMember] = []

    package init() {}

    package static let handledBy: String? = "DomainPlan/MemoryPart"

    package static let table: FieldTable<Memory> = [
        Field("guest", \.guest),
        Field("hugepages", \.hugepages),
        Field("maxGuest", \.maxGuest),
        Field("reservedOverhead", \.reservedOverhead).elsewhere("virt-controller"),
    ]
}

/// `spec.domain.memory.hugepages`.
package struct Hugepages: TableModel {
    /// A quantity, such as `2Mi` or `1Gi`.
    package var pageSize: String?
    package var unknownFields: [DocumentMember] = []

    package init() {}

    package static let table: FieldTable<Hugepages> = [Field("pageSize", \.pageSize)]

    /// The size of a page, where `pageSize` is a quantity.
    package var size: Quantity? { pageSize.flatMap(Quantity.init) }
}

/// `spec.domain.memory.reservedOverhead`: what a VMI asks for beyond the guest's memory.
package struct ReservedOverhead: TableModel {
    package var addedOverhead: Quantity?
    package var memLock: MemoryLock?
    package var unknownFields: [DocumentMember] = []

    package init() {}

    package static let table: FieldTable<ReservedOverhead> = [
        Field("addedOverhead", \.addedOverhead),
        Field("memLock", \.memLock),
    ]
}

/// Whether all memory of the VMI must stay in RAM.
package enum MemoryLock: String, FieldChoice {
    case notRequired = "NotRequired"
    case required = "Required"
}
