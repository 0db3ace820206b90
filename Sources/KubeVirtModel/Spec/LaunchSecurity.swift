package import KubernetesModel

/// `spec.domain.launchSecurity`: memory that the host cannot read.
package struct LaunchSecurity: TableModel {
    package var sev: SEV?
    package var snp: EmptyObject?
    package var tdx: EmptyObject?
    package var unknownFields: [DocumentMember] = []

    package init() {}

    package static let handledBy: String? = "DomainPlan/LaunchSecurityPart"

    package static let table: FieldTable<LaunchSecurity> = [
        Field("sev", \.sev),
        Field("snp", \.snp),
        Field("tdx", \.tdx),
    ]
}

/// `spec.domain.launchSecurity.sev`.
package struct SEV: TableModel {
    package var attestation: EmptyObject?
    /// The guest owner's Diffie-Hellman key, base64.
    package var dhCert: String?
    package var policy: SEVPolicy?
    /// The guest owner's session, base64.
    package var session: String?
    package var unknownFields: [DocumentMember] = []

    package init() {}

    package static let table: FieldTable<SEV> = [
        Field("attestation", \.attestation).notYet(
            "attestation by requests to a VMI: give dhCert and session in the spec"),
        Field("dhCert", \.dhCert),
        Field("policy", \.policy),
        Field("session", \.session),
    ]
}

/// `spec.domain.launchSecurity.sev.policy`.
package struct SEVPolicy: TableModel {
    /// Whether registers are encrypted too (SEV-ES).
    package var encryptedState: Bool?
    package var unknownFields: [DocumentMember] = []

    package init() {}

    package static let table: FieldTable<SEVPolicy> = [Field("encryptedState", \.encryptedState)]
}
