package import KubernetesModel

/// `volumes[].cloudInitNoCloud` and `volumes[].cloudInitConfigDrive`.
package struct CloudInitSource: TableModel {
    package var userData: String?
    package var userDataBase64: String?
    package var secretRef: LocalReference?
    package var networkData: String?
    package var networkDataBase64: String?
    package var networkDataSecretRef: LocalReference?
    package var unknownFields: [DocumentMember] = []

    package init() {}

    package static let handledBy: String? = "Disks/CloudInit"

    package static let table: FieldTable<CloudInitSource> = [
        Field("userData", \.userData),
        Field("userDataBase64", \.userDataBase64),
        Field("secretRef", \.secretRef),
        Field("networkData", \.networkData),
        Field("networkDataBase64", \.networkDataBase64),
        Field("networkDataSecretRef", \.networkDataSecretRef),
    ]
}

/// The name of an object in the VMI's namespace.
package struct LocalReference: TableModel {
    package var name = ""
    package var unknownFields: [DocumentMember] = []

    package init() {}

    package static let table: FieldTable<LocalReference> = [Field("name", required: \.name)]
}

/// `volumes[].configMap`.
package struct ConfigMapSource: TableModel {
    package var name = ""
    package var optional: Bool?
    package var volumeLabel: String?
    package var unknownFields: [DocumentMember] = []

    package init() {}

    package static let handledBy: String? = "Disks/ConfigMedium"

    package static let table: FieldTable<ConfigMapSource> = [
        Field("name", required: \.name),
        Field("optional", \.optional),
        Field("volumeLabel", \.volumeLabel),
    ]
}

/// `volumes[].secret`.
package struct SecretSource: TableModel {
    package var secretName = ""
    package var optional: Bool?
    package var volumeLabel: String?
    package var unknownFields: [DocumentMember] = []

    package init() {}

    package static let handledBy: String? = "Disks/ConfigMedium"

    package static let table: FieldTable<SecretSource> = [
        Field("secretName", required: \.secretName),
        Field("optional", \.optional),
        Field("volumeLabel", \.volumeLabel),
    ]
}

/// `volumes[].sysprep`: the object that holds the answers to Windows' installer.
package struct SysprepSource: TableModel {
    package var configMap: LocalReference?
    package var secret: LocalReference?
    package var unknownFields: [DocumentMember] = []

    package init() {}

    package static let handledBy: String? = "Disks/ConfigMedium"

    package static let table: FieldTable<SysprepSource> = [Field("configMap", \.configMap), Field("secret", \.secret)]
}

/// `volumes[].serviceAccount`: the token of an account.
package struct ServiceAccountSource: TableModel {
    package var serviceAccountName: String?
    package var unknownFields: [DocumentMember] = []

    package init() {}

    package static let table: FieldTable<ServiceAccountSource> = [Field("serviceAccountName", \.serviceAccountName)]
}

/// `volumes[].containerPath`: a folder of the container that the VMI runs in.
package struct ContainerPathSource: TableModel {
    package var path = ""
    /// True where absent; nothing else is allowed.
    package var readOnly: Bool?
    package var unknownFields: [DocumentMember] = []

    package init() {}

    package static let table: FieldTable<ContainerPathSource> = [
        Field("path", required: \.path),
        Field("readOnly", \.readOnly),
    ]
}
