import DomainModel
import KubeVirtModel

/// Disks, LUNs and CD-ROMs: names, drivers, caches, threads (`<disk>`).
enum DisksPart {
    static func configure(_ draft: inout DomainDraft, _ request: PlanRequest) throws(DomainPlanError) {
        let volumes = VolumeIndex(request.instance.spec.volumes)
        var names = DiskNames(kept: request.instance.status?.volumeStatus ?? [])
        var threads = draft.ioThreads
        draft.domain.devices.disks.reserveCapacity(request.devices.disks.count)
        for (index, disk) in request.devices.disks.enumerated() {
            var result = try make(disk, index: index, names: &names, request)
            if let volume = volumes[disk.name] {
                try attach(request.instance.spec.volumes[volume], of: disk, to: &result, request)
            } else {
                // A drive without a medium.
                result.otherType = "block"
                result.isReadOnly = true
                result.discardUnmap = true
            }
            // libvirt 9 gives a disk one thread: the disks of a pool take its threads in turn.
            let thread = threads.next(disk)
            if disk.bus == .virtio { result.iothread = thread }
            if disk.blockSize?.custom?.discardGranularity != nil {
                draft.warn(
                    "DiscardGranularityDropped",
                    "spec.domain.devices.disks[\(index)].blockSize.custom.discardGranularity",
                    "libvirt 9 cannot set it: the guest frees blocks of any size")
            }
            explain(disk, index: index, &draft)
            draft.domain.devices.disks.append(result)
        }
    }

    private static func make(
        _ disk: Disk, index: Int, names: inout DiskNames, _ request: PlanRequest
    ) throws(DomainPlanError) -> DomainDisk {
        var result = DomainDisk()
        let (target, unit) = names.next(for: disk)
        result.bus = disk.bus.rawValue
        result.target = target
        result.alias = "ua-\(disk.name)"
        result.bootOrder = disk.bootOrder
        result.errorPolicy = (disk.errorPolicy ?? .stop).rawValue
        if disk.bus == .virtio {
            result.model = request.virtioModel
            if request.devices.blockMultiQueue ?? false { result.queues = UInt64(request.enabledVCPUs) }
            if request.usesEncryptedMemory { result.driverIOMMU = true }
        }
        if disk.bus == .scsi { result.address = .drive(controller: 0, bus: 0, unit: unit) }
        if let lun = disk.lun {
            result.device = .lun
            if lun.reservation ?? false, let socket = request.resources.reservationSocket {
                result.reservations = Reservations(managed: false, path: socket)
            }
        } else if let cdrom = disk.cdrom {
            result.device = .cdrom
            result.tray = (cdrom.tray ?? .closed).rawValue
        } else {
            result.serial = disk.serial
            result.isShareable = disk.shareable ?? false
        }
        if let address = disk.disk?.pciAddress {
            let field = "spec.domain.devices.disks[\(index)].disk.pciAddress"
            guard let parsed = DeviceAddress.pci(address) else {
                throw .badPCIAddress(instance: request.instance.qualifiedName, field: field, address: address)
            }
            result.address = parsed
        }
        return result
    }

    private static func attach(
        _ volume: Volume, of disk: Disk, to result: inout DomainDisk, _ request: PlanRequest
    ) throws(DomainPlanError) {
        let instance = request.instance.qualifiedName
        guard let prepared = request.resources.disks[disk.name] else {
            throw .volumeNotPrepared(instance: instance, volume: disk.name)
        }
        result.source = prepared.source
        // A SATA disk cannot be read-only, whatever lies below.
        let isSATADisk = disk.bus == .sata && disk.cdrom == nil
        result.isReadOnly =
            disk.isReadOnly || (prepared.isReadOnly && !isSATADisk)
            || (disk.cdrom != nil && disk.cdrom?.readonly ?? true)
        result.discardUnmap = !prepared.isPreallocated && volume.isDiscarded(as: disk)
        let cache = try cacheMode(disk, prepared, instance)
        result.cache = cache.rawValue
        result.io = ioMode(disk, prepared, cache)
        if let custom = disk.blockSize?.custom {
            result.blockIO = BlockIO(
                logicalBlockSize: custom.logical.map(Int64.init), physicalBlockSize: custom.physical.map(Int64.init))
        } else if disk.blockSize?.matchVolume?.isOn ?? false {
            result.blockIO = prepared.blockIO
        }
    }

    /// `none` where O_DIRECT works, else `writethrough`; a shared disk is never cached.
    private static func cacheMode(
        _ disk: Disk, _ prepared: PreparedDisk, _ instance: String
    ) throws(DomainPlanError) -> DiskCache {
        if disk.cache == DiskCache.none || disk.shareable ?? false {
            guard prepared.supportsDirectIO else { throw .cacheNeedsDirectIO(instance: instance, disk: disk.name) }
            return .none
        }
        return disk.cache ?? (prepared.supportsDirectIO ? .none : .writethrough)
    }

    private static func ioMode(_ disk: Disk, _ prepared: PreparedDisk, _ cache: DiskCache) -> String? {
        if let io = disk.io { return io == .native && cache != .none ? nil : io.rawValue }
        return cache == .none && (prepared.source.isBlockDevice || prepared.isPreallocated) ? "native" : nil
    }

    private static func explain(_ disk: Disk, index: Int, _ draft: inout DomainDraft) {
        guard draft.isExplaining else { return }
        let field = "spec.domain.devices.disks[\(index)]"
        let element = "devices/disk[\(disk.name)]"
        let kind = disk.lun != nil ? "lun" : disk.cdrom != nil ? "cdrom" : "disk"
        draft.because(element, .field(field))
        draft.because("\(element)@model", .field("spec.domain.devices.useVirtioTransitional"))
        draft.because("\(element)/source", .field("spec.volumes[\(disk.name)]"))
        draft.because("\(element)/backingStore", .field("spec.volumes[\(disk.name)]"))
        draft.because("\(element)/target@dev", .rule("the next free name on its bus"))
        draft.because("\(element)/target@bus", .field("\(field).\(kind).bus"))
        draft.because("\(element)/target@tray", .field("\(field).cdrom.tray"))
        draft.because("\(element)/driver@type", .field("spec.volumes[\(disk.name)]"))
        draft.because("\(element)/driver@queues", .field("spec.domain.devices.blockMultiQueue"))
        draft.because("\(element)/driver@iothread", .field("\(field).dedicatedIOThread"))
        draft.because("\(element)/driver@error_policy", .field("\(field).errorPolicy"))
        draft.because("\(element)/driver@discard", .rule("freed blocks go back, unless all were allocated at once"))
        draft.because("\(element)/driver@io", .field("\(field).io"))
        draft.because(
            "\(element)/driver@cache",
            disk.cache == nil ? .host("the image can be opened with O_DIRECT, or not") : .field("\(field).cache"))
        draft.because("\(element)/readonly", .field("\(field).\(kind).readonly"))
        for name in ["serial", "shareable", "boot", "blockio"] {
            let names = ["boot": "bootOrder", "blockio": "blockSize"]
            draft.because("\(element)/\(name)", .field("\(field).\(names[name] ?? name)"))
        }
        draft.because("\(element)/alias", .field("\(field).name"))
    }
}

/// Where each volume stands in the spec, by its name. A VMI has a handful, and is searched; one with many has a table.
private struct VolumeIndex {
    private static let few = 8
    private let names: [String]
    private let table: [String: Int]

    init(_ volumes: [Volume]) {
        names = volumes.map(\.name)
        table =
            names.count <= Self.few
            ? [:] : Dictionary(names.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
    }

    subscript(name: String) -> Int? { names.count <= Self.few ? names.firstIndex(of: name) : table[name] }
}

extension Volume {
    /// Whether blocks that the guest frees are freed in the file, too: all but on media that are made to be read.
    fileprivate func isDiscarded(as disk: Disk) -> Bool {
        if downwardMetrics != nil { return false }
        guard disk.cdrom != nil else { return true }
        return containerDisk != nil || persistentVolumeClaim != nil || dataVolume != nil || emptyDisk != nil
            || ephemeral != nil
    }
}
