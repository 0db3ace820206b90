package import KubernetesModel

/// One entry of `spec.domain.devices.disks`.
package struct Disk: TableModel {
    package var name = ""
    package var bootOrder: UInt32?
    package var cache: DiskCache?
    package var disk: DiskTarget?
    package var cdrom: CDRomTarget?
    package var lun: LUNTarget?
    package var blockSize: BlockSize?
    package var changedBlockTracking: Bool?
    package var dedicatedIOThread: Bool?
    package var errorPolicy: DiskErrorPolicy?
    package var io: DiskIO?
    package var serial: String?
    package var shareable: Bool?
    /// What cloud-init's config drive calls the device.
    package var tag: String?
    package var unknownFields: [DocumentMember] = []

    package init() {}

    package static let table: FieldTable<Disk> = [
        Field("name", required: \.name),
        Field("bootOrder", \.bootOrder),
        Field("cache", \.cache),
        Field("disk", \.disk),
        Field("cdrom", \.cdrom),
        Field("lun", \.lun),
        Field("blockSize", \.blockSize),
        Field("changedBlockTracking", \.changedBlockTracking).notYet("backups that only copy what changed"),
        Field("dedicatedIOThread", \.dedicatedIOThread).handled(by: "DomainPlan/IOThreadsPart"),
        Field("errorPolicy", \.errorPolicy),
        Field("io", \.io),
        Field("serial", \.serial),
        Field("shareable", \.shareable),
        Field("tag", \.tag).notYet("device tags in the metadata of cloud-init"),
    ]
}

/// Where a disk is plugged in.
package enum DiskBus: String, FieldChoice {
    case virtio, sata, scsi, usb
}

/// What the host caches of a disk.
package enum DiskCache: String, FieldChoice {
    case none, writethrough, writeback
}

/// How QEMU reads and writes a disk.
package enum DiskIO: String, FieldChoice {
    case native, threads
}

/// What a guest sees of an I/O error of its host.
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

    package static let table: FieldTable<DiskTarget> = [
        Field("bus", \.bus),
        Field("readonly", \.readonly),
        Field("pciAddress", \.pciAddress),
    ]
}

/// `disks[].lun`: the guest speaks SCSI with the volume's device.
package struct LUNTarget: TableModel {
    package var bus: DiskBus?
    package var readonly: Bool?
    /// Whether the guest may take persistent reservations.
    package var reservation: Bool?
    package var unknownFields: [DocumentMember] = []

    package init() {}

    package static let table: FieldTable<LUNTarget> = [
        Field("bus", \.bus),
        Field("readonly", \.readonly),
        Field("reservation", \.reservation).handled(
            by: "DomainPlan/DisksPart (run refuses it: no daemon keeps reservations)"),
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

    package static let table: FieldTable<CDRomTarget> = [
        Field("bus", \.bus),
        Field("readonly", \.readonly),
        Field("tray", \.tray),
    ]
}

/// `cdrom.tray`.
package enum TrayState: String, FieldChoice {
    case open, closed
}
