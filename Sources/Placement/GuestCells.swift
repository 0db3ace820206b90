/// The guest's NUMA cells under `cpu.numa.guestMappingPassthrough`.
///
/// The host cells that own a pinned CPU become the guest's cells, in the host's order. Memory is shared out evenly in
/// whole pages; the first cells get one page more where it does not divide. So which cells hold the CPUs decides how
/// many pages each must have:
///
///     8 GiB in pages of 2Mi            cell 0        cell 1
///     CPUs in cell 0 only              4096 pages
///     CPUs in both                     2048 pages    2048 pages
///
/// In the host's order the CPUs are first placed as KubeVirt places them. Where a cell then lacks pages, and always
/// where the granter chooses freely, ``CellSearch`` looks for the fewest cells that have both.
struct GuestCells {
    let request: PlacementRequest
    let topology: HostTopology
    let pages: PagePool
    let need: CPUNeed

    /// The pins, the guest's cells and the order of cells for single threads; `pool` then lacks the pins.
    func place(in pool: inout CPUPool, order: [Int]) throws(PlacementError) -> ([Int], [PlacedCell], [Int]) {
        var trial = pool
        let plain = trial.takeCores(need.cores, order: Array(topology.cells.indices), acrossCells: false)
        let owners = plain.map(self.owners) ?? []
        if request.preferredCells == .hostOrder, let plain, firstLack(owners) == nil {
            pool = trial
            return (plain, cells(owners, pins: plain), order)
        }
        let search = CellSearch(
            cores: need.cores, pages: pages.needed, freePages: pages.free, fullCores: pool.cells.map(\.fullCores),
            cores: pool.cells.map(\.cores), order: order)
        trial = pool
        if let shares = search.shares(), let pins = trial.takeCores(shares) {
            pool = trial
            let used = shares.map(\.cell)
            return (pins, cells(used, pins: pins), used + order.filter { !used.contains($0) })
        }
        throw failure(owners, pool)
    }

    /// Host cells that own one of these CPUs, in the host's order.
    private func owners(_ pins: [Int]) -> [Int] {
        let mask = CPUMask(pins)
        return topology.cells.indices.filter { topology.cells[$0].mask.intersects(mask) }
    }

    /// The first of these cells that lacks pages, and what it needs: no pages where there are more cells than pages.
    private func firstLack(_ cells: [Int]) -> (cell: Int, needed: Int)? {
        for (index, cell) in cells.enumerated() {
            let needed = pages.share(index, of: cells.count)
            if needed == 0 || pages.free[cell] < needed { return (cell, needed) }
        }
        return nil
    }

    private func cells(_ cells: [Int], pins: [Int]) -> [PlacedCell] {
        cells.enumerated().map { index, cell in
            let own = topology.cells[cell].mask
            let count = pages.share(index, of: cells.count)
            return PlacedCell(
                hostCell: topology.cells[cell].id, vcpus: pins.indices.filter { own.contains(pins[$0]) },
                memoryBytes: Int64(count) * pages.sizeBytes, pageSizeBytes: pages.sizeBytes, pages: count,
                distances: cells.map { topology.distance(from: cell, toCell: topology.cells[$0].id) })
        }
    }

    /// Why nothing fits. `owners` are the cells of KubeVirt's way of placing, which is the one that people know.
    private func failure(_ owners: [Int], _ pool: CPUPool) -> PlacementError {
        let free = topology.cells.indices.filter { !topology.cells[$0].threads.isEmpty }.map {
            CellCount(cell: topology.cells[$0].id, count: pool.cells[$0].freeCount)
        }
        guard !owners.isEmpty else { return .coresCrossCells(name: request.name, need: need, free: free) }
        let cells = owners.count <= pages.needed ? owners : fewestCells(pool)
        guard let lack = firstLack(cells) else {
            return .tooManyCells(
                name: request.name, need: need, pages: pages.needed, pageSizeBytes: pages.sizeBytes, free: free)
        }
        return .cellLacksPages(
            name: request.name, cell: topology.cells[lack.cell].id, pageSizeBytes: pages.sizeBytes,
            needed: lack.needed, free: pages.free[lack.cell])
    }

    /// The fewest cells that hold the guest cores, in the host's order; empty where even these are more than pages.
    private func fewestCells(_ pool: CPUPool) -> [Int] {
        var left = need.cores
        var cells: [Int] = []
        for cell in pool.cells.indices.sorted(by: { pool.cells[$0].cores > pool.cells[$1].cores }) where left > 0 {
            left -= pool.cells[cell].cores
            cells.append(cell)
        }
        return cells.count <= pages.needed ? cells.sorted() : []
    }
}
