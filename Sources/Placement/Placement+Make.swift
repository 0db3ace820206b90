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
        var placement = Placement()
        (placement.devices, placement.warnings) = try DeviceAssignment(request, topology, grant, inUse).assign()
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
        var pool = CPUPool(
            topology, threadsPerCore: request.threadsPerCore, usable: granted.subtracting(inUse.cpuMask))
        let need = CPUNeed(request)
        func free() -> [CellCount] {
            zip(topology.cells, pool.cells).compactMap { cell, own in
                cell.threads.isEmpty ? nil : CellCount(cell: cell.id, count: own.freeCount)
            }
        }
        guard pool.freeCount >= need.total else {
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
    }
}

extension PlacementRequest {
    fileprivate func check() throws(PlacementError) {
        guard vcpus > 0, threadsPerCore > 0, vcpus.isMultiple(of: threadsPerCore) else {
            throw .unevenTopology(name: name, vcpus: vcpus, threadsPerCore: threadsPerCore)
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
        cores = request.vcpus / request.threadsPerCore
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
