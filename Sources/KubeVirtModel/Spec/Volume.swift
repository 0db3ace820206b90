package import KubernetesModel

/// One entry of `spec.volumes`: a name, and exactly one source.
package struct Volume: TableModel {
    package var name = ""
    package var containerDisk: ContainerDiskSource?
    package var cloudInitNoCloud: CloudInitSource?
    package var cloudInitConfigDrive: CloudInitSource?
    package var configMap: ConfigMapSource?
    package var secret: SecretSource?
    package var emptyDisk: EmptyDiskSource?
    package var ephemeral: EphemeralSource?
    package var hostDisk: HostDiskSource?
    package var persistentVolumeClaim: ClaimSource?
    package var unknownFields: [DocumentMember] = []

    package init() {}

    private static let claims = "data volumes need a cluster: use a persistentVolumeClaim or a hostDisk"

    package static let table: [Field<Volume>] = [
        Field("name", required: \.name),
        Field("containerDisk", \.containerDisk),
        Field("cloudInitNoCloud", \.cloudInitNoCloud),
        Field("cloudInitConfigDrive", \.cloudInitConfigDrive),
        Field("configMap", \.configMap),
        Field("secret", \.secret),
        Field("emptyDisk", \.emptyDisk),
        Field("ephemeral", \.ephemeral),
        Field("hostDisk", \.hostDisk),
        Field("persistentVolumeClaim", \.persistentVolumeClaim),
        Field(notYet: "dataVolume", claims),
        Field(notYet: "memoryDump", claims),
        Field(notYet: "containerPath", "container paths"),
        Field(notYet: "downwardAPI", "the downward API"),
        Field(notYet: "downwardMetrics", "downward metrics"),
        Field(notYet: "serviceAccount", "service accounts need a cluster"),
        Field(notYet: "sysprep", "sysprep media"),
    ]

    /// The names of the sources that are set; a sound volume has one.
    package var sources: [String] {
        Self.table.map(\.name).filter { $0 != "name" }.filter { name in
            unknownFields.contains { $0.name == name } || isSet(name)
        }
    }

    private func isSet(_ name: String) -> Bool {
        switch name {
        case "containerDisk": containerDisk != nil
        case "cloudInitNoCloud": cloudInitNoCloud != nil
        case "cloudInitConfigDrive": cloudInitConfigDrive != nil
        case "configMap": configMap != nil
        case "secret": secret != nil
        case "emptyDisk": emptyDisk != nil
        case "ephemeral": ephemeral != nil
        case "hostDisk": hostDisk != nil
        case "persistentVolumeClaim": persistentVolumeClaim != nil
        default: false
        }
    }
}

/// `volumes[].containerDisk`.
package struct ContainerDiskSource: TableModel {
    package var image = ""
    package var imagePullPolicy: ImagePullPolicy?
    package var imagePullSecret: String?
    /// The disk's path within the image; the one file under `/disk` where absent.
    package var path: String?
    package var unknownFields: [DocumentMember] = []

    package init() {}

    package static let table: [Field<ContainerDiskSource>] = [
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

    package static let table: [Field<EmptyDiskSource>] = [Field("capacity", required: \.capacity)]
}

/// `volumes[].ephemeral`: a throw-away layer over something that lasts.
package struct EphemeralSource: TableModel {
    package var persistentVolumeClaim: ClaimSource?
    package var unknownFields: [DocumentMember] = []

    package init() {}

    package static let table: [Field<EphemeralSource>] = [Field("persistentVolumeClaim", \.persistentVolumeClaim)]
}

/// A claim by its name. On a host without a cluster it is the file `claims/NAMESPACE/NAME/disk.img` in the state folder.
package struct ClaimSource: TableModel {
    package var claimName = ""
    package var readOnly: Bool?
    package var unknownFields: [DocumentMember] = []

    package init() {}

    package static let table: [Field<ClaimSource>] = [
        Field("claimName", required: \.claimName),
        Field("readOnly", \.readOnly),
        Field(elsewhere: "hotpluggable"),
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

    package static let table: [Field<HostDiskSource>] = [
        Field("path", required: \.path),
        Field("type", required: \.type),
        Field("capacity", \.capacity),
        Field("shared", \.shared),
    ]
}

package enum HostDiskType: String, FieldChoice {
    case disk = "Disk"
    case diskOrCreate = "DiskOrCreate"
}
