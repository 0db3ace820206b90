import KubernetesModel
import Testing

@testable import KubeVirtModel

@Suite struct DeviceValidationTests {
    private static let disk = "emptyDisk: {capacity: 1Gi}"

    @Test(
        "a wrong disk is told with its field, value and remedy",
        arguments: [
            ("[{name: b}]", "[0].name: no volume is named \"b\": add one under spec.volumes"),
            ("[{name: roo}]", "[0].name: no volume is named \"roo\" (did you mean root?): add one under spec.volumes"),
            ("[{name: root}, {name: root}]", "[1].name: \"root\" is used twice: give each disk a name of its own"),
            ("[{name: root, disk: {}, cdrom: {}}]", "[0]: disk and cdrom exclude each other: remove one"),
            (
                "[{name: root, cdrom: {bus: virtio}}]",
                "[0].cdrom.bus: a CD-ROM cannot sit on virtio: write sata, scsi or usb"
            ),
            ("[{name: root, disk: {bus: ide}}]", "[0].disk.bus: \"ide\" is not one of virtio, sata, scsi, usb"),
            ("[{name: root, bootOrder: 0}]", "[0].bootOrder: 0 is no place in an order: count from 1"),
            (
                "[{name: root, bootOrder: 1}, {name: cd, cdrom: {}, bootOrder: 1}]",
                "[1].bootOrder: 1 is used twice: give each device a place of its own"
            ),
            ("[{name: root, cache: fast}]", "[0].cache: \"fast\" is not one of none, writethrough, writeback"),
            ("[{name: root, io: x}]", "[0].io: \"x\" is not one of native, threads"),
            (
                "[{name: root, serial: 'a b'}]",
                "[0].serial: \"a b\" is not supported: write letters, digits, ., -, + and _"
            ),
            (
                "[{name: root, serial: '<&\">'}]",
                "[0].serial: \"<&\">\" is not supported: write letters, digits, ., -, + and _"
            ),
            ("[{name: 'a<b', cdrom: {}}]", "[0].name: \"a<b\" is no name: write at most 63 letters, digits, - and _"),
            ("[{name: '', cdrom: {}}]", "[0].name: \"\" is no name: write at most 63 letters, digits, - and _"),
            ("[{cdrom: {}}]", "[0].name: is missing: write it"),
        ])
    func disks(disks: String, issue: String) {
        let found = Manifests.issues(
            Manifests.domain("devices: {disks: \(disks)}", spec: "volumes: [{name: root, \(Self.disk)}]"))
        #expect(found.contains("spec.domain.devices.disks\(issue)"), "\(found)")
    }

    @Test("a serial that is too long is told with its length")
    func serial() {
        let disks = "[{name: root, serial: \(String(repeating: "x", count: 257))}]"
        let found = Manifests.issues(
            Manifests.domain("devices: {disks: \(disks)}", spec: "volumes: [{name: root, \(Self.disk)}]"))
        #expect(found == ["spec.domain.devices.disks[0].serial: is 257 bytes long: write at most 256"])
    }

    @Test("a CD-ROM drive may be empty")
    func emptyDrive() {
        #expect(Manifests.issues(Manifests.domain("devices: {disks: [{name: drive, cdrom: {}}]}")) == [])
    }

    @Test("a disk and an interface cannot share a name, since libvirt knows devices by it")
    func sharedName() {
        let text = Manifests.domain(
            "devices: {disks: [{name: default}], interfaces: [{name: default}], inputs: [{name: t, type: tablet}], watchdog: {name: t, i6300esb: {}}}",
            spec: "volumes: [{name: default, \(Self.disk)}]\nnetworks: [{name: default, pod: {}}]")
        #expect(
            Manifests.issues(text) == [
                "spec.domain.devices.interfaces[0].name: \"default\" is the name of spec.domain.devices.disks[0] too: give each device a name of its own",
                "spec.domain.devices.watchdog.name: \"t\" is the name of spec.domain.devices.inputs[0] too: give each device a name of its own",
            ])
    }

    @Test(
        "a wrong volume is told with its field, value and remedy",
        arguments: [
            ("{name: a}", ": has no source: add one, such as containerDisk or emptyDisk"),
            (
                "{name: a, emptyDisk: {capacity: 1Gi}, hostDisk: {path: /x, type: Disk}}",
                ": has 2 sources (emptyDisk, hostDisk): keep one"
            ),
            (
                "{name: A, emptyDisk: {capacity: 1Gi}}",
                ".name: \"A\" is no name: write at most 63 lower-case letters, digits and -, with a letter or digit at both ends"
            ),
            (
                "{name: ../a, emptyDisk: {capacity: 1Gi}}",
                ".name: \"../a\" is no name: write at most 63 lower-case letters, digits and -, with a letter or digit at both ends"
            ),
            ("{name: a, containerDisk: {image: ''}}", ".containerDisk.image: is empty: name an image"),
            ("{name: a, containerDisk: {}}", ".containerDisk.image: is missing: write it"),
            ("{name: a, emptyDisk: {}}", ".emptyDisk.capacity: is missing: write it"),
            (
                "{name: a, emptyDisk: {capacity: 1023Ki}}",
                ".emptyDisk.capacity: \"1023Ki\" is less than 1Mi: write that or more"
            ),
            (
                "{name: a, emptyDisk: {capacity: -5Gi}}",
                ".emptyDisk.capacity: \"-5Gi\" is less than 1Mi: write that or more"
            ),
            (
                "{name: a, hostDisk: {path: x, type: Disk}}",
                ".hostDisk.path: \"x\" must be absolute and without ..: write the file's full path"
            ),
            (
                "{name: a, hostDisk: {path: /a/../b, type: Disk}}",
                ".hostDisk.path: \"/a/../b\" must be absolute and without ..: write the file's full path"
            ),
            (
                "{name: a, hostDisk: {path: \"/a\\0b\", type: Disk}}",
                ".hostDisk.path: holds the character U+0, which XML cannot: remove it"
            ),
            (
                "{name: a, hostDisk: {path: /x, type: DiskOrCreate}}",
                ".hostDisk.capacity: is missing: DiskOrCreate needs the size of the disk it makes"
            ),
            (
                "{name: a, hostDisk: {path: /x, type: DiskOrCreate, capacity: 1}}",
                ".hostDisk.capacity: \"1\" is less than 1Mi: write that or more"
            ),
            (
                "{name: a, hostDisk: {path: /x, type: File}}",
                ".hostDisk.type: \"File\" is not one of Disk, DiskOrCreate"
            ),
            (
                "{name: a, persistentVolumeClaim: {claimName: ../x}}",
                ".persistentVolumeClaim.claimName: \"../x\" is no name: write at most 253 lower-case letters, digits and -, with a letter or digit at both ends"
            ),
            ("{name: a, ephemeral: {}}", ".ephemeral.persistentVolumeClaim: is missing: name the claim to layer over"),
            (
                "{name: a, ephemeral: {persistentVolumeClaim: {claimName: ''}}}",
                ".ephemeral.persistentVolumeClaim.claimName: \"\" is no name: write at most 253 lower-case letters, digits and -, with a letter or digit at both ends"
            ),
            (
                "{name: a, cloudInitNoCloud: {}}",
                ".cloudInitNoCloud: holds neither user data nor network data: add userData"
            ),
            (
                "{name: a, cloudInitNoCloud: {userData: x, userDataBase64: eA==}}",
                ".cloudInitNoCloud: userData and userDataBase64 exclude each other: keep one"
            ),
            (
                "{name: a, cloudInitConfigDrive: {networkData: x, networkDataSecretRef: {name: s}}}",
                ".cloudInitConfigDrive: networkData and networkDataSecretRef exclude each other: keep one"
            ),
            (
                "{name: a, configMap: {name: c, volumeLabel: 'a b'}}",
                ".configMap.volumeLabel: \"a b\" is no volume label: write at most 32 letters, digits, - and _"
            ),
            (
                "{name: a, secret: {secretName: c, volumeLabel: ''}}",
                ".secret.volumeLabel: \"\" is no volume label: write at most 32 letters, digits, - and _"
            ),
            ("{name: a, containerDisc: {image: x}}", ".containerDisc: no such field: did you mean containerDisk?"),
        ])
    func volumes(volume: String, issue: String) {
        let found = Manifests.issues(Manifests.domain("", spec: "volumes: [\(volume)]"))
        #expect(found.contains("spec.volumes[0]\(issue)"), "\(found)")
    }

    @Test("two volumes of one name are told")
    func volumeTwins() {
        let found = Manifests.issues(
            Manifests.domain("", spec: "volumes: [{name: a, \(Self.disk)}, {name: a, \(Self.disk)}]"))
        #expect(found.contains("spec.volumes[1].name: \"a\" is used twice: give each volume a name of its own"))
    }

    @Test(
        "a wrong interface is told with its field, value and remedy",
        arguments: [
            ("{name: x}", ".name: no network is named \"x\": add one under spec.networks"),
            (
                "{name: net, macAddress: 02:00:00:00:00}",
                ".macAddress: \"02:00:00:00:00\" is no MAC address: write one such as 02:00:00:12:34:56"
            ),
            (
                "{name: net, macAddress: 'gg:00:00:00:00:00'}",
                ".macAddress: \"gg:00:00:00:00:00\" is no MAC address: write one such as 02:00:00:12:34:56"
            ),
            (
                "{name: net, model: '<x>'}",
                ".model: \"<x>\" is not supported: write one of virtio, e1000, e1000e, ne2k_pci, pcnet, rtl8139, igb"
            ),
            ("{name: net, ports: [{port: 0}]}", ".ports[0].port: 0 is no port: write a number from 1 to 65535"),
            ("{name: net, ports: [{port: 65536}]}", ".ports[0].port: 65536 is no port: write a number from 1 to 65535"),
            ("{name: net, ports: [{port: 80}, {port: 80}]}", ".ports[1].port: 80 is used twice: remove one"),
            (
                "{name: net, ports: [{port: 80}, {port: 80, protocol: TCP}]}",
                ".ports[1].port: 80 is used twice: remove one"
            ),
            ("{name: net, ports: [{}]}", ".ports[0].port: is missing: write it"),
            ("{name: net, ports: [{port: 53, protocol: SCTP}]}", ".ports[0].protocol: \"SCTP\" is not one of TCP, UDP"),
            ("{name: net, bootOrder: 0}", ".bootOrder: 0 is no place in an order: count from 1"),
            ("{name: 'net;quit'}", ".name: \"net;quit\" is no name: write at most 63 letters, digits, - and _"),
        ])
    func interfaces(interface: String, issue: String) {
        let found = Manifests.issues(
            Manifests.domain("devices: {interfaces: [\(interface)]}", spec: "networks: [{name: net, pod: {}}]"))
        #expect(found.contains("spec.domain.devices.interfaces[0]\(issue)"), "\(found)")
    }

    @Test("the same port may lead to TCP and UDP")
    func bothProtocols() {
        let interface =
            "{name: net, masquerade: {}, ports: [{port: 53}, {port: 53, protocol: UDP}, {name: ssh, port: 22}]}"
        #expect(
            Manifests.issues(
                Manifests.domain("devices: {interfaces: [\(interface)]}", spec: "networks: [{name: net, pod: {}}]"))
                == [])
    }

    @Test(
        "a wrong network is told",
        arguments: [
            ("{name: net}", ": has no source: write pod: {}"),
            (
                "{name: lone, pod: {}}",
                ".name: no interface is named \"lone\": add one under spec.domain.devices.interfaces"
            ),
        ])
    func networks(network: String, issue: String) {
        let found = Manifests.issues(
            Manifests.domain("devices: {interfaces: [{name: net}]}", spec: "networks: [\(network)]"))
        #expect(found.contains("spec.networks[0]\(issue)"), "\(found)")
    }
}
