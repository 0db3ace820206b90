import KubernetesModel
import Testing

@testable import KubeVirtModel

@Suite struct DefaultsTests {
    @Test("a VMI that says little gets KubeVirt's defaults")
    func little() throws {
        let spec = try Manifests.sound(Manifests.instance()).spec
        #expect(spec.architecture == "amd64")
        #expect(spec.terminationGracePeriodSeconds == 30)
        #expect(spec.domain.machine?.type == "q35")
        #expect(spec.domain.features?.acpi?.isOn == true)
        let cpu = try #require(spec.domain.cpu)
        #expect(cpu.sockets == 1 && cpu.cores == 1 && cpu.threads == 1 && cpu.model == "host-model")
        #expect(spec.networks.map(\.name) == ["default"] && spec.networks.first?.pod != nil)
        #expect(spec.domain.devices.interfaces.map(\.name) == ["default"])
        #expect(spec.domain.devices.interfaces.first?.masquerade != nil)
    }

    @Test("defaults change nothing the second time")
    func idempotent() throws {
        var instance = try Manifests.sound(
            Manifests.domain(
                "resources: {requests: {cpu: 1500m}}",
                spec: "volumes: [{name: a, containerDisk: {image: x}}, {name: b, emptyDisk: {capacity: 1Gi}}]"))
        let once = instance.encode()
        instance.applyDefaults()
        #expect(instance.encode() == once)
    }

    @Test("no interface is made where the VMI declines, or brings a network")
    func networks() throws {
        #expect(try Manifests.sound(Manifests.domain("devices: {autoattachPodInterface: false}")).spec.networks.isEmpty)
        let own = Manifests.domain(
            "devices: {interfaces: [{name: net, bridge: {}}]}", spec: "networks: [{name: net, pod: {}}]")
        #expect(try Manifests.sound(own).spec.networks.map(\.name) == ["net"])
    }

    @Test(
        "without a topology, sockets come from the CPU limit or request, rounded up",
        arguments: [
            ("limits: {cpu: 2}", 2, 1, 1), ("requests: {cpu: 1500m}", 2, 1, 1), ("requests: {cpu: 100m}", 1, 1, 1),
            ("{limits: {cpu: 3}, requests: {cpu: 1}}", 3, 1, 1), ("requests: {cpu: 0}", 1, 1, 1),
            ("requests: {cpu: '2.000001'}", 3, 1, 1),
        ] as [(String, UInt32, UInt32, UInt32)])
    func sockets(resources: String, sockets: UInt32, cores: UInt32, threads: UInt32) throws {
        let text = resources.hasPrefix("{") ? resources : "{\(resources)}"
        let cpu = try #require(try Manifests.sound(Manifests.domain("resources: \(text)")).spec.domain.cpu)
        #expect(cpu.sockets == sockets && cpu.cores == cores && cpu.threads == threads)
    }

    @Test(
        "a topology of one's own stands, and its missing parts are one",
        arguments: [("{cores: 4}", 4), ("{sockets: 2, threads: 2}", 4), ("{cores: 0, threads: 3}", 3)]
            as [(String, UInt64)])
    func topology(cpu: String, vcpus: UInt64) throws {
        let instance = try Manifests.sound(Manifests.domain("cpu: \(cpu)\nresources: {limits: {cpu: 8}}"))
        #expect(instance.spec.domain.cpu?.vcpus == vcpus)
    }

    @Test(
        "memory comes from the request, then from the limit",
        arguments: [
            ("{requests: {memory: 1Gi}}", "1Gi"), ("{limits: {memory: 2Gi}}", "2Gi"),
            ("{requests: {memory: 1Gi}, limits: {memory: 2Gi}}", "1Gi"),
        ])
    func memory(resources: String, guest: String) throws {
        let text = Manifests.instance(spec: "domain: {devices: {}, resources: \(resources)}")
        #expect(try Manifests.sound(text).spec.domain.memory?.guest?.text == guest)
    }

    @Test("a volume without a disk gets a SATA disk, behind the others")
    func disks() throws {
        let disks = try Manifests.sound(
            Manifests.domain(
                "devices: {disks: [{name: b, disk: {bus: virtio}}, {name: c, cdrom: {}}, {name: d}]}",
                spec:
                    "volumes: [{name: a, emptyDisk: {capacity: 1Gi}}, {name: b, emptyDisk: {capacity: 1Gi}}, {name: c, emptyDisk: {capacity: 1Gi}}, {name: d, emptyDisk: {capacity: 1Gi}}]"
            )
        ).spec.domain.devices.disks
        #expect(disks.map(\.name) == ["b", "c", "d", "a"])
        #expect(disks.map(\.bus) == [.virtio, .sata, .sata, .sata])
        #expect(disks.map { $0.disk != nil } == [true, false, true, true])
        #expect(disks.map(\.isReadOnly) == [false, true, false, false])
    }

    @Test(
        "an image whose tag may move is looked up each time",
        arguments: [
            ("a", ImagePullPolicy.always), ("a:latest", .always), ("r:5000/a", .always), ("r:5000/a:latest", .always),
            ("a:1", .ifNotPresent),
            ("r:5000/a:1", .ifNotPresent), ("a@sha256:00", .ifNotPresent), ("a:latest@sha256:00", .ifNotPresent),
        ])
    func pullPolicy(image: String, policy: ImagePullPolicy) { #expect(ImagePullPolicy.standard(for: image) == policy) }

    @Test("a pull policy of one's own stands")
    func ownPolicy() throws {
        let instance = try Manifests.sound(
            Manifests.domain(
                "",
                spec:
                    "volumes: [{name: a, containerDisk: {image: x, imagePullPolicy: Never}}, {name: b, containerDisk: {image: 'y:1'}}]"
            ))
        #expect(instance.spec.volumes.map { $0.containerDisk?.imagePullPolicy } == [.never, .ifNotPresent])
    }
}
