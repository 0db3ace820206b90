import DomainModel
import KubeVirtModel
import Testing

@testable import DomainPlan

@Suite struct DisksPartTests {
    private static let volume = "volumes: [{name: root, persistentVolumeClaim: {claimName: root}}]"

    private func disk(
        _ disk: String, isSound: Bool = true, prepared: (inout PreparedDisk) -> Void = { _ in }
    ) throws -> DomainDisk {
        let instance = try Plans.instance("devices: {disks: [\(disk)]}", spec: Self.volume, isSound: isSound)
        let plan = try DomainPlan(Plans.request(instance, disk: prepared))
        return try #require(plan.domain.devices.disks.first)
    }

    @Test("a SCSI disk has the unit of its name")
    func scsi() throws {
        let plan = try Plans.plan(
            "devices: {disks: [{name: a, disk: {bus: scsi}}, {name: b, disk: {bus: scsi}}]}",
            spec: "volumes: [{name: a, emptyDisk: {capacity: 1Gi}}, {name: b, emptyDisk: {capacity: 1Gi}}]")
        #expect(plan.domain.devices.disks.map(\.target) == ["sda", "sdb"])
        #expect(
            plan.domain.devices.disks.map(\.address) == [
                .drive(controller: 0, bus: 0, unit: 0), .drive(controller: 0, bus: 0, unit: 1),
            ])
    }

    @Test(
        "the cache follows what the filesystem can do, and the user's word",
        arguments: [
            ("{name: root}", true, "none"), ("{name: root}", false, "writethrough"),
            ("{name: root, cache: writeback}", true, "writeback"),
            ("{name: root, cache: writeback}", false, "writeback"),
            ("{name: root, cache: none}", true, "none"), ("{name: root, shareable: true}", true, "none"),
            ("{name: root, shareable: true, cache: none}", true, "none"),
        ])
    func cache(disk text: String, direct: Bool, cache: String) throws {
        #expect(try disk(text) { $0.supportsDirectIO = direct }.cache == cache)
    }

    @Test(
        "a cache that the filesystem cannot do is told by disk and remedy",
        arguments: ["cache: none", "shareable: true"])
    func cacheRefused(option: String) {
        let error = #expect(throws: DomainPlanError.self) {
            try disk("{name: root, \(option)}") { $0.supportsDirectIO = false }
        }
        #expect(error == .cacheNeedsDirectIO(instance: "default/web", disk: "root"))
        #expect(error?.description.contains("leave cache out, or write writethrough") == true)
    }

    @Test(
        "native I/O is chosen where it never waits for the filesystem",
        arguments: [
            ("{name: root}", false, false, nil), ("{name: root}", true, false, "native"),
            ("{name: root}", false, true, "native"), ("{name: root, io: threads}", true, true, "threads"),
            ("{name: root, io: native}", false, false, "native"),
            ("{name: root, io: native, cache: writeback}", true, true, nil),
            ("{name: root, cache: writethrough}", true, true, nil),
        ] as [(String, Bool, Bool, String?)])
    func io(disk text: String, isBlock: Bool, isPreallocated: Bool, io: String?) throws {
        let result = try disk(text) { prepared in
            prepared.source.isBlockDevice = isBlock
            prepared.isPreallocated = isPreallocated
        }
        #expect(result.io == io)
        #expect(result.discardUnmap == !isPreallocated)
    }

    @Test(
        "a CD-ROM is read-only and its tray closed unless it says otherwise",
        arguments: [
            ("cdrom: {}", true, "closed"), ("cdrom: {readonly: true, tray: open}", true, "open"),
            ("cdrom: {readonly: false}", false, "closed"),
        ])
    func cdrom(target: String, isReadOnly: Bool, tray: String) throws {
        let result = try disk("{name: root, \(target)}")
        #expect(result.device == .cdrom && result.bus == "sata")
        #expect(result.isReadOnly == isReadOnly && result.tray == tray)
    }

    @Test("an empty drive has no source, and is a block device as KubeVirt writes it")
    func emptyDrive() throws {
        let plan = try Plans.plan("devices: {disks: [{name: drive, cdrom: {tray: open}}]}")
        #expect(
            try plan.line("devices/disk")
                == """
                disk device=cdrom type=block {driver discard=unmap error_policy=stop name=qemu type=raw} \
                {target bus=sata dev=sda tray=open} {readonly} {alias name=ua-drive}
                """
        )
    }

    @Test("serial, boot order, error policy and address are the user's")
    func options() throws {
        let result = try disk(
            """
            {name: root, serial: WD-1, bootOrder: 2, errorPolicy: report, disk: {bus: virtio, readonly: \
            true, pciAddress: '0000:81:01.0'}}
            """
        )
        #expect(result.serial == "WD-1" && result.bootOrder == 2 && result.errorPolicy == "report" && result.isReadOnly)
        #expect(result.address == .pci(domain: 0, bus: 0x81, slot: 1, function: 0))
        #expect(result.alias == "ua-root" && result.model == "virtio-non-transitional" && result.queues == nil)
    }

    @Test(
        "with block multiqueue a virtio disk has a queue for each vCPU, and others have none",
        arguments: [("virtio", 6), ("sata", nil)] as [(String, UInt64?)])
    func multiqueue(bus: String, queues: UInt64?) throws {
        let plan = try Plans.plan(
            "cpu: {cores: 3, sockets: 2}\ndevices: {blockMultiQueue: true, disks: [{name: root, disk: {bus: \(bus)}}]}",
            spec: Self.volume)
        #expect(plan.domain.devices.disks.first?.queues == queues)
    }

    @Test("a wrong PCI address is told by its field")
    func badAddress() {
        let error = #expect(throws: DomainPlanError.self) {
            try disk("{name: root, disk: {bus: virtio, pciAddress: '<x>'}}", isSound: false)
        }
        #expect(
            error?.description
                == """
                default/web: spec.domain.devices.disks[0].disk.pciAddress: "<x>" is no PCI address: write \
                one such as 0000:81:01.0
                """
        )
    }

    @Test("a volume that nobody made ready is a fault that is told")
    func notPrepared() throws {
        let request = Plans.request(try Plans.instance("", spec: Self.volume), resources: { $0.disks = [:] })
        #expect(throws: DomainPlanError.volumeNotPrepared(instance: "default/web", volume: "root")) {
            try DomainPlan(request)
        }
    }
}
