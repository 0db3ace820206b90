package import KubernetesModel

/// `volumes[].containerDisk`.
package struct ContainerDiskSource: TableModel {
    package var image = ""
    package var imagePullPolicy: ImagePullPolicy?
    package var imagePullSecret: String?
    /// The disk's path within the image; the one file under `/disk` where absent.
    package var path: String?
    package var unknownFields: [DocumentMember] = []

    package init() {}

    package static let table: FieldTable<ContainerDiskSource> = [
        Field("image", required: \.image),
        Field("imagePullPolicy", \.imagePullPolicy),
        Field("imagePullSecret", \.imagePullSecret),
        Field("path", \.path),
    ]
}

/// `volumes[].emptyDisk`.
package struct EmptyDiskSource: TableModel {
    package var capacity = Quantity(bytes: 0)
    package var unknownFields: [DocumentMember] = []

    package init() {}

    package static let handledBy: String? = "Disks/DiskPreparer+Layers"

    package static let table: FieldTable<EmptyDiskSource> = [Field("capacity", required: \.capacity)]
}

/// `volumes[].ephemeral`: a throw-away layer over something that lasts.
package struct EphemeralSource: TableModel {
    package var persistentVolumeClaim: ClaimSource?
    package var unknownFields: [DocumentMember] = []

    package init() {}

    package static let handledBy: String? = "Disks/DiskPreparer+Layers"

    package static let table: FieldTable<EphemeralSource> = [
        Field("persistentVolumeClaim", \.persistentVolumeClaim).without("hotpluggable")
    ]
}

/// A claim by its name. On a host without a cluster it is the file `claims/NAMESPACE/NAME/disk.img` in the state
/// folder.
package struct ClaimSource: TableModel {
    package var claimName = ""
    package var readOnly: Bool?
    package var hotpluggable: Bool?
    package var unknownFields: [DocumentMember] = []

    package init() {}

    package static let handledBy: String? = "Disks/DiskPreparer+Host"

    package static let table: FieldTable<ClaimSource> = [
        Field("claimName", required: \.claimName),
        Field("readOnly", \.readOnly),
        Field("hotpluggable", \.hotpluggable).elsewhere("virt-controller"),
    ]
}

/// `volumes[].dataVolume`: a claim that an importer fills, of the same name.
package struct DataVolumeSource: TableModel {
    package var name = ""
    package var hotpluggable: Bool?
    package var unknownFields: [DocumentMember] = []

    package init() {}

    package static let table: FieldTable<DataVolumeSource> = [
        Field("name", required: \.name),
        Field("hotpluggable", \.hotpluggable).elsewhere("virt-controller"),
    ]
}

/// `volumes[].memoryDump`: the claim that a dump of the guest's memory goes to.
package struct MemoryDumpSource: TableModel {
    package var claimName = ""
    package var hotpluggable: Bool?
    package var readOnly: Bool?
    package var unknownFields: [DocumentMember] = []

    package init() {}

    package static let table: FieldTable<MemoryDumpSource> = [
        Field("claimName", required: \.claimName),
        Field("hotpluggable", \.hotpluggable),
        Field("readOnly", \.readOnly),
    ]
}

/// `volumes[].hostDisk`.
package struct HostDiskSource: TableModel {
    package var path = ""
    package var type = HostDiskType.disk
    package var capacity: Quantity?
    package var shared: Bool?
    package var unknownFields: [DocumentMember] = []

    package init() {}

    package static let handledBy: String? = "Disks/DiskPreparer+Host"

    package static let table: FieldTable<HostDiskSource> = [
        Field("path", required: \.path),
        Field("type", required: \.type),
        Field("capacity", \.capacity),
        Field("shared", \.shared).elsewhere("virt-controller"),
    ]
}

/// Whether a host disk must be there already.
package enum HostDiskType: String, FieldChoice {
    case disk = "Disk"
    case diskOrCreate = "DiskOrCreate"
}
