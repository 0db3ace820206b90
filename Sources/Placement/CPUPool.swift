/// The free CPUs of one cell, from which guest cores and single threads are drawn.
struct CellPool {
    let threadsPerCore: Int
    /// Free threads of the cores that can still hold a guest core, core by core.
    private var threads: [Int] = []
    private var coreEnds: [Int] = []
    private var core = 0
    private var next = 0
    /// Free threads of cores that cannot.
    private var fragments: [Int] = []
    private var nextFragment = 0

    init(_ cell: HostTopology.Cell, threadsPerCore: Int, usable: CPUMask) {
        self.threadsPerCore = threadsPerCore
        threads.reserveCapacity(cell.threads.count)
        coreEnds.reserveCapacity(cell.coreEnds.count)
        var index = 0
        for end in cell.coreEnds {
            let start = threads.count
            while index < end {
                if usable.contains(cell.threads[index]) { threads.append(cell.threads[index]) }
                index += 1
            }
            if threads.count - start >= threadsPerCore {
                coreEnds.append(threads.count)
            } else {
                fragments += threads[start...]
                threads.removeSubrange(start...)
            }
        }
    }

    var freeCount: Int { threads.count - next + fragments.count - nextFragment }

    /// Guest cores that fit on one host core each.
    var fullCores: Int {
        var count = 0
        var start = next
        for end in coreEnds[core...] {
            count += (end - start) / threadsPerCore
            start = end
        }
        return count
    }

    /// Guest cores that fit, threads of different host cores put together where they must.
    var cores: Int { freeCount / threadsPerCore }

    /// One guest core on one host core; `false` where none is left.
    mutating func takeFullCore(into pins: inout [Int]) -> Bool {
        guard core < coreEnds.count else { return false }
        pins += threads[next..<next + threadsPerCore]
        advance(by: threadsPerCore)
        return true
    }

    /// One guest core on the threads of several host cores of this cell; `false` where too few are left.
    mutating func takeFragmentedCore(into pins: inout [Int]) -> Bool {
        guard fragments.count - nextFragment >= threadsPerCore else { return false }
        takeFragments(threadsPerCore, into: &pins)
        return true
    }

    /// At most so many threads.
    mutating func takeFragments(_ count: Int, into pins: inout [Int]) {
        let end = nextFragment + min(count, fragments.count - nextFragment)
        pins += fragments[nextFragment..<end]
        nextFragment = end
    }

    /// One CPU: a fragment if there is one, so that whole cores stay whole.
    mutating func takeThread() -> Int? {
        if nextFragment < fragments.count {
            nextFragment += 1
            return fragments[nextFragment - 1]
        }
        guard core < coreEnds.count else { return nil }
        let thread = threads[next]
        advance(by: 1)
        return thread
    }

    /// Passes threads of the current core; what is too little for another guest core becomes fragments.
    private mutating func advance(by count: Int) {
        next += count
        let end = coreEnds[core]
        guard end - next < threadsPerCore else { return }
        fragments += threads[next..<end]
        next = end
        core += 1
    }
}

/// The free CPUs of the host, cell by cell in the host's order.
struct CPUPool {
    private(set) var cells: [CellPool]
    let threadsPerCore: Int

    /// `usable` are the CPUs that are granted and not in use.
    init(_ topology: HostTopology, threadsPerCore: Int, usable: CPUMask) {
        self.threadsPerCore = threadsPerCore
        cells = topology.cells.map { CellPool($0, threadsPerCore: threadsPerCore, usable: usable) }
    }

    var freeCount: Int { cells.reduce(0) { $0 + $1.freeCount } }

    /// CPUs for so many guest cores, or `nil`, and then the pool is spent. `order` names the cells, first choice first.
    mutating func takeCores(_ count: Int, order: [Int], acrossCells: Bool) -> [Int]? {
        var pins: [Int] = []
        pins.reserveCapacity(count * threadsPerCore)
        let needed = count * threadsPerCore
        for cell in order {
            while pins.count < needed, cells[cell].takeFullCore(into: &pins) {}
        }
        for cell in order {
            while pins.count < needed, cells[cell].takeFragmentedCore(into: &pins) {}
        }
        for cell in order where acrossCells && pins.count < needed {
            cells[cell].takeFragments(needed - pins.count, into: &pins)
        }
        return pins.count == needed ? pins : nil
    }

    /// CPUs for the guest cores of each share, none of them across cells; `nil` where a cell holds too little.
    mutating func takeCores(_ shares: [CellShare]) -> [Int]? {
        var pins: [Int] = []
        for share in shares {
            guard let own = takeCores(share.cores, order: [share.cell], acrossCells: false) else { return nil }
            pins += own
        }
        return pins
    }

    /// So many single CPUs, or `nil`.
    mutating func takeThreads(_ count: Int, order: [Int]) -> [Int]? {
        var threads: [Int] = []
        for cell in order {
            while threads.count < count, let thread = cells[cell].takeThread() { threads.append(thread) }
        }
        return threads.count == count ? threads : nil
    }
}
