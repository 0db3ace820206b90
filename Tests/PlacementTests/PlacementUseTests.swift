import HostModel
import Placement
import Testing

@Suite struct PlacementUseTests {
    private let placement = Placement(
        vcpuPins: [4, 300], ioThreadPins: [5], emulatorPins: CPUSet([6]),
        pages: [PageUse(cell: 0, pageSizeBytes: gibibyte, count: 2)],
        devices: [PlacedDevice(name: "gpu", resource: "x", device: .usb(bus: 1, device: 4))])

    @Test("taking and releasing leaves nothing behind")
    func inverse() throws {
        var use = PlacementUse()
        let other = Placement(vcpuPins: [7], pages: [PageUse(cell: nil, pageSizeBytes: gibibyte, count: 2)])
        try use.take(other)
        let before = use
        try use.take(placement)
        #expect(use.cpus == CPUSet([4, 5, 6, 7, 300]))
        #expect(use.pages(cell: 0, size: gibibyte) == 2)
        #expect(use.pages(cell: nil, size: gibibyte) == 2)
        #expect(use.holds(.usb(bus: 1, device: 4)))
        try use.release(placement)
        #expect(use == before)
        try use.release(other)
        #expect(use == .none)
    }

    @Test("what is held cannot be taken again, and the books stay as they were")
    func doubleTake() throws {
        var use = PlacementUse()
        try use.take(placement)
        let before = use
        let error = #expect(throws: PlacementError.self) { try use.take(placement) }
        #expect(error?.description == "another VM holds CPUs 4-6,300 and 1 device 1:4")
        #expect(throws: PlacementError.alreadyTaken(cpus: CPUSet([5]), devices: [])) {
            try use.take(Placement(vcpuPins: [1, 5]))
        }
        #expect(throws: PlacementError.alreadyTaken(cpus: CPUSet([8]), devices: [])) {
            try use.take(Placement(vcpuPins: [8, 8]))
        }
        #expect(use == before)
    }

    @Test("what was not taken as a whole cannot be released")
    func foreignRelease() throws {
        var use = PlacementUse()
        try use.take(placement)
        let before = use
        let foreign = [
            Placement(vcpuPins: [4, 300]), Placement(vcpuPins: [9]), Placement(),
            Placement(pages: [PageUse(cell: 0, pageSizeBytes: gibibyte, count: 2)]),
        ]
        for placement in foreign {
            let error = #expect(throws: PlacementError.self) { try use.release(placement) }
            #expect(error?.description.hasPrefix("no VM holds ") == true)
        }
        #expect(use == before)
        try use.release(placement)
        #expect(throws: PlacementError.self) { try use.release(placement) }
    }

    @Test("equal placements without CPUs are held as often as they are taken")
    func equalPlacements() throws {
        let pages = Placement(pages: [PageUse(cell: nil, pageSizeBytes: gibibyte, count: 3)])
        var use = PlacementUse()
        try use.take(pages)
        try use.take(pages)
        #expect(use.pages(cell: nil, size: gibibyte) == 6)
        try use.release(pages)
        #expect(use.pages(cell: nil, size: gibibyte) == 3)
        try use.release(pages)
        #expect(use == .none)
    }

    @Test("numbers that no host has are refused")
    func impossibleNumbers() {
        var use = PlacementUse()
        #expect(throws: PlacementError.impossibleCPU(-1)) { try use.take(Placement(vcpuPins: [-1])) }
        #expect(throws: PlacementError.impossibleCPU(.max)) { try use.take(Placement(ioThreadPins: [.max])) }
        for count in [-1, Int.max] {
            let pages = PageUse(cell: nil, pageSizeBytes: gibibyte, count: count)
            #expect(throws: PlacementError.impossiblePages(pages)) { try use.take(Placement(pages: [pages])) }
        }
        #expect(use == .none)
    }

    @Test("a host that was read while VMs lived gets their pages back before they are subtracted")
    func returning() throws {
        let request = PlacementRequest(
            name: "default/vm", vcpus: 1, isDedicated: true, numaPassthrough: true, memoryBytes: 8 * gibibyte,
            pageSizeBytes: gibibyte)
        var use = PlacementUse()
        try use.take(Placement(pages: [PageUse(cell: 0, pageSizeBytes: gibibyte, count: 8)]))
        let topology = HostTopology(.twoNodes(free1Gi: [8, 0]))
        #expect(throws: PlacementError.self) {
            try Placement.make(request, topology: topology, grant: Grant(), inUse: use)
        }
        let placement = try Placement.make(request, topology: topology.returning(use), grant: Grant(), inUse: use)
        #expect(placement.pages == [PageUse(cell: 0, pageSizeBytes: gibibyte, count: 8)])
    }
}
