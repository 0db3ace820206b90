import HostModel
import Placement
import Testing

@Suite struct PlacementErrorTests {
    private static func numa(_ vcpus: Int, threads: Int = 1, pages: Int64, of size: Int64) -> PlacementRequest {
        PlacementRequest(
            name: "default/vm", vcpus: vcpus, threadsPerCore: threads, isDedicated: true, numaPassthrough: true,
            memoryBytes: pages * size, pageSizeBytes: size)
    }

    private static func dedicated(_ vcpus: Int, threads: Int = 1) -> PlacementRequest {
        PlacementRequest(
            name: "default/vm", vcpus: vcpus, threadsPerCore: threads, isDedicated: true, ioThreadPool: 1,
            emulatorThreads: 2, memoryBytes: gibibyte)
    }

    private static func changed(
        _ request: PlacementRequest, _ change: (inout PlacementRequest) -> Void
    ) -> PlacementRequest {
        var request = request
        change(&request)
        return request
    }

    private static let impossible: [(PlacementRequest, Grant, String)] = [
        (
            dedicated(8, threads: 2), .cpus("0-3,8,9"),
            """
            default/vm: needs 11 dedicated CPUs (4 cores of 2 threads, 1 for I/O threads, 2 for the emulator thread), \
            6 are free; cell 0 has 4 free, cell 1 has 2: grant more CPUs (--cpuset) or lower spec.domain.cpu
            """
        ),
        (
            numa(8, threads: 2, pages: 4, of: 2 * mebibyte), .cpus("0-4,8-10"),
            """
            default/vm: needs 8 dedicated CPUs (4 cores of 2 threads), each core in one NUMA cell; cell 0 has 5 free, \
            cell 1 has 3: grant more CPUs of one cell (--cpuset), lower spec.domain.cpu.threads or leave out \
            spec.domain.cpu.numa
            """
        ),
        (
            numa(8, pages: 1, of: gibibyte), .cpus("0-5,8-11"),
            """
            default/vm: needs 8 dedicated CPUs in one NUMA cell, since its memory is 1 page of 1Gi; cell 0 has 6 free, \
            cell 1 has 4: grant more CPUs of one cell (--cpuset) or choose smaller pages
            """
        ),
        (
            numa(4, pages: 17, of: gibibyte), .cpus("8-11"),
            """
            default/vm: cell 1 lacks 1 page of 1Gi (needs 17, 16 are free): reserve them in \
            /sys/devices/system/node/node1/hugepages, or grant CPUs of another cell (--cpuset)
            """
        ),
        (
            numa(4, pages: 10_000, of: 2 * mebibyte), Grant(),
            """
            default/vm: needs 10000 pages of 2Mi, 8192 are free; cell 0 has 4096 free, cell 1 has 4096: reserve 1808 \
            more on the host or lower spec.domain.memory.guest
            """
        ),
        (
            numa(4, pages: 3, of: 64 << 10), Grant(),
            """
            default/vm: the host has no pages of 64Ki, only of 2Mi, 1Gi: change \
            spec.domain.memory.hugepages.pageSize, or start the host with hugepagesz=64K
            """
        ),
        (
            changed(numa(4, pages: 2, of: gibibyte)) { $0.memoryBytes += mebibyte }, Grant(),
            """
            default/vm: its memory of 2049Mi is not a multiple of 1Gi, the size of its hugepages: change \
            spec.domain.memory.guest or spec.domain.memory.hugepages.pageSize
            """
        ),
        (
            changed(numa(4, pages: 2, of: gibibyte)) { $0.pageSizeBytes = nil }, Grant(),
            """
            default/vm: spec.domain.cpu.numa.guestMappingPassthrough needs hugepages: set \
            spec.domain.memory.hugepages.pageSize
            """
        ),
        (
            changed(numa(4, pages: 2, of: gibibyte)) { $0.isDedicated = false }, Grant(),
            """
            default/vm: spec.domain.cpu.numa.guestMappingPassthrough needs dedicated CPUs: set \
            spec.domain.cpu.dedicatedCpuPlacement
            """
        ),
        (
            dedicated(3, threads: 2), Grant(),
            """
            default/vm: 3 vCPUs are not whole cores of 2 threads: make spec.domain.cpu sockets × cores × threads, \
            each at least 1
            """
        ),
        (
            numa(4, pages: 2, of: gibibyte), Grant(pages: [PageUse(cell: 7, pageSizeBytes: gibibyte, count: 1)]),
            "default/vm: pages of cell 7 are granted, but the host has only cells 0, 1"
        ),
    ]

    @Test("an impossible request is refused with its numbers", arguments: impossible.indices)
    func refused(_ index: Int) throws {
        let (request, grant, text) = Self.impossible[index]
        let error = #expect(throws: PlacementError.self) {
            try Placement.make(request, host: .twoNodes(), grant: grant)
        }
        #expect(error?.description == text)
    }

    @Test("the largest numbers are refused, not summed")
    func largestNumbers() throws {
        var request = Self.dedicated(.max)
        request.ioThreadPool = .max
        request.memoryBytes = .max
        #expect(throws: PlacementError.self) { try Placement.make(request, host: .twoNodes(), grant: Grant()) }
        request.isDedicated = false
        request.pageSizeBytes = 2 * mebibyte
        #expect(throws: PlacementError.self) { try Placement.make(request, host: .twoNodes(), grant: Grant()) }
    }

    @Test("one page that lies beside too few CPUs is told as pages of the cell with the CPUs")
    func onePageElsewhere() throws {
        let error = #expect(throws: PlacementError.self) {
            try Placement.make(
                Self.numa(8, pages: 1, of: gibibyte), host: .twoNodes(free1Gi: [1, 0]),
                grant: .cpus("0-5,8-15"))
        }
        #expect(error == .cellLacksPages(name: "default/vm", cell: 1, pageSizeBytes: gibibyte, needed: 1, free: 0))
    }

    @Test("a grant bounds the pages of each cell and of all")
    func grantedPages() throws {
        var request = Self.numa(4, pages: 8, of: gibibyte)
        request.numaPassthrough = false
        func place(_ pages: [PageUse]) throws -> Placement {
            try Placement.make(request, host: .twoNodes(), grant: Grant(pages: pages))
        }
        let cells = [4, 4].enumerated().map { PageUse(cell: $0, pageSizeBytes: gibibyte, count: $1) }
        #expect(try place(cells).pages.map(\.count) == [8])
        #expect(try place([PageUse(cell: nil, pageSizeBytes: gibibyte, count: 8)]).pages.map(\.count) == [8])
        for few in [
            [cells[0]], [PageUse(cell: nil, pageSizeBytes: gibibyte, count: 7)],
            cells + [
                PageUse(cell: nil, pageSizeBytes: gibibyte, count: 7)
            ], [],
        ] {
            #expect(throws: PlacementError.self) { try place(few) }
        }
    }
}
