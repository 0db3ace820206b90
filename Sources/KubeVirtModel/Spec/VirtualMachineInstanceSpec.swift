package import KubernetesModel

/// A VMI's `spec`.
package struct VirtualMachineInstanceSpec: TableModel {
    package var accessCredentials: [AccessCredential] = []
    package var affinity: DocumentNode?
    package var architecture: String?
    package var dnsConfig: DocumentNode?
    package var dnsPolicy: String?
    package var domain = DomainSpec()
    package var evictionStrategy: EvictionStrategy?
    package var hostname: String?
    package var livenessProbe: Probe?
    package var networks: [Network] = []
    package var nodeSelector: [String: String] = [:]
    package var priorityClassName: String?
    package var readinessProbe: Probe?
    package var resourceClaims: [PodResourceClaim] = []
    package var schedulerName: String?
    package var serviceAccountName: String?
    package var startStrategy: StartStrategy?
    package var subdomain: String?
    /// Seconds between the ACPI signal and the kill; 30 where absent.
    package var terminationGracePeriodSeconds: Int64?
    package var tolerations: [DocumentNode] = []
    package var topologySpreadConstraints: [DocumentNode] = []
    package var utilityVolumes: [UtilityVolume] = []
    package var volumes: [Volume] = []
    package var unknownFields: [DocumentMember] = []

    package init() {}

    package static let table: FieldTable<VirtualMachineInstanceSpec> = [
        Field("accessCredentials", \.accessCredentials),
        Field("affinity", \.affinity).elsewhere("scheduler"),
        Field("architecture", \.architecture).handled(by: "DomainPlan/FirmwarePart"),
        Field("dnsConfig", \.dnsConfig).elsewhere("kubelet"),
        Field("dnsPolicy", \.dnsPolicy).elsewhere("kubelet"),
        Field("domain", required: \.domain),
        Field("evictionStrategy", \.evictionStrategy).elsewhere("virt-controller"),
        Field("hostname", \.hostname).handled(by: "Disks/CloudInit"),
        Field("livenessProbe", \.livenessProbe).elsewhere("kubelet"),
        Field("networks", \.networks),
        Field("nodeSelector", \.nodeSelector).elsewhere("scheduler"),
        Field("priorityClassName", \.priorityClassName).elsewhere("scheduler"),
        Field("readinessProbe", \.readinessProbe).elsewhere("kubelet"),
        Field("resourceClaims", \.resourceClaims).elsewhere("scheduler"),
        Field("schedulerName", \.schedulerName).elsewhere("scheduler"),
        Field("serviceAccountName", \.serviceAccountName).elsewhere("virt-controller"),
        Field("startStrategy", \.startStrategy).handled(by: "NodeAgent/Machine/MachineStarter"),
        Field("subdomain", \.subdomain).elsewhere("the cluster's DNS"),
        Field("terminationGracePeriodSeconds", \.terminationGracePeriodSeconds).handled(
            by: "NodeAgent/Machine/MachineDriver"),
        Field("tolerations", \.tolerations).elsewhere("scheduler"),
        Field("topologySpreadConstraints", \.topologySpreadConstraints).elsewhere("scheduler"),
        Field("utilityVolumes", \.utilityVolumes).elsewhere("virt-controller"),
        Field("volumes", \.volumes),
    ]
}

/// `spec.startStrategy`.
package enum StartStrategy: String, FieldChoice {
    case paused = "Paused"
}

/// `spec.evictionStrategy`: what a drain of the node does.
package enum EvictionStrategy: String, FieldChoice {
    case stop = "None"
    case liveMigrate = "LiveMigrate"
    case liveMigrateIfPossible = "LiveMigrateIfPossible"
    case external = "External"
}
