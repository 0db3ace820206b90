/// So many guest cores in one cell, given by its index in ``HostTopology/cells``.
struct CellShare: Hashable {
    var cell: Int
    var cores: Int
}

/// Looks for the fewest cells that hold the guest cores of a VM and, shared evenly, its pages.
///
/// It finds a set wherever there is one. Of k cells each needs q pages and the first r of them, in the host's order,
/// one more. So for every cell that could be the last of these r: the r best of the cells up to it that have q + 1
/// pages, and the k - r best of the cells behind it that have q; best is who holds most guest cores.
struct CellSearch {
    /// What the VM needs.
    let needed: Int
    let pages: Int
    /// What the cells have, by index.
    let freePages: [Int]
    let fullCores: [Int]
    let cores: [Int]
    /// All cells, first choice first.
    let order: [Int]

    init(cores needed: Int, pages: Int, freePages: [Int], fullCores: [Int], cores: [Int], order: [Int]) {
        self.needed = needed
        self.pages = pages
        self.freePages = freePages
        self.fullCores = fullCores
        self.cores = cores
        self.order = order
    }

    /// In the host's order, or `nil`. Sets where every guest core has a host core of its own go first.
    func shares() -> [CellShare]? {
        for capacity in [fullCores, cores] {
            for count in 1...max(1, min(needed, pages, order.count)) {
                if let cells = cells(count, capacity) { return share(cells, capacity) }
            }
        }
        return nil
    }

    private func cells(_ count: Int, _ capacity: [Int]) -> [Int]? {
        let (share, more) = pages.quotientAndRemainder(dividingBy: count)
        let usable = order.filter { capacity[$0] > 0 && freePages[$0] >= share }
        guard usable.count >= count else { return nil }
        func holdsAll(_ cells: [Int]) -> Bool { cells.reduce(0) { $0 + capacity[$1] } >= needed }

        let preferred = usable.prefix(count).sorted()
        if holdsAll(preferred), preferred.prefix(more).allSatisfy({ freePages[$0] > share }) { return preferred }
        let byCapacity = usable.sorted { (capacity[$1], $0) < (capacity[$0], $1) }
        guard more > 0 else {
            let best = byCapacity.prefix(count).sorted()
            return holdsAll(best) ? best : nil
        }
        for last in usable.sorted() {
            let head = byCapacity.filter { $0 <= last && freePages[$0] > share }.prefix(more)
            let tail = byCapacity.filter { $0 > last }.prefix(count - more)
            let best = (head + tail).sorted()
            if best.count == count, head.count == more, holdsAll(best) { return best }
        }
        return nil
    }

    /// Guest cores are shared out as evenly as the cells allow, for the memory is.
    private func share(_ cells: [Int], _ capacity: [Int]) -> [CellShare] {
        var left = needed
        var shares: [CellShare] = []
        for (index, cell) in cells.sorted(by: { (capacity[$0], $0) < (capacity[$1], $1) }).enumerated() {
            let cellsLeft = cells.count - index
            let cores = min(capacity[cell], (left + cellsLeft - 1) / cellsLeft)
            shares.append(CellShare(cell: cell, cores: cores))
            left -= cores
        }
        return shares.sorted { $0.cell < $1.cell }
    }
}
