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

    @Test(
        "requests come from limits, and the memory request from the guest's memory",
        arguments: [
            ("memory: {guest: 1Gi}", ["memory": "1Gi"]),
            ("resources: {limits: {memory: 2Gi, cpu: 3}}\nmemory: {guest: 1Gi}", ["memory": "2Gi", "cpu": "3"]),
            ("resources: {limits: {memory: 2Gi}, requests: {memory: 1Gi}}", ["memory": "1Gi"]),
            ("resources: {limits: {cpu: 2}, requests: {cpu: 0, memory: 64Mi}}", ["cpu": "2", "memory": "64Mi"]),
        ])
    func requests(domain: String, requests: [String: String]) throws {
        let text = Manifests.instance(
            spec: "domain:\n  devices: {}\n  " + domain.replacing("\n", with: "\n  "))
        let resources = try #require(try Manifests.sound(text).spec.domain.resources)
        #expect(resources.requests.mapValues(\.text) == requests)
    }

    @Test("a guest of hugepages that says no more has one of them")
    func hugepage() throws {
        let text = Manifests.instance(spec: "domain: {devices: {}, memory: {hugepages: {pageSize: 1Gi}}}")
        var instance = try Self.decoded(text)
        instance.applyDefaults()
        #expect(instance.spec.domain.memory?.guest?.text == "1Gi")
        #expect(instance.spec.domain.resources?.requests["memory"]?.text == "1Gi")
    }

    @Test(
        "Hyper-V's interfaces bring what they stand on, unless the VMI says otherwise",
        arguments: [
            ("synictimer: {}", ["synic", "synictimer", "vpindex"]), ("ipi: {}", ["ipi", "vpindex"]),
            ("tlbflush: {}", ["tlbflush", "vpindex"]), ("evmcs: {}", ["evmcs", "vapic"]),
            ("relaxed: {}", ["relaxed"]), ("synictimer: {enabled: false}", ["synictimer"]),
            ("{ipi: {}, vpindex: {enabled: false}}", ["ipi", "vpindex"]), ("{evmcs: {enabled: false}}", ["evmcs"]),
        ])
    func hyperv(features: String, names: [String]) throws {
        let text = features.hasPrefix("{") ? features : "{\(features)}"
        var instance = try Self.decoded(Manifests.domain("features: {hyperv: \(text)}"))
        instance.applyDefaults()
        let hyperv = try #require(instance.spec.domain.features?.hyperv)
        #expect(HyperV.table.fields.filter { $0.isSet(in: hyperv) }.map(\.name) == names)
        if features.contains("vpindex: {enabled") { #expect(hyperv.vpindex?.isOn == false) }
    }

    @Test(
        "nested Hyper-V needs vmx, and leaves a policy of one's own alone",
        arguments: [
            ("", ["vmx=require"]), ("features: [{name: vmx, policy: force}]", ["vmx=force"]),
            ("features: [{name: x}]", ["x=", "vmx=require"]),
        ])
    func vmx(cpu: String, features: [String]) throws {
        var instance = try Self.decoded(Manifests.domain("features: {hyperv: {evmcs: {}}}\ncpu: {\(cpu)}"))
        instance.applyDefaults()
        let found = instance.spec.domain.cpu?.features.map { "\($0.name)=\($0.policy?.rawValue ?? "")" }
        #expect(found == features)
    }

    @Test(
        "spinlocks have 4096 attempts where they are on and say nothing",
        arguments: [("{}", 4096), ("{spinlocks: 8191}", 8191), ("{enabled: false}", nil)] as [(String, UInt32?)])
    func spinlocks(value: String, attempts: UInt32?) throws {
        var instance = try Self.decoded(Manifests.domain("features: {hyperv: {spinlocks: \(value)}}"))
        instance.applyDefaults()
        #expect(instance.spec.domain.features?.hyperv?.spinlocks?.spinlocks == attempts)
    }

    @Test("a watchdog resets the guest, and a sound card is an ich9")
    func devices() throws {
        var instance = try Self.decoded(Manifests.domain("devices: {watchdog: {name: w}, sound: {name: s}}"))
        instance.applyDefaults()
        #expect(instance.spec.domain.devices.watchdog?.i6300esb?.action == .reset)
        #expect(instance.spec.domain.devices.sound?.model == .ich9)
        instance = try Self.decoded(
            Manifests.domain("devices: {watchdog: {name: w, diag288: {}}, sound: {name: s, model: ac97}}"))
        instance.applyDefaults()
        #expect(instance.spec.domain.devices.watchdog?.i6300esb == nil)
        #expect(instance.spec.domain.devices.watchdog?.diag288?.action == .reset)
        #expect(instance.spec.domain.devices.sound?.model == .ac97)
    }

    @Test("a file system's volume and a memory dump get no disk, and a LUN sits on SATA")
    func noDisks() throws {
        var instance = try Self.decoded(
            Manifests.domain(
                "devices: {filesystems: [{name: share, virtiofs: {}}], disks: [{name: lun, lun: {}}]}",
                spec:
                    "volumes: [{name: share, persistentVolumeClaim: {claimName: a}}, {name: dump, memoryDump: {claimName: b}}, {name: lun, persistentVolumeClaim: {claimName: c}}, {name: path, containerPath: {path: /x}}]"
            ))
        instance.applyDefaults()
        let disks = instance.spec.domain.devices.disks
        #expect(disks.map(\.name) == ["lun"])
        #expect(disks.first?.disk == nil && disks.first?.bus == .sata)
    }

    @Test("an interface without a binding gets none that it does not ask for")
    func binding() throws {
        var instance = try Self.decoded(
            Manifests.domain("devices: {interfaces: [{name: net}]}", spec: "networks: [{name: net, pod: {}}]"))
        instance.applyDefaults()
        let interface = try #require(instance.spec.domain.devices.interfaces.first)
        #expect(Interface.table.fields.filter { $0.isSet(in: interface) }.map(\.name) == ["name"])
    }

    /// The VMI of a text, without its defaults.
    private static func decoded(_ text: String) throws -> VirtualMachineInstance {
        var context = DecodingContext()
        let document = try #require(try DocumentReader().read(text).first)
        return try #require(VirtualMachineInstance.decode(document, &context))
    }
}
