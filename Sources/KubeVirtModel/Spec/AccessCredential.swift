package import KubernetesModel

/// One entry of `spec.accessCredentials`.
package struct AccessCredential: TableModel {
    package var sshPublicKey: SSHPublicKeyCredential?
    package var userPassword: UserPasswordCredential?
    package var unknownFields: [DocumentMember] = []

    package init() {}

    package static let handledBy: String? = "Disks/SSHKeys"

    package static let table: FieldTable<AccessCredential> = [
        Field("sshPublicKey", \.sshPublicKey),
        Field("userPassword", \.userPassword).notYet("passwords through the guest agent: set them by cloud-init"),
    ]
}

/// `accessCredentials[].sshPublicKey`.
package struct SSHPublicKeyCredential: TableModel {
    package var propagationMethod = SSHPublicKeyPropagation()
    package var source = CredentialSource()
    package var unknownFields: [DocumentMember] = []

    package init() {}

    package static let table: FieldTable<SSHPublicKeyCredential> = [
        Field("propagationMethod", required: \.propagationMethod),
        Field("source", required: \.source),
    ]
}

/// `sshPublicKey.propagationMethod`: how keys reach the guest; exactly one is set.
package struct SSHPublicKeyPropagation: TableModel {
    package var configDrive: EmptyObject?
    package var noCloud: EmptyObject?
    package var qemuGuestAgent: SSHPublicKeyAgentPropagation?
    package var unknownFields: [DocumentMember] = []

    package init() {}

    package static let table: FieldTable<SSHPublicKeyPropagation> = [
        Field("configDrive", \.configDrive),
        Field("noCloud", \.noCloud),
        Field("qemuGuestAgent", \.qemuGuestAgent).notYet(
            "SSH keys through the guest agent: use noCloud or configDrive"),
    ]
}

/// `sshPublicKey.propagationMethod.qemuGuestAgent`.
package struct SSHPublicKeyAgentPropagation: TableModel {
    /// The users of the guest that the keys are for.
    package var users: [String] = []
    package var unknownFields: [DocumentMember] = []

    package init() {}

    package static let table: FieldTable<SSHPublicKeyAgentPropagation> = [Field("users", \.users)]
}

/// `accessCredentials[].userPassword`.
package struct UserPasswordCredential: TableModel {
    package var propagationMethod = UserPasswordPropagation()
    package var source = CredentialSource()
    package var unknownFields: [DocumentMember] = []

    package init() {}

    package static let table: FieldTable<UserPasswordCredential> = [
        Field("propagationMethod", required: \.propagationMethod),
        Field("source", required: \.source),
    ]
}

/// `userPassword.propagationMethod`.
package struct UserPasswordPropagation: TableModel {
    package var qemuGuestAgent: EmptyObject?
    package var unknownFields: [DocumentMember] = []

    package init() {}

    package static let table: FieldTable<UserPasswordPropagation> = [Field("qemuGuestAgent", \.qemuGuestAgent)]
}

/// Where keys or passwords come from.
package struct CredentialSource: TableModel {
    package var secret: CredentialSecret?
    package var unknownFields: [DocumentMember] = []

    package init() {}

    package static let table: FieldTable<CredentialSource> = [Field("secret", \.secret)]
}

/// `source.secret`.
package struct CredentialSecret: TableModel {
    package var secretName = ""
    package var unknownFields: [DocumentMember] = []

    package init() {}

    package static let table: FieldTable<CredentialSecret> = [Field("secretName", required: \.secretName)]
}
