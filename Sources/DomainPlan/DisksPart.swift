import DomainModel
import KubeVirtModel

/// Disks and CD-ROMs: names, drivers, caches.
enum DisksPart {
    static func configure(_ draft: inout DomainDraft, _ request: PlanRequest) throws(DomainPlanError) {
        var names = DiskNames()
        for (index, disk) in request.devices.disks.enumerated() {
            draft.domain.devices.disks.append(try make(disk, index: index, names: &names, request))
        }
    }

    private static func make(
        _ disk: Disk, index: Int, names: inout DiskNames, _ request: PlanRequest
    ) throws(DomainPlanError) -> DomainDisk {
        var result = DomainDisk()
        let (target, unit) = names.next(for: disk.bus)
        result.bus = disk.bus.rawValue
        result.target = target
        result.alias = "ua-\(disk.name)"
        result.serial = disk.serial
        result.bootOrder = disk.bootOrder
        result.errorPolicy = (disk.errorPolicy ?? .stop).rawValue
        result.isShareable = disk.shareable ?? false
        if disk.bus == .virtio {
            result.model = request.virtioModel
            if request.devices.blockMultiQueue ?? false { result.queues = request.domain.cpu?.vcpus }
        }
        if disk.bus == .scsi { result.address = .drive(controller: 0, bus: 0, unit: unit) }
        if let address = disk.disk?.pciAddress {
            let field = "spec.domain.devices.disks[\(index)].disk.pciAddress"
            guard let parsed = DeviceAddress.pci(address) else {
                throw .badPCIAddress(instance: request.instance.qualifiedName, field: field, address: address)
            }
            result.address = parsed
        }
        if let cdrom = disk.cdrom {
            result.device = .cdrom
            result.tray = (cdrom.tray ?? .closed).rawValue
        }
        try attachSource(disk, to: &result, request)
        return result
    }

    private static func attachSource(
        _ disk: Disk, to result: inout DomainDisk, _ request: PlanRequest
    ) throws(DomainPlanError) {
        let instance = request.instance
        guard instance.spec.volumes.contains(where: { $0.name == disk.name }) else {
            result.isReadOnly = true
            return
        }
        guard let prepared = request.resources.disks[disk.name] else {
            throw .volumeNotPrepared(instance: instance.qualifiedName, volume: disk.name)
        }
        result.source = prepared.source
        result.isReadOnly = disk.isReadOnly || prepared.isReadOnly || disk.cdrom != nil
        result.discardUnmap = !prepared.isPreallocated
        let cache = try cacheMode(disk, prepared, instance.qualifiedName)
        result.cache = cache.rawValue
        result.io = ioMode(disk, prepared, cache)
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
}

/// Hands out target names: `vda`, `vdb`, … for virtio, `sda`, … for all other buses together.
struct DiskNames {
    private var counts: [String: Int] = [:]

    /// The next name on that bus, and its place among those of its prefix.
    mutating func next(for bus: DiskBus) -> (name: String, unit: Int) {
        let prefix = bus == .virtio ? "vd" : "sd"
        let index = counts[prefix, default: 0]
        counts[prefix] = index + 1
        return (prefix + Self.letters(index), index)
    }

    /// `a` … `z`, `aa` …, as the kernel counts.
    static func letters(_ index: Int) -> String {
        var rest = index
        var text = ""
        repeat {
            text = String(UnicodeScalar(UInt8(ascii: "a") + UInt8(rest % 26))) + text
            rest = rest / 26 - 1
        } while rest >= 0
        return text
    }
}
