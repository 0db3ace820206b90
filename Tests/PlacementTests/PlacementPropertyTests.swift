import HostModel
import Placement
import Testing

/// Random VMs come and go on random hosts. The first ring; it takes a second or two.
@Suite struct PlacementPropertyTests {
    private struct Living {
        var request: PlacementRequest
        var placement: Placement
    }

    /// One host with its grant and what lives on it.
    private struct Node {
        let facts: HostFacts
        let topology: HostTopology
        var use = PlacementUse()
        var living: [Living] = []

        init(_ cases: inout RandomCases) {
            let host = cases.host()
            topology = HostTopology(host)
            facts = HostFacts(host, cases.grant(host))
        }

        var oracle: Oracle { Oracle(facts, living: living.map(\.placement)) }

        func place(_ request: PlacementRequest) throws(PlacementError) -> Placement {
            try Placement.make(request, topology: topology, grant: facts.grant, inUse: use)
        }
    }

    @Test("VMs that come and go never share what is theirs, and none is refused that fits", arguments: 0..<8)
    func comeAndGo(_ part: UInt64) throws {
        var placed = 0
        var refused = 0
        for seed in part * 30..<part * 30 + 30 {
            var cases = RandomCases(seed: seed)
            var node = Node(&cases)
            for step in 0..<24 {
                if cases.chance(35), !node.living.isEmpty {
                    try release(cases.number(0...node.living.count - 1), &node)
                } else if try start(cases.request("default/vm-\(seed)-\(step)"), &node) {
                    placed += 1
                } else {
                    refused += 1
                }
            }
            while !node.living.isEmpty { try release(0, &node) }
            #expect(node.use == .none)
        }
        // A generator that only made impossible VMs, or only trivial ones, would prove nothing.
        #expect(placed > 200 && refused > 200, "\(placed) placed, \(refused) refused")
    }

    /// Whether it was placed; checks all that must hold.
    private func start(_ request: PlacementRequest, _ node: inout Node) throws -> Bool {
        let oracle = node.oracle
        let placement: Placement
        do {
            placement = try node.place(request)
        } catch {
            #expect(!oracle.fits(request), "refused although it fits: \(error)")
            return false
        }
        #expect(oracle.fits(request), "placed although it does not fit: \(request)")
        checkCPUs(placement, request, oracle)
        checkSiblings(placement, request, oracle)
        checkCells(placement, request, oracle)
        checkDevices(placement, request, oracle)

        let before = node.use
        try node.use.take(placement)
        try node.use.release(placement)
        #expect(node.use == before)
        #expect(try node.place(request) == placement)
        try node.use.take(placement)
        if !placement.vcpuPins.isEmpty || !placement.devices.isEmpty {
            #expect(throws: PlacementError.self, "taken twice") { try node.use.take(placement) }
        }
        node.living.append(Living(request: request, placement: placement))
        checkPages(node)
        return true
    }

    private func release(_ index: Int, _ node: inout Node) throws {
        let gone = node.living.remove(at: index)
        try node.use.release(gone.placement)
        #expect(throws: Never.self, "what is released can be taken again") { try node.place(gone.request) }
    }

    private func checkCPUs(_ placement: Placement, _ request: PlacementRequest, _ oracle: Oracle) {
        let own = placement.vcpuPins + placement.ioThreadPins + placement.emulatorPins.ids
        #expect(placement.vcpuPins.count == (request.isDedicated ? request.vcpus : 0))
        #expect(placement.ioThreadPins.count == (request.isDedicated ? request.ioThreadPool : 0))
        #expect(placement.emulatorPins.count == (request.isDedicated ? request.emulatorThreads : 0))
        #expect(Set(own).count == own.count, "a CPU twice in one VM: \(own)")
        #expect(Set(own).isDisjoint(with: oracle.heldCPUs), "a CPU of another VM: \(own)")
        #expect(own.allSatisfy(oracle.allows), "a CPU outside of the grant or offline: \(own)")
    }

    private func guestCores(_ placement: Placement, _ request: PlacementRequest) -> [ArraySlice<Int>] {
        stride(from: 0, to: placement.vcpuPins.count, by: request.threadsPerCore).map {
            placement.vcpuPins[$0..<$0 + request.threadsPerCore]
        }
    }

    private func checkSiblings(_ placement: Placement, _ request: PlacementRequest, _ oracle: Oracle) {
        let cores = guestCores(placement, request)
        let together = cores.count { Set($0.map(oracle.core)).count == 1 }
        let capacity = oracle.fullCapacity(request.threadsPerCore)
        if request.numaPassthrough {
            // Pages may force the VM into cells where siblings are apart.
            if oracle.someCells(hold: request, capacity) { #expect(together == cores.count, "\(placement)") }
        } else {
            #expect(together >= min(cores.count, capacity.reduce(0, +)), "\(placement)")
        }
    }

    private func checkCells(_ placement: Placement, _ request: PlacementRequest, _ oracle: Oracle) {
        guard request.numaPassthrough, let size = request.pageSizeBytes else {
            #expect(placement.cells.isEmpty)
            return
        }
        for core in guestCores(placement, request) {
            #expect(Set(core.map(oracle.cell)).count == 1, "a guest core in two cells: \(core)")
        }
        let order = oracle.host.cells.map(\.id)
        let hostCells = placement.cells.map(\.hostCell)
        #expect(hostCells == order.filter(Set(placement.vcpuPins.compactMap(oracle.cell)).contains))
        let pages = Int(request.memoryBytes / size)
        for (index, cell) in placement.cells.enumerated() {
            let pins = placement.vcpuPins.indices.filter { oracle.cell(of: placement.vcpuPins[$0]) == cell.hostCell }
            #expect(cell.vcpus == pins)
            #expect(cell.pages == pages / hostCells.count + (index < pages % hostCells.count ? 1 : 0) && cell.pages > 0)
            #expect(cell.memoryBytes == Int64(cell.pages) * size && cell.pageSizeBytes == size)
            let distances = oracle.host.cells.first { $0.id == cell.hostCell }?.distances
            #expect(cell.distances == hostCells.compactMap { distances?[$0] })
        }
    }

    private func checkDevices(_ placement: Placement, _ request: PlacementRequest, _ oracle: Oracle) {
        #expect(placement.devices.map(\.name) == request.devices.map(\.name))
        #expect(placement.devices.map(\.resource) == request.devices.map(\.resource))
        let given = placement.devices.map(\.device)
        #expect(Set(given).count == given.count && Set(given).isDisjoint(with: oracle.heldDevices))
        #expect(placement.devices.allSatisfy { oracle.grant.devices[$0.resource]?.contains($0.device) == true })
    }

    /// Over all living VMs.
    private func checkPages(_ node: Node) {
        let oracle = node.oracle
        for size in [2 * mebibyte, gibibyte] {
            #expect(oracle.host.cells.allSatisfy { oracle.freePages($0, size) >= 0 })
            #expect(oracle.freePages(size) >= 0)
        }
        for living in node.living {
            guard let size = living.request.pageSizeBytes else {
                #expect(living.placement.pages.isEmpty)
                continue
            }
            let count = living.placement.pages.reduce(0) { $0 + $1.count }
            #expect(Int64(count) == (living.request.memoryBytes + size - 1) / size)
        }
    }
}
