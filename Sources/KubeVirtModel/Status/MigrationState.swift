package import KubernetesModel

/// `status.migrationState`.
package struct MigrationState: TableModel, Equatable {
    package var abortRequested: Bool?
    package var abortStatus: String?
    package var completed: Bool?
    package var startTimestamp: Timestamp?
    package var endTimestamp: Timestamp?
    package var failed: Bool?
    package var failureReason: String?
    package var migrationConfiguration: MigrationConfiguration?
    package var migrationNetworkType: String?
    package var migrationPolicyName: String?
    package var migrationUid: String?
    package var mode: String?
    package var sourceNode: String?
    package var sourcePersistentStatePVCName: String?
    package var sourcePod: String?
    package var sourceState: MigrationSourceState?
    package var targetAttachmentPodUID: String?
    package var targetCPUSet: [Int] = []
    package var targetDirectMigrationNodePorts: [String: Int] = [:]
    package var targetMemoryOverhead: Quantity?
    package var targetNode: String?
    package var targetNodeAddress: String?
    package var targetNodeDomainDetected: Bool?
    package var targetNodeDomainReadyTimestamp: Timestamp?
    /// The target's NUMA cells, as JSON.
    package var targetNodeTopology: String?
    package var targetPersistentStatePVCName: String?
    package var targetPod: String?
    package var targetState: MigrationTargetState?
    package var unknownFields: [DocumentMember] = []

    package init() {}

    package static let table: FieldTable<MigrationState> = [
        Field("abortRequested", \.abortRequested),
        Field("abortStatus", \.abortStatus),
        Field("completed", \.completed),
        Field("startTimestamp", \.startTimestamp),
        Field("endTimestamp", \.endTimestamp),
        Field("failed", \.failed),
        Field("failureReason", \.failureReason),
        Field("migrationConfiguration", \.migrationConfiguration),
        Field("migrationNetworkType", \.migrationNetworkType),
        Field("migrationPolicyName", \.migrationPolicyName),
        Field("migrationUid", \.migrationUid),
        Field("mode", \.mode),
        Field("sourceNode", \.sourceNode),
        Field("sourcePersistentStatePVCName", \.sourcePersistentStatePVCName),
        Field("sourcePod", \.sourcePod),
        Field("sourceState", \.sourceState),
        Field("targetAttachmentPodUID", \.targetAttachmentPodUID),
        Field("targetCPUSet", \.targetCPUSet),
        Field("targetDirectMigrationNodePorts", \.targetDirectMigrationNodePorts),
        Field("targetMemoryOverhead", \.targetMemoryOverhead),
        Field("targetNode", \.targetNode),
        Field("targetNodeAddress", \.targetNodeAddress),
        Field("targetNodeDomainDetected", \.targetNodeDomainDetected),
        Field("targetNodeDomainReadyTimestamp", \.targetNodeDomainReadyTimestamp),
        Field("targetNodeTopology", \.targetNodeTopology),
        Field("targetPersistentStatePVCName", \.targetPersistentStatePVCName),
        Field("targetPod", \.targetPod),
        Field("targetState", \.targetState),
    ]
}

/// `migrationState.sourceState`.
package struct MigrationSourceState: TableModel, Equatable {
    package var domainName: String?
    package var domainNamespace: String?
    package var migrationUID: String?
    package var node: String?
    package var nodeSelectors: [String: String] = [:]
    package var persistentStatePVCName: String?
    package var pod: String?
    package var selinuxContext: String?
    package var syncAddress: String?
    package var virtualMachineInstanceUID: String?
    package var unknownFields: [DocumentMember] = []

    package init() {}

    package static let table: FieldTable<MigrationSourceState> = [
        Field("domainName", \.domainName),
        Field("domainNamespace", \.domainNamespace),
        Field("migrationUID", \.migrationUID),
        Field("node", \.node),
        Field("nodeSelectors", \.nodeSelectors),
        Field("persistentStatePVCName", \.persistentStatePVCName),
        Field("pod", \.pod),
        Field("selinuxContext", \.selinuxContext),
        Field("syncAddress", \.syncAddress),
        Field("virtualMachineInstanceUID", \.virtualMachineInstanceUID),
    ]
}

/// `migrationState.targetState`.
package struct MigrationTargetState: TableModel, Equatable {
    package var attachmentPodUID: String?
    package var cpuSet: [Int] = []
    package var directMigrationNodePorts: [String: Int] = [:]
    package var domainDetected: Bool?
    package var domainName: String?
    package var domainNamespace: String?
    package var domainReadyTimestamp: Timestamp?
    package var migrationUID: String?
    package var node: String?
    package var nodeAddress: String?
    package var nodeTopology: String?
    package var persistentStatePVCName: String?
    package var pod: String?
    package var selinuxContext: String?
    package var syncAddress: String?
    package var virtualMachineInstanceUID: String?
    package var unknownFields: [DocumentMember] = []

    package init() {}

    package static let table: FieldTable<MigrationTargetState> = [
        Field("attachmentPodUID", \.attachmentPodUID),
        Field("cpuSet", \.cpuSet),
        Field("directMigrationNodePorts", \.directMigrationNodePorts),
        Field("domainDetected", \.domainDetected),
        Field("domainName", \.domainName),
        Field("domainNamespace", \.domainNamespace),
        Field("domainReadyTimestamp", \.domainReadyTimestamp),
        Field("migrationUID", \.migrationUID),
        Field("node", \.node),
        Field("nodeAddress", \.nodeAddress),
        Field("nodeTopology", \.nodeTopology),
        Field("persistentStatePVCName", \.persistentStatePVCName),
        Field("pod", \.pod),
        Field("selinuxContext", \.selinuxContext),
        Field("syncAddress", \.syncAddress),
        Field("virtualMachineInstanceUID", \.virtualMachineInstanceUID),
    ]
}
