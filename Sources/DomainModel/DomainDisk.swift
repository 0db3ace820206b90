/// `<disk>`.
package struct DomainDisk: XMLPart {
    package enum Device: String, XMLWord {
        case disk, cdrom, lun
    }

    package enum Format: String, XMLWord {
        case raw, qcow2
    }

    package var device = Device.disk
    package var bus = ""
    /// The name in libvirt (`vda`); what the guest calls the disk is its own affair.
    package var target = ""
    /// Nil for an empty drive, and for a source that is neither a file nor a block device: the rest has that one.
    package var source: Source?
    /// `disk/@type` where `source` is nil, such as `block` or `network`.
    package var otherType: String? = "file"
    /// `driver/@type` where `source` is nil.
    package var otherFormat: String? = "raw"
    /// Who hands on the SCSI reservations of a LUN.
    package var reservations: Reservations?
    package var alias = ""
    package var model: String?
    package var driverName: String? = "qemu"
    package var cache: String?
    package var io: String?
    package var errorPolicy: String? = "stop"
    package var discardUnmap = false
    package var queues: UInt64?
    package var driverIOMMU: Bool?
    /// The I/O thread that serves the disk, from 1.
    package var iothread: Int?
    /// The I/O threads among which the queues are spread, from 1; newer than libvirt 9.0.
    package var iothreads: [Int] = []
    package var blockIO: BlockIO?
    package var serial: String?
    package var bootOrder: UInt32?
    package var isReadOnly = false
    package var isShareable = false
    package var tray: String?
    package var address: DeviceAddress?
    package var rest: XMLRest?

    package init() {}

    package mutating func visit(_ visitor: inout some XMLVisitor) {
        var draft = SourceDraft.of(self)
        visitor.attribute("type", &draft.type)
        visitor.attribute("device", &device)
        visitor.attribute("model", &model)
        visitor.group("driver") { visitDriver(&$0, &draft) }
        visitor.choice("source") { source in
            if let name = draft.pathAttribute { source.attribute(name, &draft.path) }
            source.element("reservations", &reservations)
        }
        if draft.path != nil { visitor.backingStore(&draft.chain) }
        visitor.element("blockio", &blockIO)
        visitor.group("target") { element in
            element.attribute("dev", &target)
            element.attribute("bus", &bus)
            element.attribute("tray", &tray)
        }
        visitor.flag("readonly", &isReadOnly)
        visitor.flag("shareable", &isShareable)
        visitor.text(in: "serial", &serial)
        visitor.boot(order: &bootOrder)
        visitor.alias(&alias)
        visitor.address(&address)
        if visitor.isReading { draft.finish(&self) }
    }

    private mutating func visitDriver<Visitor: XMLVisitor>(_ driver: inout Visitor, _ draft: inout SourceDraft) {
        driver.attribute("name", &driverName)
        driver.attribute("type", &draft.format)
        driver.attribute("cache", &cache)
        driver.attribute("error_policy", &errorPolicy)
        driver.attribute("io", &io)
        driver.attribute("discard", is: "unmap", &discardUnmap)
        driver.attribute("iothread", &iothread)
        driver.attribute("queues", &queues)
        driver.attribute("iommu", onOff: &driverIOMMU)
        driver.group("iothreads") { $0.values("iothread", "id", &iothreads) }
    }
}

/// `<blockio>`: the block sizes that the guest sees, bytes.
package struct BlockIO: XMLPart {
    package var logicalBlockSize: Int64?
    package var physicalBlockSize: Int64?
    /// Newer than libvirt 9.0.
    package var discardGranularity: Int64?
    package var rest: XMLRest?

    package init() {}

    package init(logicalBlockSize: Int64?, physicalBlockSize: Int64?, discardGranularity: Int64? = nil) {
        self.logicalBlockSize = logicalBlockSize
        self.physicalBlockSize = physicalBlockSize
        self.discardGranularity = discardGranularity
    }

    package mutating func visit(_ visitor: inout some XMLVisitor) {
        visitor.attribute("logical_block_size", &logicalBlockSize)
        visitor.attribute("physical_block_size", &physicalBlockSize)
        visitor.attribute("discard_granularity", &discardGranularity)
    }
}

/// `<reservations>`: persistent reservations of a SCSI LUN, through a helper's Unix socket.
package struct Reservations: XMLPart {
    /// Whether libvirt starts the helper itself.
    package var managed = false
    /// Newer than libvirt 9.0.
    package var migration: Bool?
    /// The helper's socket; empty where libvirt starts it.
    package var path = ""
    package var rest: XMLRest?

    package init() {}

    package init(managed: Bool, migration: Bool? = nil, path: String) {
        self.managed = managed
        self.migration = migration
        self.path = path
    }

    package mutating func visit(_ visitor: inout some XMLVisitor) {
        visitor.attribute("managed", yesNo: &managed)
        visitor.attribute("migration", yesNo: &migration)
        visitor.choice("source") { source in
            var isClient = !path.isEmpty
            if source.isReading {
                path = source.peek("path") ?? ""
                isClient = source.peek("type") == "unix" && source.peek("mode") == "client" && !path.isEmpty
                guard isClient else { return path = "" }
            }
            source.attribute("type", is: "unix", &isClient)
            source.attribute("path", &path)
            source.attribute("mode", is: "client", &isClient)
        }
    }
}
