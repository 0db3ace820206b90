/// The hugepages of one size that a VM may use, and how many it needs.
struct PagePool {
    let sizeBytes: Int64
    let needed: Int
    /// By index of the cell.
    let free: [Int]

    /// `nil` for a VM without hugepages. Throws where the host has no pages of this size, or too few in all.
    init?(
        _ request: PlacementRequest, _ topology: HostTopology, _ grant: Grant, _ inUse: PlacementUse
    ) throws(PlacementError) {
        guard let size = request.pageSizeBytes else { return nil }
        guard topology.pageSizes.contains(size) else {
            throw .noPagesOfSize(name: request.name, pageSizeBytes: size, offered: topology.pageSizes)
        }
        if let cell = grant.pages?.lazy.compactMap(\.cell).first(where: { id in
            !topology.cells.contains { $0.id == id }
        }) {
            throw .unknownCell(name: request.name, cell: cell, cells: topology.cells.map(\.id))
        }
        sizeBytes = size
        let (pages, rest) = max(request.memoryBytes, 0).quotientAndRemainder(dividingBy: size)
        needed = Int(pages) + (rest > 0 ? 1 : 0)
        free = topology.cells.map { cell in
            let granted = grant.limit(cell: cell.id, size: size)
            return max(0, min(cell.freePages[size] ?? 0, granted) - inUse.pages(cell: cell.id, size: size))
        }
        let elsewhere = inUse.pages(cell: nil, size: size)
        let held = topology.cells.reduce(elsewhere) { $0 + inUse.pages(cell: $1.id, size: size) }
        let total = max(0, min(free.reduce(0, +) - elsewhere, grant.sum(size: size).map { $0 - held } ?? .max))
        guard needed <= total else {
            throw .notEnoughPages(
                name: request.name, pageSizeBytes: size, needed: needed, free: total,
                cells: zip(topology.cells, free).compactMap { cell, count in
                    cell.freePages[size] == nil ? nil : CellCount(cell: cell.id, count: count)
                })
        }
    }

    /// The pages of the guest cell `index` of `count`.
    func share(_ index: Int, of count: Int) -> Int {
        let (share, more) = needed.quotientAndRemainder(dividingBy: count)
        return share == 0 ? 0 : share + (index < more ? 1 : 0)
    }
}

extension Grant {
    /// The most pages that may come of this cell.
    fileprivate func limit(cell: Int, size: Int64) -> Int {
        guard let pages else { return .max }
        let own = pages.filter { $0.cell == cell && $0.pageSizeBytes == size }
        guard own.isEmpty else { return own.reduce(0) { $0 + min(max($1.count, 0), 1 << 40) } }
        return sum(size: size) == nil ? 0 : .max
    }

    /// The most pages over all cells; `nil` where the grant names only cells.
    fileprivate func sum(size: Int64) -> Int? {
        let entries = (pages ?? []).filter { $0.cell == nil && $0.pageSizeBytes == size }
        return entries.isEmpty ? nil : entries.reduce(0) { $0 + min(max($1.count, 0), 1 << 40) }
    }
}
