package import HostModel

extension Placement {
    /// Places one VM; `host` is laid out anew, so whoever places several keeps a ``HostTopology``.
    package static func make(
        _ request: PlacementRequest, host: Host, grant: Grant, inUse: PlacementUse = .none
    ) throws(PlacementError) -> Placement {
        try make(request, topology: HostTopology(host), grant: grant, inUse: inUse)
    }

    /// Places one VM in what is granted and not in use. Nothing is taken: ``PlacementUse/take(_:)`` does that.
    ///
    /// The pages of `inUse` are subtracted from what the host calls free, so the host is to be read while they were
    /// free, or topped up by ``HostTopology/returning(_:)``.
    package static func make(
        _ request: PlacementRequest, topology: HostTopology, grant: Grant, inUse: PlacementUse = .none
    ) throws(PlacementError) -> Placement {
        try request.check()
        let nodes = anchors(request, topology, grant)
        guard nodes.count > 1 else { return try make(request, topology, grant, inUse, anchor: nil) }
        // Each cell with such a device is tried as the one where devices and CPUs lie together.
        var best: (placement: Placement, strays: Int)?
        var firstError: PlacementError?
        for node in nodes {
            do throws(PlacementError) {
                let placement = try make(request, topology, grant, inUse, anchor: node)
                let strays = placement.strays(from: node, topology)
                if best.map({ strays < $0.strays }) ?? true { best = (placement, strays) }
                if strays == 0 { break }
            } catch {
                firstError = firstError ?? error
            }
        }
        if let best { return best.placement }
        throw firstError ?? .notTaken(cpus: CPUSet([]), devices: [])
    }

    /// The NUMA nodes to try, where the granter may choose.
    private static func anchors(_ request: PlacementRequest, _ topology: HostTopology, _ grant: Grant) -> [Int] {
        guard request.preferredCells == .nearDevices, !request.devices.isEmpty else { return [] }
        let resources = Set(request.devices.map(\.resource))
        let devices = resources.flatMap { grant.devices[$0] ?? [] }
        return Set(devices.compactMap { topology.node(of: $0) }).sorted()
    }

    /// CPUs and devices that do not lie on this cell; a device elsewhere counts more, since all its traffic crosses.
    private func strays(from node: Int, _ topology: HostTopology) -> Int {
        let own = topology.cells.first { $0.id == node }?.mask ?? CPUMask()
        return ownCPUs.count { !own.contains($0) } + 1000 * devices.count { ($0.numaNode ?? node) != node }
    }

    private static func make(
        _ request: PlacementRequest, _ topology: HostTopology, _ grant: Grant, _ inUse: PlacementUse, anchor: Int?
    ) throws(PlacementError) -> Placement {
        var placement = Placement()
        (placement.devices, placement.warnings) =
            try DeviceAssignment(request, topology, grant, inUse, anchor: anchor).assign()
        let pages = try PagePool(request, topology, grant, inUse)
        if request.isDedicated {
            try placement.placeCPUs(request, topology, grant, inUse, pages)
        }
        if let pages {
            placement.pages =
                request.numaPassthrough
                ? placement.cells.map {
                    PageUse(cell: $0.hostCell, pageSizeBytes: $0.pageSizeBytes, count: $0.pages)
                } : [PageUse(cell: nil, pageSizeBytes: pages.sizeBytes, count: pages.needed)]
        }
        return placement
    }

    private mutating func placeCPUs(
        _ request: PlacementRequest, _ topology: HostTopology, _ grant: Grant, _ inUse: PlacementUse,
        _ pages: PagePool?
    ) throws(PlacementError) {
        let granted = grant.cpus.map { CPUMask($0) } ?? topology.online
        let near = topology.reach(of: devices, request.locality)
        var usable = granted.subtracting(inUse.cpuMask)
        if let near { usable.formIntersection(near) }
        var pool = CPUPool(topology, threadsPerCore: request.threadsPerCore, usable: usable)
        let need = CPUNeed(request)
        func free() -> [CellCount] {
            zip(topology.cells, pool.cells).compactMap { cell, own in
                cell.threads.isEmpty ? nil : CellCount(cell: cell.id, count: own.freeCount)
            }
        }
        guard pool.freeCount >= need.total else {
            if near != nil {
                throw .notNearDevices(
                    name: request.name, locality: request.locality, need: need, free: free(),
                    devices: devices.map(\.device))
            }
            throw .notEnoughCPUs(name: request.name, need: need, free: free())
        }
        var order = CellOrder(request, topology, pool, devices: devices).cells
        if request.numaPassthrough, let pages {
            let guest = GuestCells(request: request, topology: topology, pages: pages, need: need)
            (vcpuPins, cells, order) = try guest.place(in: &pool, order: order)
        } else if let pins = pool.takeCores(need.cores, order: order, acrossCells: true) {
            vcpuPins = pins
        }
        // Single threads fit wherever the sum fits, which is checked above.
        ioThreadPins = pool.takeThreads(need.ioThreads, order: order) ?? []
        emulatorPins = CPUSet(pool.takeThreads(need.emulatorThreads, order: order) ?? [])
        sharedVCPUs = request.sharedVCPUs.isEmpty ? nil : request.sharedVCPUs
    }
}

extension PlacementRequest {
    fileprivate func check() throws(PlacementError) {
        guard vcpus > 0, threadsPerCore > 0, vcpus.isMultiple(of: threadsPerCore) else {
            throw .unevenTopology(name: name, vcpus: vcpus, threadsPerCore: threadsPerCore)
        }
        if !sharedVCPUs.isEmpty {
            guard isDedicated, let last = sharedVCPUs.last, last < vcpus, sharedVCPUs.count < vcpus else {
                throw .badSharedVCPUs(name: name, vcpus: vcpus, shared: sharedVCPUs)
            }
            guard !numaPassthrough, threadsPerCore == 1 else { throw .sharedVCPUsOfCores(name: name) }
        }
        guard numaPassthrough else { return }
        guard isDedicated else { throw .numaWithoutDedicatedCPUs(name: name) }
        guard let pageSizeBytes, pageSizeBytes > 0 else { throw .numaWithoutHugepages(name: name) }
        guard memoryBytes > 0, memoryBytes.isMultiple(of: pageSizeBytes) else {
            throw .memoryNotWholePages(name: name, memoryBytes: memoryBytes, pageSizeBytes: pageSizeBytes)
        }
    }
}

/// The CPUs that a VM needs for itself.
package struct CPUNeed: Sendable, Hashable {
    /// Guest cores.
    package var cores: Int
    package var threadsPerCore: Int
    package var ioThreads: Int
    package var emulatorThreads: Int

    init(_ request: PlacementRequest) {
        cores = request.dedicatedVCPUs / request.threadsPerCore
        threadsPerCore = request.threadsPerCore
        ioThreads = max(request.ioThreadPool, 0)
        emulatorThreads = max(request.emulatorThreads, 0)
    }

    /// Counts that no host can meet are cut at the largest number.
    package var total: Int {
        [ioThreads, emulatorThreads].reduce(cores * threadsPerCore) { sum, count in
            let (total, overflows) = sum.addingReportingOverflow(count)
            return overflows ? .max : total
        }
    }
}
