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

    package static let table: [Field<CloudInitSource>] = [
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

    package static let table: [Field<LocalReference>] = [Field("name", required: \.name)]
}

/// `volumes[].configMap`.
package struct ConfigMapSource: TableModel {
    package var name = ""
    package var optional: Bool?
    package var volumeLabel: String?
    package var unknownFields: [DocumentMember] = []

    package init() {}

    package static let table: [Field<ConfigMapSource>] = [
        Field("name", required: \.name), Field("optional", \.optional), Field("volumeLabel", \.volumeLabel),
    ]
}

/// `volumes[].secret`.
package struct SecretSource: TableModel {
    package var secretName = ""
    package var optional: Bool?
    package var volumeLabel: String?
    package var unknownFields: [DocumentMember] = []

    package init() {}

    package static let table: [Field<SecretSource>] = [
        Field("secretName", required: \.secretName),
        Field("optional", \.optional),
        Field("volumeLabel", \.volumeLabel),
    ]
}
