import DomainModel
import KubeVirtModel
import Testing

@testable import DomainPlan

/// Disks by what lies below them and by their bus (``DisksPart``).
@Suite struct DiskKindsTests {
    private func disk(
        _ disk: String, volume: String = "persistentVolumeClaim: {claimName: a}", devices: String = "",
        prepared: (inout PreparedDisk) -> Void = { _ in }, resources: (inout PreparedResources) -> Void = { _ in }
    ) throws -> (disk: DomainDisk, plan: DomainPlan) {
        let plan = try Plans.plan(
            "devices: {disks: [\(disk)]\(devices)}", spec: "volumes: [{name: root, \(volume)}]", resources: resources,
            disk: prepared)
        return (try #require(plan.domain.devices.disks.first), plan)
    }

    @Test(
        "freed blocks go back, but not from media that are made to be read",
        arguments: [
            ("disk: {}", "containerDisk: {image: a}", true), ("disk: {}", "configMap: {name: a}", true),
            ("lun: {}", "persistentVolumeClaim: {claimName: a}", true),
            ("cdrom: {}", "containerDisk: {image: a}", true), ("cdrom: {}", "dataVolume: {name: a}", true),
            ("cdrom: {}", "configMap: {name: a}", false), ("cdrom: {}", "cloudInitNoCloud: {userData: a}", false),
            ("cdrom: {}", "sysprep: {secret: {name: a}}", false), ("disk: {bus: virtio}", "downwardMetrics: {}", false),
        ])
    func discard(target: String, volume: String, isFreed: Bool) throws {
        #expect(try disk("{name: root, \(target)}", volume: volume).disk.discardUnmap == isFreed)
    }

    @Test(
        "a disk is read-only where it says so, or what lies below is, which SATA cannot be",
        arguments: [
            ("disk: {bus: virtio}", false, false), ("disk: {bus: virtio}", true, true),
            ("disk: {bus: virtio, readonly: true}", false, true), ("disk: {bus: sata}", true, false),
            ("lun: {bus: scsi, readonly: true}", false, true), ("disk: {bus: scsi}", true, true),
        ])
    func readOnly(target: String, isBelow: Bool, isReadOnly: Bool) throws {
        #expect(try disk("{name: root, \(target)}") { $0.isReadOnly = isBelow }.disk.isReadOnly == isReadOnly)
    }

    @Test("a LUN is passed through, with the daemon that keeps its reservations where it asks for them")
    func lun() throws {
        let (plain, _) = try disk("{name: root, lun: {bus: scsi}}")
        #expect(plain.device == .lun && plain.reservations == nil)
        let (_, plan) = try disk(
            "{name: root, lun: {bus: scsi, reservation: true}}",
            prepared: { $0.source.isBlockDevice = true }, resources: { $0.reservationSocket = "/run/pr.sock" })
        #expect(
            try plan.line("devices/disk")
                == """
                disk device=lun type=block {driver cache=none discard=unmap error_policy=stop io=native \
                name=qemu type=raw} {source dev=/d/root {reservations managed=no {source mode=client \
                path=/run/pr.sock type=unix}}} {backingStore} {target bus=scsi dev=sda} {alias name=ua-root} \
                {address bus=0 controller=0 type=drive unit=0}
                """
        )
    }

    @Test(
        "only virtio disks have a model, transitional where the VMI asks for it",
        arguments: [
            ("virtio", "", "virtio-non-transitional"),
            ("virtio", ", useVirtioTransitional: true", "virtio-transitional"),
            ("sata", ", useVirtioTransitional: true", nil), ("scsi", "", nil), ("usb", "", nil),
        ] as [(String, String, String?)])
    func model(bus: String, option: String, model: String?) throws {
        let (disk, _) = try disk("{name: root, disk: {bus: \(bus)}}", devices: option)
        #expect(disk.model == model && disk.bus == bus)
    }

    @Test(
        "block sizes are the user's, or those of what lies below where the disk asks for them",
        arguments: [
            ("", nil), (", blockSize: {custom: {logical: 512, physical: 4096}}", (512, 4096)),
            (", blockSize: {matchVolume: {}}", (4096, 8192)), (", blockSize: {matchVolume: {enabled: false}}", nil),
        ] as [(String, (Int64, Int64)?)])
    func blockSize(option: String, sizes: (logical: Int64, physical: Int64)?) throws {
        let (disk, _) = try disk("{name: root, disk: {bus: virtio}\(option)}") {
            $0.blockIO = BlockIO(logicalBlockSize: 4096, physicalBlockSize: 8192)
        }
        #expect(
            disk.blockIO
                == sizes.map { BlockIO(logicalBlockSize: $0.logical, physicalBlockSize: $0.physical) })
    }

    @Test("a granularity of discards, which libvirt 9 cannot set, is left out with a warning")
    func granularity() throws {
        let (disk, plan) = try disk(
            """
            {name: root, disk: {bus: virtio}, blockSize: {custom: {logical: 512, physical: 512, \
            discardGranularity: 4096}}}
            """
        )
        #expect(disk.blockIO?.discardGranularity == nil && disk.blockIO?.logicalBlockSize == 512)
        #expect(plan.reasons == ["DiscardGranularityDropped"])
        #expect(
            plan.warnings.first?.field == "spec.domain.devices.disks[0].blockSize.custom.discardGranularity")
    }

    @Test("an image's chain is written out, and ends where we say")
    func chain() throws {
        let backing = DomainDisk.Source.Backing(path: "/i/root", format: .qcow2)
        let (_, plan) = try disk("{name: root, disk: {bus: virtio}}", volume: "containerDisk: {image: a}") {
            $0.source = .init(path: "/d/root", format: .qcow2, backing: [backing])
        }
        #expect(
            try plan.line("devices/disk/driver")
                == "driver cache=none discard=unmap error_policy=stop name=qemu type=qcow2")
        #expect(
            try plan.line("devices/disk/backingStore")
                == "backingStore type=file {format type=qcow2} {source file=/i/root} {backingStore}")
    }

    @Test("a volume without a disk is a SATA disk, and a disk keeps the name that the status holds")
    func defaults() throws {
        var instance = try Plans.instance(
            "devices: {disks: [{name: a, disk: {bus: virtio}}, {name: b, disk: {bus: virtio}}]}",
            spec:
                """
                volumes: [{name: a, emptyDisk: {capacity: 1Gi}}, {name: b, emptyDisk: {capacity: 1Gi}}, \
                {name: c, emptyDisk: {capacity: 1Gi}}]
                """
        )
        #expect(try DomainPlan(Plans.request(instance)).domain.devices.disks.map(\.target) == ["vda", "vdb", "sda"])
        var volume = VolumeStatus()
        volume.name = "b"
        volume.target = "vda"
        var status = VirtualMachineInstanceStatus()
        status.volumeStatus = [volume]
        instance.status = status
        #expect(try DomainPlan(Plans.request(instance)).domain.devices.disks.map(\.target) == ["vdb", "vda", "sda"])
    }
}
