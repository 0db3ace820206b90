package import KubernetesModel

/// `spec.domain.memory`.
package struct Memory: TableModel {
    package var guest: Quantity?
    package var unknownFields: [DocumentMember] = []

    package init() {}

    package static let table: [Field<Memory>] = [
        Field("guest", \.guest),
        Field(notYet: "hugepages", "hugepages"),
        Field(notYet: "maxGuest", "memory hotplug"),
        Field(elsewhere: "reservedOverhead"),
    ]
}
