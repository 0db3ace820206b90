import HostModel
import Placement

/// What does not change on a host.
struct HostFacts {
    let host: Host
    let grant: Grant
    /// Online and granted.
    let allowed: Set<Int>
    let cells: [Int: Int]
    let cores: [Int: Int]

    init(_ host: Host, _ grant: Grant) {
        self.host = host
        self.grant = grant
        let online = Set(host.cpus.filter(\.isOnline).map(\.id))
        allowed = grant.cpus.map { online.intersection($0.ids) } ?? online
        cells = Dictionary(uniqueKeysWithValues: host.cells.flatMap { cell in cell.cpus.ids.map { ($0, cell.id) } })
        cores = Dictionary(uniqueKeysWithValues: host.cpus.map { ($0.id, $0.siblings.ids.first ?? -1) })
    }
}

/// What is free, counted anew from the host, the grant and the living placements, and whether a request can fit at
/// all, by trying everything. It shares no code with the module.
struct Oracle {
    let host: Host
    let grant: Grant
    let living: [Placement]
    let heldCPUs: Set<Int>
    let heldDevices: Set<GrantedDevice>
    private let facts: HostFacts

    init(_ facts: HostFacts, living: [Placement]) {
        self.facts = facts
        host = facts.host
        grant = facts.grant
        self.living = living
        heldCPUs = Set(living.flatMap { $0.vcpuPins + $0.ioThreadPins + $0.emulatorPins.ids })
        heldDevices = Set(living.flatMap(\.devices).map(\.device))
    }

    func allows(_ cpu: Int) -> Bool { facts.allowed.contains(cpu) }

    func cell(of cpu: Int) -> Int? { facts.cells[cpu] }

    /// The first CPU of its core.
    func core(of cpu: Int) -> Int? { facts.cores[cpu] }

    /// Free CPUs of each cell by host core.
    func freeCores(_ cell: NUMACell) -> [[Int]] {
        let free = cell.cpus.ids.filter { allows($0) && !heldCPUs.contains($0) }
        return Dictionary(grouping: free) { core(of: $0) ?? -1 }.values.map { $0 }
    }

    /// Guest cores of this many threads in each cell: on a full core each, or of any free threads.
    func fullCapacity(_ threads: Int) -> [Int] {
        host.cells.map { freeCores($0).reduce(0) { $0 + $1.count / threads } }
    }

    func anyCapacity(_ threads: Int) -> [Int] {
        host.cells.map { freeCores($0).reduce(0) { $0 + $1.count } / threads }
    }

    private func count(_ uses: [PageUse], _ cell: Int?, _ size: Int64) -> Int {
        uses.filter { $0.cell == cell && $0.pageSizeBytes == size }.reduce(0) { $0 + $1.count }
    }

    /// The pages that a cell may give, living VMs not counted.
    func grantedPages(_ cell: NUMACell, _ size: Int64) -> Int {
        let free = cell.hugepages.first { Int64($0.sizeKiB) * 1024 == size }?.free ?? 0
        guard let granted = grant.pages else { return free }
        let own = granted.contains { $0.cell == cell.id && $0.pageSizeBytes == size }
        let shared = granted.contains { $0.cell == nil && $0.pageSizeBytes == size }
        return own ? min(free, count(granted, cell.id, size)) : shared ? free : 0
    }

    func freePages(_ cell: NUMACell, _ size: Int64) -> Int {
        grantedPages(cell, size) - count(living.flatMap(\.pages), cell.id, size)
    }

    func freePages(_ size: Int64) -> Int {
        let held = living.flatMap(\.pages).filter { $0.pageSizeBytes == size }.reduce(0) { $0 + $1.count }
        let sum = host.cells.reduce(0) { $0 + grantedPages($1, size) }
        guard let granted = grant.pages, granted.contains(where: { $0.cell == nil && $0.pageSizeBytes == size })
        else { return sum - held }
        return min(sum, count(granted, nil, size)) - held
    }

    func fits(_ request: PlacementRequest) -> Bool {
        guard devicesFit(request.devices.map(\.resource), without: heldDevices) else { return false }
        if let size = request.pageSizeBytes {
            let pages = (request.memoryBytes + size - 1) / size
            guard host.cells.contains(where: { $0.hugepages.contains { Int64($0.sizeKiB) * 1024 == size } }),
                pages <= freePages(size)
            else { return false }
        }
        guard request.isDedicated else { return true }
        let needed = request.vcpus + request.ioThreadPool + request.emulatorThreads
        guard anyCapacity(1).reduce(0, +) >= needed else { return false }
        return !request.numaPassthrough || someCells(hold: request, anyCapacity(request.threadsPerCore))
    }

    /// Whether any set of cells holds the guest cores and an even share of the pages.
    func someCells(hold request: PlacementRequest, _ capacity: [Int]) -> Bool {
        guard let size = request.pageSizeBytes else { return false }
        let cores = request.vcpus / request.threadsPerCore
        let pages = Int(request.memoryBytes / size)
        return (1..<1 << host.cells.count).contains { bits in
            let cells = host.cells.indices.filter { bits & (1 << $0) != 0 }
            guard cells.count <= min(cores, pages), cells.allSatisfy({ capacity[$0] > 0 }),
                cells.reduce(0, { $0 + capacity[$1] }) >= cores
            else { return false }
            return cells.enumerated().allSatisfy { index, cell in
                freePages(host.cells[cell], size) >= pages / cells.count + (index < pages % cells.count ? 1 : 0)
            }
        }
    }

    private func devicesFit(_ resources: [String], without held: Set<GrantedDevice>) -> Bool {
        guard let resource = resources.first else { return true }
        return (grant.devices[resource] ?? []).contains { device in
            !held.contains(device) && devicesFit(Array(resources.dropFirst()), without: held.union([device]))
        }
    }
}
