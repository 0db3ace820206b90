package import KubernetesModel

/// One entry of `spec.domain.devices.filesystems`: a volume that the guest mounts rather than boots.
package struct Filesystem: TableModel {
    package var name = ""
    package var virtiofs = EmptyObject()
    package var unknownFields: [DocumentMember] = []

    package init() {}

    package static let table: FieldTable<Filesystem> = [
        Field("name", required: \.name),
        Field("virtiofs", required: \.virtiofs),
    ]
}
