import KubernetesModel
import Testing

@testable import KubeVirtModel

@Suite struct WholeValidationTests {
    @Test("fifteen faults of one spec are told at once, in the order of its fields")
    func all() {
        let text = Manifests.instance(
            name: "Web",
            spec: """
                architecture: arm64
                dnsPolicy: Some
                livenessProbe: {periodSeconds: 1}
                domain:
                  memory: {guest: 3Mi, hugepages: {pageSize: 2Mi}}
                  cpu: {cores: 300}
                  machine: {type: pc}
                  chassis: {serial: "\\u0001"}
                  features: {hyperv: {vendorid: {vendorid: 'a,b'}}}
                  devices:
                    disks: [{name: v, cdrom: {bus: virtio}}]
                    filesystems: [{name: v, virtiofs: {}}]
                    interfaces: [{name: net, macAddress: x}]
                    gpus: [{name: g}]
                volumes: [{name: v, configMap: {name: c, volumeLabel: 'a b'}}]
                networks: [{name: net}]
                """)
        #expect(
            Manifests.read(text).issues.map(\.issue.path) == [
                "metadata.name", "spec.architecture", "spec.dnsPolicy", "spec.livenessProbe",
                "spec.domain.memory.guest", "spec.domain.cpu", "spec.domain.machine.type",
                "spec.domain.chassis.serial", "spec.domain.features.hyperv.vendorid.vendorid",
                "spec.domain.devices.disks[0].cdrom.bus", "spec.domain.devices.filesystems[0].name",
                "spec.volumes[0].configMap.volumeLabel", "spec.networks[0]",
                "spec.domain.devices.interfaces[0].macAddress", "spec.domain.devices.gpus[0]",
            ])
    }

    @Test(
        "fields that the cluster heeds are told, and nothing else",
        arguments: [
            (
                "subdomain: A",
                [
                    "subdomain: \"A\" is no name: write at most 253 lower-case letters, digits and -, with a letter or digit at both ends"
                ]
            ),
            (
                "dnsPolicy: Some",
                ["dnsPolicy: \"Some\" is not supported: write ClusterFirst, ClusterFirstWithHostNet, Default or None"]
            ),
            (
                "livenessProbe: {guestAgentPing: {}, httpGet: {port: 1}}",
                ["livenessProbe: guestAgentPing and httpGet exclude each other: keep one"]
            ),
            (
                "readinessProbe: {timeoutSeconds: -1}",
                [
                    "readinessProbe: asks nothing: add exec, guestAgentPing, httpGet or tcpSocket",
                    "readinessProbe.timeoutSeconds: -1 is negative: write 0 or more",
                ]
            ),
            (
                "startStrategy: Paused\nlivenessProbe: {tcpSocket: {port: 1}}",
                ["startStrategy: Paused and livenessProbe exclude each other: remove one"]
            ),
            (
                "utilityVolumes: [{name: u, claimName: ../x}]",
                [
                    "utilityVolumes[0].claimName: \"../x\" is no name: write at most 253 lower-case letters, digits and -, with a letter or digit at both ends"
                ]
            ),
        ])
    func podFields(spec: String, issues: [String]) {
        let found = Manifests.issues(Manifests.domain("", spec: spec)).filter { !$0.contains("cannot do this yet") }
        #expect(found == issues.map { "spec.\($0)" })
    }

    @Test("a probe through the network needs the pod's")
    func probe() {
        let text = Manifests.domain(
            "devices: {autoattachPodInterface: false}", spec: "readinessProbe: {tcpSocket: {port: 1}}")
        #expect(
            Manifests.issues(text) == [
                "spec.readinessProbe.tcpSocket: reaches the guest through the pod network only: add it under spec.networks"
            ])
    }

    @Test(
        "characters that XML cannot hold are found, and no others",
        arguments: [
            ("", nil), ("a\t\r\nz", nil), ("é\u{85}\u{FFFD}\u{F000}\u{1FFFE}😀", nil), ("a\u{0}", 0), ("\u{1F}", 0x1F),
            ("\u{7F}", 0x7F), ("ok\u{FFFE}", 0xFFFE), ("\u{F000}\u{FFFF}", 0xFFFF),
        ] as [(String, UInt32?)])
    func characters(text: String, bad: UInt32?) { #expect(XMLText.badCharacter(in: text)?.value == bad) }
}
