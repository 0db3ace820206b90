package import KubernetesModel

/// One entry of `spec.domain.devices.disks`.
package struct Disk: TableModel {
    package var name = ""
    package var bootOrder: UInt32?
    package var cache: DiskCache?
    package var disk: DiskTarget?
    package var cdrom: CDRomTarget?
    package var errorPolicy: DiskErrorPolicy?
    package var io: DiskIO?
    package var serial: String?
    package var shareable: Bool?
    package var tag: String?
    package var unknownFields: [DocumentMember] = []

    package init() {}

    package static let table: [Field<Disk>] = [
        Field("name", required: \.name),
        Field("bootOrder", \.bootOrder),
        Field("cache", \.cache),
        Field("disk", \.disk),
        Field("cdrom", \.cdrom),
        Field("errorPolicy", \.errorPolicy),
        Field("io", \.io),
        Field("serial", \.serial),
        Field("shareable", \.shareable),
        Field("tag", \.tag),
        Field(notYet: "lun", "SCSI LUNs: use disk with bus scsi"),
        Field(notYet: "blockSize", "block sizes of one's own"),
        Field(notYet: "changedBlockTracking", "backups"),
        Field(notYet: "dedicatedIOThread", "I/O threads"),
    ]
}

package enum DiskBus: String, FieldChoice {
    case virtio, sata, scsi, usb
}

package enum DiskCache: String, FieldChoice {
    case none, writethrough, writeback
}

package enum DiskIO: String, FieldChoice {
    case native, threads
}

package enum DiskErrorPolicy: String, FieldChoice {
    case stop, ignore, report, enospace
}

/// `disks[].disk`: the volume shows as a disk.
package struct DiskTarget: TableModel {
    package var bus: DiskBus?
    package var readonly: Bool?
    package var pciAddress: String?
    package var unknownFields: [DocumentMember] = []

    package init() {}

    package static let table: [Field<DiskTarget>] = [
        Field("bus", \.bus), Field("readonly", \.readonly), Field("pciAddress", \.pciAddress),
    ]
}

/// `disks[].cdrom`: the volume shows as a CD-ROM.
package struct CDRomTarget: TableModel {
    package var bus: DiskBus?
    /// True where absent.
    package var readonly: Bool?
    package var tray: TrayState?
    package var unknownFields: [DocumentMember] = []

    package init() {}

    package static let table: [Field<CDRomTarget>] = [
        Field("bus", \.bus), Field("readonly", \.readonly), Field("tray", \.tray),
    ]
}

package enum TrayState: String, FieldChoice {
    case open, closed
}
