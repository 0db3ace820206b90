import DomainModel
import KubeVirtModel
import Testing

@testable import DomainPlan

@Suite struct MemoryPartTests {
    private static let pages = "memory: {guest: 64Mi, hugepages: {pageSize: 2Mi}}"
    private static let shares =
        "devices: {filesystems: [{name: share, virtiofs: {}}], autoattachPodInterface: false}"
    private static let claim = "volumes: [{name: share, persistentVolumeClaim: {claimName: share}}]"

    @Test(
        "memory is the guest's in bytes, rounded down",
        arguments: [
            ("{guest: 64Mi}", 67_108_864), ("{guest: 1.5Gi}", 1_610_612_736), ("{guest: 1000000.5k}", 1_000_000_500),
            ("{guest: 1073741824500m}", 1_073_741_824), ("{hugepages: {pageSize: 1Gi}}", 1_073_741_824),
        ] as [(String, Int64)])
    func memory(memory: String, bytes: Int64) throws {
        #expect(try Plans.plan("memory: \(memory)").domain.memoryBytes == bytes)
    }

    @Test(
        "without a size of the guest, its memory is the request, or the limit",
        arguments: [
            ("{requests: {memory: 128Mi}, limits: {memory: 256Mi}}", 134_217_728),
            ("{limits: {memory: 256Mi}}", 268_435_456),
        ] as [(String, Int64)])
    func requested(resources: String, bytes: Int64) throws {
        #expect(try Plans.plan("memory: {}\nresources: \(resources)").domain.memoryBytes == bytes)
    }

    @Test("room for more memory comes with slots, which libvirt wants")
    func maximum() throws {
        let domain = try Plans.plan("memory: {guest: 64Mi, maxGuest: 256Mi}").domain
        #expect(domain.maxMemory == MaximumMemory(bytes: 268_435_456, slots: 16))
        #expect(domain.memoryBytes == 67_108_864)
        #expect(try Plans.plan("").domain.maxMemory == nil)
    }

    @Test("a guest with the host's cells has the memory that it has: there is no room for more")
    func noMaximum() throws {
        let plan = try Plans.placed(
            """
            cpu: {dedicatedCpuPlacement: true, numa: {guestMappingPassthrough: {}}}
            memory: {guest: 64Mi, maxGuest: 256Mi, hugepages: {pageSize: 2Mi}}
            """,
            isSound: false)
        #expect(plan.domain.maxMemory == nil)
    }

    @Test(
        "hugepages come from memfd, unless the annotation declines it",
        arguments: [
            ([:], "memoryBacking {hugepages {page size=2097152 unit=b}} {source type=memfd}"),
            (["kubevirt.io/memfd": "true"], "memoryBacking {hugepages {page size=2097152 unit=b}} {source type=memfd}"),
            (["kubevirt.io/memfd": "false"], "memoryBacking {hugepages {page size=2097152 unit=b}}"),
        ] as [([String: String], String)])
    func hugepages(annotations: [String: String], backing: String) throws {
        #expect(try Plans.plan(Self.pages, annotations: annotations).line("memoryBacking") == backing)
    }

    @Test("memory that virtiofs or passt works on is shared; an interface that is absent shares none")
    func shared() throws {
        let shared = "memoryBacking {source type=memfd} {access mode=shared}"
        #expect(try Plans.plan(Self.shares, spec: Self.claim).line("memoryBacking") == shared)
        for binding in ["passt", "passtBinding"] {
            let devices = "devices: {interfaces: [{name: net, \(binding): {}}]}"
            #expect(try Plans.plan(devices, spec: "networks: [{name: net, pod: {}}]").line("memoryBacking") == shared)
        }
        var absent = try Plans.instance(
            "devices: {interfaces: [{name: net, passt: {}}]}", spec: "networks: [{name: net, pod: {}}]")
        absent.spec.domain.devices.interfaces[0].state = .absent
        #expect(try DomainPlan(Plans.request(absent)).line("memoryBacking") == nil)
        // The annotation speaks of hugepages only.
        let annotated = try Plans.plan(Self.shares, spec: Self.claim, annotations: ["kubevirt.io/memfd": "false"])
        #expect(try annotated.line("memoryBacking") == shared)
    }

    @Test("a realtime guest's pages are never merged")
    func realtime() throws {
        let plan = try Plans.placed(
            "cpu: {dedicatedCpuPlacement: true, numa: {guestMappingPassthrough: {}}, realtime: {}}\n\(Self.pages)")
        #expect(plan.domain.memoryBacking?.noSharePages == true)
        #expect(try Plans.plan(Self.pages).domain.memoryBacking?.noSharePages == false)
    }

    @Test(
        "the balloon gives free pages back, but not those of a guest that was promised its time",
        arguments: [
            ("", [:], "on"), ("cpu: {dedicatedCpuPlacement: true}", [:], "off"), (Self.pages, [:], "off"),
            ("", ["kubevirt.io/free-page-reporting-disabled": "true"], "off"),
            ("", ["kubevirt.io/free-page-reporting-disabled": "false"], "on"),
        ] as [(String, [String: String], String)])
    func balloon(domain: String, annotations: [String: String], reporting: String) throws {
        #expect(
            try Plans.plan(domain, annotations: annotations).line("devices/memballoon")
                == "memballoon freePageReporting=\(reporting) model=virtio-non-transitional {stats period=10}")
    }

    @Test("the balloon is transitional with the other devices, and none where it is declined")
    func balloonModel() throws {
        let transitional = try Plans.plan("devices: {useVirtioTransitional: true}")
        #expect(transitional.domain.devices.memballoon?.model == "virtio-transitional")
        #expect(
            try Plans.plan("devices: {autoattachMemBalloon: false}").line("devices/memballoon")
                == "memballoon model=none")
    }
}
