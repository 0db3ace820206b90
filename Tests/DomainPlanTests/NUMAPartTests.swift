import DomainModel
import Testing

@testable import DomainPlan

@Suite struct NUMAPartTests {
    private static func domain(cores: Int, memory: String) -> String {
        """
        cpu: {cores: \(cores), dedicatedCpuPlacement: true, numa: {guestMappingPassthrough: {}}}
        memory: {guest: \(memory), hugepages: {pageSize: 2Mi}}
        """
    }

    @Test(
        "memfd and room for memory need a cell, and it holds all vCPUs, those to be plugged too",
        arguments: [
            ("", [:], nil), ("cpu: {cores: 4}\nmemory: {guest: 64Mi, hugepages: {pageSize: 2Mi}}", [:], "0-3"),
            ("memory: {guest: 64Mi, hugepages: {pageSize: 2Mi}}", ["kubevirt.io/memfd": "false"], nil),
            ("memory: {guest: 64Mi, maxGuest: 128Mi}", [:], "0-0"),
            ("cpu: {sockets: 1, maxSockets: 4}\nmemory: {guest: 64Mi, maxGuest: 128Mi}", [:], "0-3"),
        ] as [(String, [String: String], String?)])
    func single(domain: String, annotations: [String: String], cpus: String?) throws {
        let plan = try Plans.plan(domain, annotations: annotations)
        #expect(
            try plan.lines("cpu/numa/cell")
                == (cpus.map { ["cell cpus=\($0) id=0 memory=67108864 unit=b"] } ?? []))
        #expect(plan.domain.numatune == nil)
    }

    @Test("a cell's memory is whole KiB, as libvirt counts")
    func wholeKiB() throws {
        let plan = try Plans.plan(
            "memory: {guest: '67109000'}\ndevices: {filesystems: [{name: share, virtiofs: {}}]}",
            spec: "volumes: [{name: share, persistentVolumeClaim: {claimName: share}}]")
        #expect(plan.domain.memoryBytes == 67_109_000)
        #expect(plan.domain.cpu?.numa.map(\.memoryBytes) == [67_108_864])
    }

    @Test("cells of the host become the guest's: their vCPUs, distances, and one page more in the first ones")
    func twoCells() throws {
        // 1025 pages of 2Mi over two cells: 513 and 512.
        let plan = try Plans.placed(Self.domain(cores: 4, memory: "2050Mi"), cpus: "0-1,8-9")
        #expect(
            try plan.lines("cpu/numa/cell") == [
                """
                cell cpus=0,1 id=0 memory=1075838976 unit=b {distances {sibling id=0 value=10} {sibling id=1 \
                value=21}}
                """,
                """
                cell cpus=2,3 id=1 memory=1073741824 unit=b {distances {sibling id=0 value=21} {sibling id=1 \
                value=10}}
                """,
            ])
        #expect(
            try plan.line("numatune")
                == """
                numatune {memory mode=strict nodeset=0,1} {memnode cellid=0 mode=strict nodeset=0} {memnode \
                cellid=1 mode=strict nodeset=1}
                """
        )
        #expect(
            try plan.line("memoryBacking")
                == """
                memoryBacking {hugepages {page nodeset=0 size=2097152 unit=b} {page nodeset=1 size=2097152 \
                unit=b}} {source type=memfd} {allocation mode=immediate}
                """
        )
    }

    @Test("a guest on the host's second cell alone has one cell, and its memory comes from the second")
    func otherCell() throws {
        let plan = try Plans.placed(Self.domain(cores: 2, memory: "64Mi"), cpus: "8-11")
        #expect(
            try plan.lines("cpu/numa/cell") == [
                "cell cpus=0,1 id=0 memory=67108864 unit=b {distances {sibling id=0 value=10}}"
            ])
        #expect(
            try plan.line("numatune")
                == "numatune {memory mode=strict nodeset=1} {memnode cellid=0 mode=strict nodeset=1}")
        #expect(try plan.lines("memoryBacking/hugepages/page") == ["page nodeset=0 size=2097152 unit=b"])
    }
}
