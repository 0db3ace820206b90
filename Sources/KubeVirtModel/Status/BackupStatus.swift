package import KubernetesModel

/// `status.changedBlockTracking`.
package struct ChangedBlockTrackingStatus: TableModel, Equatable {
    package var state = ""
    package var backupStatus: BackupStatus?
    package var unknownFields: [DocumentMember] = []

    package init() {}

    package static let table: FieldTable<ChangedBlockTrackingStatus> = [
        Field("state", required: \.state),
        Field("backupStatus", \.backupStatus),
    ]
}

/// `changedBlockTracking.backupStatus`.
package struct BackupStatus: TableModel, Equatable {
    package var backupMsg: String?
    package var backupName: String?
    package var checkpointName: String?
    package var completed: Bool?
    package var failed: Bool?
    package var quiesceStatus: String?
    package var startTimestamp: Timestamp?
    package var endTimestamp: Timestamp?
    package var volumes: [BackupVolume] = []
    package var unknownFields: [DocumentMember] = []

    package init() {}

    package static let table: FieldTable<BackupStatus> = [
        Field("backupMsg", \.backupMsg),
        Field("backupName", \.backupName),
        Field("checkpointName", \.checkpointName),
        Field("completed", \.completed),
        Field("failed", \.failed),
        Field("quiesceStatus", \.quiesceStatus),
        Field("startTimestamp", \.startTimestamp),
        Field("endTimestamp", \.endTimestamp),
        Field("volumes", \.volumes),
    ]
}

/// One entry of `backupStatus.volumes`.
package struct BackupVolume: TableModel, Equatable {
    package var volumeName = ""
    package var unknownFields: [DocumentMember] = []

    package init() {}

    package static let table: FieldTable<BackupVolume> = [Field("volumeName", required: \.volumeName)]
}
