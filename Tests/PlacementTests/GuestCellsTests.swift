import HostModel
import Placement
import Testing

@Suite struct GuestCellsTests {
    private func request(
        _ vcpus: Int, memory: Int64, page: Int64 = 2 * mebibyte, threads: Int = 1,
        cells: CellPreference = .hostOrder
    ) -> PlacementRequest {
        PlacementRequest(
            name: "default/vm", vcpus: vcpus, threadsPerCore: threads, isDedicated: true, numaPassthrough: true,
            memoryBytes: memory, pageSizeBytes: page, preferredCells: cells)
    }

    @Test("the CPUs of one host cell make one guest cell")
    func oneCell() throws {
        let placement = try Placement.make(
            request(6, memory: 2 * gibibyte), host: .twoNodes(), grant: .cpus("4-11,20-27"))
        #expect(placement.vcpuPins == [4, 20, 5, 21, 6, 22])
        #expect(
            placement.cells == [
                PlacedCell(
                    hostCell: 0, vcpus: [0, 1, 2, 3, 4, 5], memoryBytes: 2 * gibibyte, pageSizeBytes: 2 * mebibyte,
                    pages: 1024, distances: [10])
            ])
        #expect(placement.pages == [PageUse(cell: 0, pageSizeBytes: 2 * mebibyte, count: 1024)])
    }

    @Test("memory is shared evenly and the first cells get the pages that remain")
    func twoCells() throws {
        let placement = try Placement.make(
            request(12, memory: 2050 * mebibyte), host: .twoNodes(), grant: .cpus("4-11,20-27"))
        #expect(placement.cells.map(\.hostCell) == [0, 1])
        #expect(placement.cells.map(\.memoryBytes) == [1026 * mebibyte, 1024 * mebibyte])
        #expect(placement.cells.map(\.vcpus) == [Array(0..<8), Array(8..<12)])
        #expect(placement.cells.map(\.distances) == [[10, 21], [21, 10]])
    }

    @Test("guest cells keep the host's order although full cores come first")
    func fragmentsLast() throws {
        // Cell 0 gives one full core (4, 20) and the fragments 5 and 6; cell 1 one full core.
        let placement = try Placement.make(
            request(6, memory: gibibyte, threads: 2), host: .twoNodes(), grant: .cpus("4-6,20,8,24"))
        #expect(placement.vcpuPins == [4, 20, 8, 24, 5, 6])
        #expect(placement.cells.map(\.vcpus) == [[0, 1, 4, 5], [2, 3]])
    }

    @Test("where the first cells lack pages, others that have both are taken")
    func otherCells() throws {
        let placement = try Placement.make(
            request(4, memory: gibibyte), host: .twoNodes(free2Mi: [511, 512]), grant: .cpus("4-11,20-27"))
        #expect(placement.vcpuPins == [8, 24, 9, 25])
        #expect(placement.cells.map(\.hostCell) == [1])
    }

    @Test("where one cell has CPUs enough but not the pages, two share evenly")
    func sharedForPages() throws {
        let placement = try Placement.make(
            request(4, memory: gibibyte), host: .twoNodes(free2Mi: [256, 256]), grant: .cpus("4-11,20-27"))
        #expect(placement.vcpuPins == [4, 20, 8, 24])
        #expect(placement.cells.map(\.pages) == [256, 256])
        let uneven = try Placement.make(
            request(5, memory: gibibyte), host: .twoNodes(free2Mi: [256, 256]), grant: .cpus("4-11,20-27"))
        #expect(uneven.vcpuPins == [4, 20, 5, 8, 24])
    }

    @Test("one page of memory needs CPUs of one cell")
    func onePage() throws {
        let wanted = request(8, memory: gibibyte, page: gibibyte, threads: 2)
        let fits = try Placement.make(wanted, host: .twoNodes(), grant: .cpus("0-2,16-18,8-11,24-27"))
        #expect(fits.cells.map(\.hostCell) == [1])
        #expect(throws: PlacementError.self) {
            try Placement.make(wanted, host: .twoNodes(), grant: .cpus("0-2,16-18,8,9,24,25"))
        }
    }

    @Test("a free granter takes the fewest cells, the fullest first")
    func nearDevices() throws {
        let wanted = request(4, memory: gibibyte, cells: .nearDevices)
        let fullest = try Placement.make(wanted, host: .twoNodes(), grant: .cpus("0-7,8-11"))
        #expect(fullest.cells.map(\.hostCell) == [1])
        let withPages = try Placement.make(wanted, host: .twoNodes(free2Mi: [512, 0]), grant: .cpus("0-7,8-11"))
        #expect(withPages.cells.map(\.hostCell) == [0])
    }

    @Test("where other cells than the first are taken, single threads lie in them too while there is room")
    func threadsNearby() throws {
        var wanted = request(4, memory: gibibyte)
        wanted.emulatorThreads = 1
        wanted.ioThreadPool = 1
        let placement = try Placement.make(wanted, host: .twoNodes(free2Mi: [0, 512]), grant: .cpus("4-11,20-27"))
        #expect(placement.vcpuPins == [8, 24, 9, 25])
        #expect(placement.ioThreadPins == [10])
        #expect(placement.emulatorPins == CPUSet([26]))
    }

    @Test("of the CPUs that somebody else chose, single threads get the first fragment of all, as in KubeVirt")
    func firstFragment() throws {
        var wanted = request(4, memory: gibibyte, threads: 2)
        wanted.emulatorThreads = 1
        let placement = try Placement.make(wanted, host: .twoNodes(), grant: .cpus("4,8-11,24-27"))
        #expect(placement.vcpuPins == [8, 24, 9, 25])
        #expect(placement.emulatorPins == CPUSet([4]))
    }
}
