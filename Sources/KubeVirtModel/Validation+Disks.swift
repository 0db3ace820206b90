import KubernetesModel

extension VirtualMachineInstanceSpec {
    func validateDisks(_ report: inout ValidationReport, _ places: [String: Int], _ ledger: inout DeviceLedger) {
        var names: Set<String> = []
        var missing = 0
        report.each("disks", in: domain.devices.disks) { disk, report in
            if !names.insert(disk.name).inserted {
                report.error("name", "\(disk.name.quoted) is used twice: give each disk a name of its own")
            }
            let volume = places[disk.name].map { volumes[$0] }
            if volume == nil, disk.cdrom == nil {
                missing += 1
                // Every name is compared with every other: a spec of thousands gets no such advice.
                let names = missing <= 16 && volumes.count <= 256 ? volumes.map(\.name) : []
                let hint = NearestName.of(disk.name, among: names).map { " (did you mean \($0)?)" } ?? ""
                report.error("name", "no volume is named \(disk.name.quoted)\(hint): add one under spec.volumes")
            }
            disk.validateTarget(&report)
            disk.validateOptions(&report)
            if let volume { disk.validate(on: volume, &report) }
            ledger.checkPlace("disk.pciAddress", disk.disk?.pciAddress, &report)
            ledger.checkBootOrder(disk.bootOrder, &report)
            report.checkSerial("serial", disk.serial)
            report.checkTag(disk.tag)
        }
    }
}

extension Disk {
    /// How the guest sees the volume, and where the device is plugged in.
    fileprivate func validateTarget(_ report: inout ValidationReport) {
        report.exclude([("disk", disk != nil), ("cdrom", cdrom != nil), ("lun", lun != nil)], remedy: "remove one")
        if cdrom?.bus == .virtio {
            report.error("cdrom.bus", "a CD-ROM cannot sit on virtio: write sata, scsi or usb")
        }
        if disk?.bus == .sata, disk?.readonly ?? false {
            report.error(
                "disk.readonly", "a SATA disk cannot be read-only: write bus: virtio, scsi or usb, or use cdrom")
        }
        if disk?.pciAddress != nil, disk?.bus != .virtio {
            report.error("disk.pciAddress", "only a disk on virtio has a PCI address: write bus: virtio, or remove it")
        }
        guard let lun else { return }
        let bus = lun.bus ?? .sata
        if bus == .usb { report.error("lun.bus", "a LUN cannot sit on usb: write scsi") }
        if bus == .sata { report.warn("lun.bus", "libvirt takes a LUN on scsi or virtio only: write scsi") }
        if lun.reservation ?? false, bus != .scsi {
            report.error("lun.reservation", "needs bus: scsi, whose commands it is made of: write that, or remove it")
        }
    }

    fileprivate func validateOptions(_ report: inout ValidationReport) {
        if dedicatedIOThread ?? false, bus != .virtio, bus != .scsi {
            report.error(
                "dedicatedIOThread", "a disk on \(bus.rawValue) has no I/O thread: write bus: virtio, or remove it")
        }
        if shareable ?? false, let cache, cache != DiskCache.none {
            report.error("cache", "\(cache.rawValue) would hide what others write to a shareable disk: write none")
        }
        if io == .native, let cache, cache != DiskCache.none {
            report.warn("io", "native has no effect with cache: \(cache.rawValue): write cache: none")
        }
        if let blockSize { report.within("blockSize") { blockSize.validate(&$0, bus) } }
    }

    /// What the volume allows.
    fileprivate func validate(on volume: Volume, _ report: inout ValidationReport) {
        if lun != nil, volume.persistentVolumeClaim == nil, volume.dataVolume == nil {
            report.error(
                "lun", "a LUN is a device of a persistentVolumeClaim or dataVolume: use disk for \(name.quoted)")
        }
        if shareable ?? false, volume.containerDisk != nil || volume.emptyDisk != nil || volume.ephemeral != nil {
            let message =
                "volume \(name.quoted) is this VM's own: share a persistentVolumeClaim, dataVolume or hostDisk"
            report.error("shareable", message)
        }
        if volume.downwardMetrics != nil, disk?.bus != .virtio {
            report.error("disk.bus", "downwardMetrics are read from a disk on virtio: write disk: {bus: virtio}")
        }
    }
}
