package import KubernetesModel

/// One entry of `status.volumeStatus`.
package struct VolumeStatus: TableModel, Equatable {
    package var message: String?
    package var name = ""
    package var phase: String?
    package var reason: String?
    /// Bytes.
    package var size: Int64?
    package var target = ""
    package var containerDiskVolume: ChecksumStatus?
    package var hotplugVolume: HotplugVolumeStatus?
    package var memoryDumpVolume: MemoryDumpStatus?
    package var persistentVolumeClaimInfo: ClaimInfo?
    package var unknownFields: [DocumentMember] = []

    package init() {}

    package static let table: FieldTable<VolumeStatus> = [
        Field("message", \.message),
        Field("name", required: \.name),
        Field("phase", \.phase),
        Field("reason", \.reason),
        Field("size", \.size),
        Field("target", required: \.target),
        Field("containerDiskVolume", \.containerDiskVolume).elsewhere("virt-controller"),
        Field("hotplugVolume", \.hotplugVolume).elsewhere("virt-controller"),
        Field("memoryDumpVolume", \.memoryDumpVolume).elsewhere("virt-controller"),
        Field("persistentVolumeClaimInfo", \.persistentVolumeClaimInfo).elsewhere("virt-controller"),
    ]
}

/// `volumeStatus[].hotplugVolume`: the pod that holds a volume which came later.
package struct HotplugVolumeStatus: TableModel, Equatable {
    package var attachPodName: String?
    package var attachPodUID: String?
    package var unknownFields: [DocumentMember] = []

    package init() {}

    package static let table: FieldTable<HotplugVolumeStatus> = [
        Field("attachPodName", \.attachPodName),
        Field("attachPodUID", \.attachPodUID),
    ]
}

/// `volumeStatus[].memoryDumpVolume`.
package struct MemoryDumpStatus: TableModel, Equatable {
    package var claimName: String?
    package var startTimestamp: Timestamp?
    package var endTimestamp: Timestamp?
    package var targetFileName: String?
    package var unknownFields: [DocumentMember] = []

    package init() {}

    package static let table: FieldTable<MemoryDumpStatus> = [
        Field("claimName", \.claimName),
        Field("startTimestamp", \.startTimestamp),
        Field("endTimestamp", \.endTimestamp),
        Field("targetFileName", \.targetFileName),
    ]
}

/// What is known of a claim.
package struct ClaimInfo: TableModel, Equatable {
    package var accessModes: [String] = []
    package var capacity: [String: Quantity] = [:]
    package var claimName: String?
    /// The share of the volume that the file system keeps, from 0 to 1.
    package var filesystemOverhead: String?
    package var preallocated: Bool?
    package var requests: [String: Quantity] = [:]
    package var volumeMode: String?
    package var unknownFields: [DocumentMember] = []

    package init() {}

    package static let table: FieldTable<ClaimInfo> = [
        Field("accessModes", \.accessModes),
        Field("capacity", \.capacity),
        Field("claimName", \.claimName),
        Field("filesystemOverhead", \.filesystemOverhead),
        Field("preallocated", \.preallocated),
        Field("requests", \.requests),
        Field("volumeMode", \.volumeMode),
    ]
}

/// One entry of `status.migratedVolumes`.
package struct MigratedVolume: TableModel, Equatable {
    package var volumeName = ""
    package var sourcePVCInfo: ClaimInfo?
    package var destinationPVCInfo: ClaimInfo?
    package var unknownFields: [DocumentMember] = []

    package init() {}

    package static let table: FieldTable<MigratedVolume> = [
        Field("volumeName", required: \.volumeName),
        Field("sourcePVCInfo", \.sourcePVCInfo),
        Field("destinationPVCInfo", \.destinationPVCInfo),
    ]
}
