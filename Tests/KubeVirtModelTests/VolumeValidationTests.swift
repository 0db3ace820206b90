import KubernetesModel
import Testing

@testable import KubeVirtModel

@Suite struct VolumeValidationTests {
    private static let name =
        "is no name: write at most 253 lower-case letters, digits and -, with a letter or digit at both ends"

    @Test(
        "a volume that cannot be made is told, and nothing else",
        arguments: [
            (
                "containerDisk: {image: \"a\\u0007\"}",
                [".containerDisk.image: \"a\u{7}\" is no image: write one such as quay.io/containerdisks/fedora:42"]
            ),
            (
                "containerDisk: {image: a, path: disk.img}",
                [".containerDisk.path: \"disk.img\" must be absolute and without ..: write the file's full path"]
            ),
            (
                "containerDisk: {image: a, path: /disk/../../etc/shadow}",
                [
                    ".containerDisk.path: \"/disk/../../etc/shadow\" must be absolute and without ..: write the file's full path"
                ]
            ),
            ("containerDisk: {image: a, imagePullSecret: ../x}", [".containerDisk.imagePullSecret: \"../x\" \(name)"]),
            (
                "emptyDisk: {capacity: 3Pi}",
                [".emptyDisk.capacity: \"3Pi\" is more than the 2Pi that a qcow2 image holds"]
            ),
            (
                "hostDisk: {path: /x, type: Disk, capacity: 1Gi}",
                [".hostDisk.capacity: is that of the file with type: Disk: remove it, or write type: DiskOrCreate"]
            ),
            (
                "hostDisk: {path: /, type: Disk}",
                [".hostDisk.path: \"/\" must be absolute and without ..: write the file's full path"]
            ),
            ("dataVolume: {name: a/b}", [".dataVolume.name: \"a/b\" \(name)"]),
            ("configMap: {name: ''}", [".configMap.name: \"\" \(name)"]),
            ("secret: {secretName: ../s}", [".secret.secretName: \"../s\" \(name)"]),
            ("serviceAccount: {}", [".serviceAccount.serviceAccountName: \"\" \(name)"]),
            ("sysprep: {}", [".sysprep: has no source: write configMap or secret"]),
            (
                "sysprep: {configMap: {name: a}, secret: {name: b}}",
                [".sysprep: configMap and secret exclude each other: keep one"]
            ),
            ("sysprep: {secret: {name: a_b}}", [".sysprep.secret.name: \"a_b\" \(name)"]),
            (
                "downwardAPI: {volumeLabel: 'a b'}",
                [".downwardAPI.volumeLabel: \"a b\" is no volume label: write at most 32 letters, digits, - and _"]
            ),
            (
                "downwardAPI: {fields: [{path: ../x, fieldRef: {fieldPath: metadata.name}}]}",
                [".downwardAPI.fields[0].path: \"../x\" must be relative and without ..: write a file's name"]
            ),
            (
                "downwardAPI: {fields: [{path: a, mode: 512}, {path: a, fieldRef: {fieldPath: x}}]}",
                [
                    ".downwardAPI.fields[0]: has no source: write fieldRef or resourceFieldRef",
                    ".downwardAPI.fields[0].mode: 512 is no mode: write 0 to 511 (octal 0777)",
                    ".downwardAPI.fields[1].path: \"a\" is used twice: give each file a path of its own",
                ]
            ),
            (
                "cloudInitNoCloud: {userDataBase64: '%%'}",
                [".cloudInitNoCloud.userDataBase64: is no base64: encode it anew (base64 -w0)"]
            ),
            (
                "cloudInitConfigDrive: {networkDataBase64: 'a'}",
                [".cloudInitConfigDrive.networkDataBase64: is no base64: encode it anew (base64 -w0)"]
            ),
            (
                "cloudInitNoCloud: {userData: '', networkData: ''}",
                [".cloudInitNoCloud: holds neither user data nor network data: add userData"]
            ),
            ("cloudInitNoCloud: {secretRef: {name: ''}}", [".cloudInitNoCloud.secretRef.name: \"\" \(name)"]),
            (
                "containerPath: {path: /x}",
                [".containerPath: has no effect: add \"v\" under spec.domain.devices.filesystems"]
            ),
        ])
    func wrong(source: String, issues: [String]) {
        let found = Manifests.issues(Manifests.domain("", spec: "volumes: [{name: v, \(source)}]"))
        #expect(found == issues.map { "spec.volumes[0]\($0)" })
    }

    @Test("data for cloud-init fit into an object of Kubernetes, plain or base64")
    func longData() {
        let text = String(repeating: "x", count: (1 << 20) + 1)
        #expect(
            Manifests.issues(Manifests.domain("", spec: "volumes: [{name: v, cloudInitNoCloud: {userData: \(text)}}]"))
                == [
                    "spec.volumes[0].cloudInitNoCloud.userData: holds 1048577 bytes: write at most 1048576, and let the guest fetch the rest"
                ])
        let small = "volumes: [{name: v, cloudInitNoCloud: {userData: \(text.dropLast())}}]"
        #expect(Manifests.issues(Manifests.domain("", spec: small)) == [])
    }

    @Test("a VM has one volume of a kind that it has one of")
    func single() {
        let text = Manifests.domain(
            "devices: {disks: [{name: c, disk: {bus: virtio}}, {name: d, disk: {bus: virtio}}]}",
            spec:
                "volumes: [{name: a, serviceAccount: {serviceAccountName: s}}, {name: b, serviceAccount: {serviceAccountName: s}}, {name: c, downwardMetrics: {}}, {name: d, downwardMetrics: {}}]"
        )
        #expect(
            Manifests.issues(text) == [
                "spec.volumes[1].serviceAccount: a VM has one volume of this kind: remove the others",
                "spec.volumes[3].downwardMetrics: a VM has one volume of this kind: remove the others",
            ])
    }

    @Test("a memory dump is no disk of the guest")
    func memoryDump() {
        let text = Manifests.domain(
            "devices: {disks: [{name: dump}]}", spec: "volumes: [{name: dump, memoryDump: {claimName: c}}]")
        #expect(
            Manifests.issues(text).contains(
                "spec.volumes[0].memoryDump: is no disk of the guest: remove the one that is named \"dump\""))
    }

    @Test("every source that a volume can have counts as one")
    func sources() {
        for field in Volume.table.fields where field.name != "name" {
            let found = Manifests.issues(Manifests.domain("", spec: "volumes: [{name: v, \(field.name): {}}]"))
            #expect(!found.contains { $0.contains("has no source: add one") }, "\(field.name)")
        }
    }

    @Test(
        "credentials name one kind, one source and one way to the guest",
        arguments: [
            ("{}", [": is empty: write sshPublicKey or userPassword"]),
            (
                "{sshPublicKey: {propagationMethod: {}, source: {}}}",
                [
                    ".sshPublicKey.propagationMethod: is empty: write noCloud, configDrive or qemuGuestAgent",
                    ".sshPublicKey.source: is empty: write secret",
                ]
            ),
            (
                "{sshPublicKey: {propagationMethod: {noCloud: {}}, source: {secret: {secretName: ../k}}}}",
                [
                    ".sshPublicKey.propagationMethod.noCloud: needs a volume that brings the keys: add one with cloudInitNoCloud under spec.volumes",
                    ".sshPublicKey.source.secret.secretName: \"../k\" \(name)",
                ]
            ),
            (
                "{sshPublicKey: {propagationMethod: {configDrive: {}}, source: {secret: {secretName: k}}}}", []
            ),
        ] as [(String, [String])])
    func credentials(credential: String, issues: [String]) {
        let spec = "accessCredentials: [\(credential)]\nvolumes: [{name: v, cloudInitConfigDrive: {userData: x}}]"
        #expect(Manifests.issues(Manifests.domain("", spec: spec)) == issues.map { "spec.accessCredentials[0]\($0)" })
    }
}
