import KubernetesModel
import Testing

@testable import KubeVirtModel

@Suite struct DiskValidationTests {
    private static let volumes =
        "volumes: [{name: claim, persistentVolumeClaim: {claimName: c}}, {name: empty, emptyDisk: {capacity: 1Gi}}, {name: figures, downwardMetrics: {}}]"
    /// The disks that the others would get by default, so that only one is in question.
    private static let rest = ["claim", "empty", "figures"]

    private static func issues(_ disk: String) -> [String] {
        let others = rest.filter { !disk.contains("name: \($0)") }
            .map { "{name: \($0), disk: {bus: virtio}}" }
        let disks = ([disk] + others).joined(separator: ", ")
        // What a field cannot do yet is told by the reader, not by validation.
        return Manifests.issues(Manifests.domain("devices: {disks: [\(disks)]}", spec: volumes))
            .filter { !$0.contains("cannot do this yet") }
    }

    @Test(
        "a disk that no machine has is told, and nothing else",
        arguments: [
            (
                "{name: claim, disk: {}, cdrom: {}, lun: {bus: scsi}}",
                [": disk, cdrom and lun exclude each other: remove one"]
            ),
            (
                "{name: claim, disk: {bus: sata, readonly: true}}",
                [".disk.readonly: a SATA disk cannot be read-only: write bus: virtio, scsi or usb, or use cdrom"]
            ),
            (
                "{name: claim, disk: {bus: scsi, pciAddress: '0000:01:00.0'}}",
                [
                    ".disk.pciAddress: only a disk on virtio has a PCI address: write bus: virtio, or remove it"
                ]
            ),
            (
                "{name: claim, disk: {bus: virtio, pciAddress: '81:01.0'}}",
                [".disk.pciAddress: \"81:01.0\" is no PCI address: write one such as 0000:81:00.0"]
            ),
            (
                "{name: claim, disk: {bus: virtio, pciAddress: '0001:81:00.0'}}",
                [
                    ".disk.pciAddress: \"0001:81:00.0\" is in PCI domain 1, and a guest has domain 0000 only: write that"
                ]
            ),
            (
                "{name: claim, disk: {bus: virtio, pciAddress: '0000:00:1f.0'}}",
                [
                    ".disk.pciAddress: \"0000:00:1f.0\" belongs to the machine itself: write a slot from 01 to 1e"
                ]
            ),
            (
                "{name: claim, disk: {bus: virtio, pciAddress: '0000:81:01.0'}}",
                [
                    ".disk.pciAddress: \"0000:81:01.0\" is on a root port, which has slot 00 only: libvirt refuses another"
                ]
            ),
            ("{name: claim, lun: {bus: usb}}", [".lun.bus: a LUN cannot sit on usb: write scsi"]),
            ("{name: claim, lun: {}}", [".lun.bus: libvirt takes a LUN on scsi or virtio only: write scsi"]),
            (
                "{name: claim, lun: {bus: virtio, reservation: true}}",
                [
                    ".lun.reservation: needs bus: scsi, whose commands it is made of: write that, or remove it"
                ]
            ),
            (
                "{name: empty, lun: {bus: scsi}}",
                [".lun: a LUN is a device of a persistentVolumeClaim or dataVolume: use disk for \"empty\""]
            ),
            (
                "{name: claim, dedicatedIOThread: true}",
                [
                    ".dedicatedIOThread: a disk on sata has no I/O thread: write bus: virtio, or remove it"
                ]
            ),
            (
                "{name: claim, shareable: true, cache: writeback}",
                [".cache: writeback would hide what others write to a shareable disk: write none"]
            ),
            (
                "{name: empty, shareable: true}",
                [
                    ".shareable: volume \"empty\" is this VM's own: share a persistentVolumeClaim, dataVolume or hostDisk"
                ]
            ),
            (
                "{name: claim, io: native, cache: writethrough}",
                [".io: native has no effect with cache: writethrough: write cache: none"]
            ),
            (
                "{name: figures, disk: {bus: sata}}",
                [".disk.bus: downwardMetrics are read from a disk on virtio: write disk: {bus: virtio}"]
            ),
            (
                "{name: claim, tag: \"a\\u0000\"}",
                [".tag: holds the character U+0, which XML cannot: remove it"]
            ),
            (
                "{name: claim, blockSize: {custom: {logical: 512, physical: 512}, matchVolume: {}}}",
                [".blockSize: custom and matchVolume exclude each other: remove one"]
            ),
            (
                "{name: claim, blockSize: {custom: {logical: 512}}}",
                [".blockSize.custom.physical: is missing: write a power of two from 512 to 2097152"]
            ),
            (
                "{name: claim, blockSize: {custom: {logical: 256, physical: 3000}}}",
                [
                    ".blockSize.custom.logical: 256 is no block size: write a power of two from 512 to 2097152",
                    ".blockSize.custom.physical: 3000 is no block size: write a power of two from 512 to 2097152",
                ]
            ),
            (
                "{name: claim, disk: {bus: virtio}, blockSize: {custom: {logical: 4096, physical: 512}}}",
                [".blockSize.custom.logical: 4096 is more than the physical size, 512: write at most that"]
            ),
            (
                "{name: claim, blockSize: {custom: {logical: 4096, physical: 4096}}}",
                [".blockSize.custom.logical: 4096 is not supported on sata: write 512, or another bus"]
            ),
            (
                "{name: claim, disk: {bus: virtio}, blockSize: {custom: {logical: 4096, physical: 4096, discardGranularity: 512}}}",
                [
                    ".blockSize.custom.discardGranularity: 512 is no multiple of the logical size, 4096: write one"
                ]
            ),
        ])
    func wrong(disk: String, issues: [String]) {
        #expect(Self.issues(disk) == issues.map { "spec.domain.devices.disks[0]\($0)" })
    }

    @Test(
        "sound disks are taken",
        arguments: [
            "{name: claim, lun: {bus: scsi, reservation: true}}", "{name: claim, lun: {bus: virtio}}",
            "{name: claim, disk: {bus: virtio, readonly: true}}", "{name: claim, cdrom: {bus: usb}}",
            "{name: claim, shareable: true, cache: none}", "{name: claim, disk: {bus: scsi}, dedicatedIOThread: true}",
            "{name: claim, disk: {bus: virtio, pciAddress: '0000:81:00.0'}}",
            "{name: claim, disk: {bus: virtio, pciAddress: '0000:00:0A.7'}}", "{name: claim, dedicatedIOThread: false}",
            "{name: claim, blockSize: {custom: {logical: 512, physical: 4096, discardGranularity: 4096}}}",
            "{name: claim, blockSize: {matchVolume: {}}}", "{name: claim, serial: ''}",
            "{name: claim, io: native, cache: none}",
        ])
    func sound(disk: String) { #expect(Self.issues(disk) == []) }

    @Test("no two devices have one place on the PCI buses, whatever they are")
    func places() {
        let text = Manifests.domain(
            "devices: {disks: [{name: claim, disk: {bus: virtio, pciAddress: '0000:0a:00.0'}}], interfaces: [{name: net, bridge: {}, pciAddress: '0000:0A:00.0'}]}",
            spec: "networks: [{name: net, pod: {}}]\nvolumes: [{name: claim, persistentVolumeClaim: {claimName: c}}]")
        #expect(
            Manifests.issues(text) == [
                "spec.domain.devices.interfaces[0].pciAddress: \"0000:0A:00.0\" is the place of spec.domain.devices.disks[0] too: give each device one of its own"
            ])
    }

    @Test(
        "a filesystem is a folder that the guest mounts by its tag",
        arguments: [
            ("[{name: claim, virtiofs: {}}]", []),
            (
                "[{name: claim, virtiofs: {}}, {name: claim, virtiofs: {}}]",
                ["[1].name: \"claim\" is used twice: give each filesystem a name of its own"]
            ),
            ("[{name: gone, virtiofs: {}}]", ["[0].name: no volume is named \"gone\": add one under spec.volumes"]),
            (
                "[{name: empty, virtiofs: {}}]",
                [
                    "[0].name: volume \"empty\" is no folder but of emptyDisk: virtiofs shares a persistentVolumeClaim, dataVolume, configMap, secret, serviceAccount, downwardAPI or containerPath"
                ]
            ),
            (
                "[{name: 'a/../b', virtiofs: {}}]",
                [
                    "[0].name: \"a/../b\" is no tag: write at most 36 letters, digits, - and _",
                    "[0].name: no volume is named \"a/../b\": add one under spec.volumes",
                ]
            ),
        ] as [(String, [String])])
    func filesystems(list: String, issues: [String]) {
        let text = Manifests.domain(
            "devices: {disks: [{name: figures, disk: {bus: virtio}}], filesystems: \(list)}", spec: Self.volumes)
        #expect(Manifests.issues(text) == issues.map { "spec.domain.devices.filesystems\($0)" })
    }

    @Test("a volume is a disk or a filesystem, and a tag has 36 bytes")
    func bothWays() {
        let name = String(repeating: "t", count: 37)
        let text = Manifests.domain(
            "devices: {disks: [{name: a}], filesystems: [{name: a, virtiofs: {}}, {name: \(name), virtiofs: {}}]}",
            spec: "volumes: [{name: a, configMap: {name: c}}, {name: \(name), secret: {secretName: s}}]")
        #expect(
            Manifests.issues(text) == [
                "spec.domain.devices.filesystems[0].name: volume \"a\" is a disk too: remove one of the two",
                "spec.domain.devices.filesystems[1].name: \"\(name)\" is no tag: write at most 36 letters, digits, - and _",
            ])
    }
}
