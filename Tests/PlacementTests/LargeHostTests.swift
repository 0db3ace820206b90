import HostModel
import Placement
import Testing

/// Whether placement stays right on the hosts that it is for.
@Suite struct LargeHostTests {
    private func request(
        _ vcpus: Int, gpus: Int, nics: Int = 0, locality: DeviceLocality = .preferred, pages: Int64 = 0
    ) -> PlacementRequest {
        let nics = (0..<nics).map { DeviceRequest(name: "n\($0)", resource: "mellanox.com/CX7") }
        let gpus = (0..<gpus).map { DeviceRequest(name: "g\($0)", resource: "nvidia.com/H100") }
        return PlacementRequest(
            name: "default/vm", vcpus: vcpus, threadsPerCore: 2, isDedicated: true, numaPassthrough: pages > 0,
            memoryBytes: max(pages, 1) * gibibyte, pageSizeBytes: pages > 0 ? gibibyte : nil, devices: nics + gpus,
            preferredCells: .nearDevices, locality: locality)
    }

    private func socket(_ cpu: Int, cores: Int = 96) -> Int { cpu % (2 * cores) / cores }

    @Test("each of eight VMs gets a GPU, the NIC behind the same port, and CPUs of that socket")
    func eightTenants() throws {
        let topology = HostTopology(LargeHosts.gpuServer())
        var use = PlacementUse.none
        for _ in 0..<8 {
            let placement = try Placement.make(
                request(44, gpus: 1, nics: 1), topology: topology, grant: LargeHosts.grant, inUse: use)
            try use.take(placement)
            let addresses = placement.devices.map { "\($0.device)".dropLast(2) }
            #expect(addresses[0] == addresses[1], "\(placement.devices)")
            #expect(Set(placement.vcpuPins.map { socket($0) }) == [placement.devices[0].numaNode])
        }
        #expect(throws: PlacementError.self) {
            try Placement.make(request(2, gpus: 1), topology: topology, grant: LargeHosts.grant, inUse: use)
        }
    }

    @Test("four GPUs of one VM lie on one socket, each with its NIC")
    func halfTheHost() throws {
        let topology = HostTopology(LargeHosts.gpuServer())
        // One GPU of cell 0 is gone: four are left on cell 1 alone.
        var use = PlacementUse.none
        try use.take(
            try Placement.make(request(2, gpus: 1), topology: topology, grant: LargeHosts.grant, inUse: use))
        let placement = try Placement.make(
            request(96, gpus: 4, nics: 4), topology: topology, grant: LargeHosts.grant, inUse: use)
        #expect(Set(placement.devices.compactMap(\.numaNode)) == [1])
        #expect(Set(placement.vcpuPins.map { socket($0) }) == [1])
        let pairs = placement.devices.map { String("\($0.device)".dropLast(2)) }
        #expect(Set(pairs.prefix(4)) == Set(pairs.suffix(4)), "\(pairs)")
    }

    @Test("a VM of all GPUs has CPUs, cells and pages of both sockets")
    func wholeHost() throws {
        let topology = HostTopology(LargeHosts.gpuServer())
        let placement = try Placement.make(
            request(320, gpus: 8, nics: 8, pages: 512), topology: topology, grant: LargeHosts.grant)
        #expect(placement.devices.count == 16 && placement.cells.map(\.hostCell) == [0, 1])
        #expect(placement.vcpuPins.count == 320 && Set(placement.vcpuPins).count == 320)
        #expect(placement.cells.map(\.pages) == [256, 256])
    }

    @Test("required takes the cell of the device or nothing, socket its neighbours, preferred any")
    func locality() throws {
        // Sub-NUMA clustering: eight cells of 24 cores; GPUs 0 to 3 on cell 0, the others on cell 4.
        let topology = HostTopology(LargeHosts.gpuServer(cellsPerSocket: 4))
        func place(_ vcpus: Int, _ locality: DeviceLocality) throws -> Set<Int> {
            let placement = try Placement.make(
                request(vcpus, gpus: 1, locality: locality), topology: topology, grant: LargeHosts.grant)
            return Set(placement.vcpuPins.map { $0 % 192 / 24 })
        }
        #expect(try place(48, .required) == [0])
        #expect(throws: PlacementError.self) { try place(50, .required) }
        #expect(try place(192, .socket) == [0, 1, 2, 3])
        #expect(throws: PlacementError.self) { try place(194, .socket) }
        #expect(try place(194, .preferred).isSuperset(of: [0, 1, 2, 3]))
        do {
            _ = try place(50, .required)
        } catch {
            #expect("\(error)".contains("virt-node.io/device-locality") && "\(error)".contains("cell 0 has 48"))
        }
    }

    @Test("cells without memory and CPUs that are offline are stepped over")
    func oddCells() throws {
        var host = LargeHosts.gpuServer(cellsPerSocket: 4)
        host.cells[0].hugepages = [HugepagePool(sizeKiB: 1 << 20, total: 0, free: 0)]
        for cpu in 24..<48 { host.cpus[cpu].isOnline = false }
        var wanted = request(24, gpus: 0, pages: 32)
        wanted.devices = []
        let placement = try Placement.make(wanted, host: host, grant: Grant())
        #expect(!placement.cells.map(\.hostCell).contains(0), "it has no pages")
        #expect(!placement.vcpuPins.contains { (24..<48).contains($0) })
    }

    @Test("some vCPUs are dedicated, the rest are shared")
    func mixed() throws {
        var wanted = PlacementRequest(
            name: "default/vm", vcpus: 6, isDedicated: true, memoryBytes: gibibyte,
            sharedVCPUs: CPUSet([0, 3]))
        let host = Host.twoNodes()
        let placement = try Placement.make(wanted, host: host, grant: Grant())
        #expect(placement.vcpuPins.count == 4 && placement.sharedVCPUs == CPUSet([0, 3]))
        #expect(placement.pinnedVCPUs.map(\.vcpu) == [1, 2, 4, 5])
        for bad in [CPUSet(0..<6), CPUSet([6])] {
            wanted.sharedVCPUs = bad
            #expect(throws: PlacementError.badSharedVCPUs(name: "default/vm", vcpus: 6, shared: bad)) {
                try Placement.make(wanted, host: host, grant: Grant())
            }
        }
    }
}
