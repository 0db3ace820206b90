package import KubernetesModel

/// `volumes[].downwardAPI`: facts about the VMI, as files.
package struct DownwardAPISource: TableModel {
    package var fields: [DownwardAPIFile] = []
    package var volumeLabel: String?
    package var unknownFields: [DocumentMember] = []

    package init() {}

    package static let handledBy: String? = "Disks/DownwardMedium"

    package static let table: FieldTable<DownwardAPISource> = [
        Field("fields", \.fields),
        Field("volumeLabel", \.volumeLabel),
    ]
}

/// One entry of `downwardAPI.fields`.
package struct DownwardAPIFile: TableModel {
    package var path = ""
    package var fieldRef: FieldReference?
    package var resourceFieldRef: ResourceReference?
    /// Permission bits of the file.
    package var mode: Int32?
    package var unknownFields: [DocumentMember] = []

    package init() {}

    package static let table: FieldTable<DownwardAPIFile> = [
        Field("path", required: \.path),
        Field("fieldRef", \.fieldRef),
        Field("resourceFieldRef", \.resourceFieldRef).handled(
            by: "Disks/DownwardMedium (run refuses it: there is no pod whose resources it could name)"),
        Field("mode", \.mode).handled(by: "Disks/DownwardMedium (all can read the files of a medium)"),
    ]
}

/// `fieldRef`: a field of the pod.
package struct FieldReference: TableModel {
    package var apiVersion: String?
    package var fieldPath = ""
    package var unknownFields: [DocumentMember] = []

    package init() {}

    package static let table: FieldTable<FieldReference> = [
        Field("apiVersion", \.apiVersion),
        Field("fieldPath", required: \.fieldPath),
    ]
}

/// `resourceFieldRef`: a limit or request of a container.
package struct ResourceReference: TableModel {
    package var containerName: String?
    package var divisor: Quantity?
    package var resource = ""
    package var unknownFields: [DocumentMember] = []

    package init() {}

    package static let table: FieldTable<ResourceReference> = [
        Field("containerName", \.containerName),
        Field("divisor", \.divisor),
        Field("resource", required: \.resource),
    ]
}
