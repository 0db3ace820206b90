package import KubernetesModel

/// One entry of `spec.volumes`: a name, and exactly one source.
package struct Volume: TableModel {
    package var name = ""
    package var cloudInitConfigDrive: CloudInitSource?
    package var cloudInitNoCloud: CloudInitSource?
    package var configMap: ConfigMapSource?
    package var containerDisk: ContainerDiskSource?
    package var containerPath: ContainerPathSource?
    package var dataVolume: DataVolumeSource?
    package var downwardAPI: DownwardAPISource?
    package var downwardMetrics: EmptyObject?
    package var emptyDisk: EmptyDiskSource?
    package var ephemeral: EphemeralSource?
    package var hostDisk: HostDiskSource?
    package var memoryDump: MemoryDumpSource?
    package var persistentVolumeClaim: ClaimSource?
    package var secret: SecretSource?
    package var serviceAccount: ServiceAccountSource?
    package var sysprep: SysprepSource?
    package var unknownFields: [DocumentMember] = []

    package init() {}

    package static let handledBy: String? = "Disks/DiskPreparer"

    package static let table: FieldTable<Volume> = [
        Field("name", required: \.name),
        Field("cloudInitConfigDrive", \.cloudInitConfigDrive),
        Field("cloudInitNoCloud", \.cloudInitNoCloud),
        Field("configMap", \.configMap),
        Field("containerDisk", \.containerDisk),
        Field("containerPath", \.containerPath).handled(
            by: "DomainPlan/FilesystemsPart (run refuses it: it needs a container)"),
        Field("dataVolume", \.dataVolume).handled(by: "DomainPlan/DisksPart (run refuses it: it needs a cluster)"),
        Field("downwardAPI", \.downwardAPI),
        Field("downwardMetrics", \.downwardMetrics).handled(
            by: "DomainPlan/DisksPart (run refuses it: nothing writes the figures)"),
        Field("emptyDisk", \.emptyDisk),
        Field("ephemeral", \.ephemeral),
        Field("hostDisk", \.hostDisk),
        Field("memoryDump", \.memoryDump).notYet("memory dumps"),
        Field("persistentVolumeClaim", \.persistentVolumeClaim),
        Field("secret", \.secret),
        Field("serviceAccount", \.serviceAccount).handled(
            by: "DomainPlan/DisksPart (run refuses it: it needs a cluster)"),
        Field("sysprep", \.sysprep),
    ]

    /// The names of the sources that are set; a sound volume has one.
    package var sources: [String] {
        Self.table.fields.filter { $0.name != "name" && $0.isSet(in: self) }.map(\.name)
    }
}
