package import KubernetesModel

/// A VMI's `spec`.
package struct VirtualMachineInstanceSpec: TableModel {
    package var architecture: String?
    package var domain = DomainSpec()
    package var hostname: String?
    package var subdomain: String?
    package var networks: [Network] = []
    package var volumes: [Volume] = []
    package var startStrategy: StartStrategy?
    /// Seconds between the ACPI signal and the kill; 30 where absent.
    package var terminationGracePeriodSeconds: Int64?
    package var unknownFields: [DocumentMember] = []

    package init() {}

    package static let table: [Field<VirtualMachineInstanceSpec>] = [
        Field("architecture", \.architecture),
        Field("domain", required: \.domain),
        Field("hostname", \.hostname),
        Field("subdomain", \.subdomain),
        Field("networks", \.networks),
        Field("volumes", \.volumes),
        Field("startStrategy", \.startStrategy),
        Field("terminationGracePeriodSeconds", \.terminationGracePeriodSeconds),
        Field(notYet: "accessCredentials", "SSH keys and passwords: put them into cloud-init's user data"),
        Field(notYet: "resourceClaims", "dynamic resource allocation"),
        Field(notYet: "utilityVolumes", "utility volumes"),
        Field(elsewhere: "affinity"),
        Field(elsewhere: "dnsConfig"),
        Field(elsewhere: "dnsPolicy"),
        Field(elsewhere: "evictionStrategy"),
        Field(elsewhere: "livenessProbe"),
        Field(elsewhere: "readinessProbe"),
        Field(elsewhere: "nodeSelector"),
        Field(elsewhere: "priorityClassName"),
        Field(elsewhere: "schedulerName"),
        Field(elsewhere: "serviceAccountName"),
        Field(elsewhere: "tolerations"),
        Field(elsewhere: "topologySpreadConstraints"),
    ]
}

/// `spec.startStrategy`.
package enum StartStrategy: String, FieldChoice {
    case paused = "Paused"
}
