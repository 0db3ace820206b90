import HostModel
import Placement
import TestSupport

/// Hosts, grants and requests of every shape that a seed gives.
struct RandomCases {
    var random: SeededRandom

    init(seed: UInt64) { random = SeededRandom(seed: seed) }

    mutating func chance(_ percent: Int) -> Bool { Int.random(in: 0..<100, using: &random) < percent }

    mutating func number(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &random) }

    mutating func pick<Element>(_ elements: [Element]) -> Element { elements[number(0...elements.count - 1)] }

    /// 1 to 8 cells of uneven sizes, some without CPUs or memory; some CPUs are offline.
    mutating func host() -> Host {
        let smt = pick([1, 2, 2, 4])
        let coreCounts = (0..<number(1...8)).map { _ in chance(15) ? 0 : number(1...8) }
        let ids = cpuIDs(cores: coreCounts.reduce(0, +), smt: smt)
        let offline = pick([0, 0, 10, 40])
        let gap = pick([1, 1, 2])
        var cpus: [HostCPU] = []
        var cells: [NUMACell] = []
        var core = 0
        for (index, count) in coreCounts.enumerated() {
            let own = ids[core..<core + count]
            for (number, threads) in own.enumerated() {
                for id in threads {
                    cpus.append(HostCPU(id: id, socket: index, core: core + number, siblings: CPUSet(threads)))
                    cpus[cpus.count - 1].isOnline = !chance(offline)
                }
            }
            core += count
            cells.append(
                NUMACell(
                    id: index * gap, cpus: CPUSet(own.joined()), memoryKiB: 0, memoryFreeKiB: 0,
                    distances: distances(from: index, of: coreCounts.count, gap: gap),
                    hugepages: pools()))
        }
        let pci = (0..<number(0...4)).map { index in
            PCIDevice.gpu("0000:0\(index):00.0", node: chance(50) ? pick(cells).id : nil)
        }
        return .of(cells, cpus: cpus.sorted { $0.id < $1.id }, pci: pci)
    }

    private mutating func distances(from index: Int, of count: Int, gap: Int) -> [Int: Int] {
        Dictionary(uniqueKeysWithValues: (0..<count).map { ($0 * gap, $0 == index ? 10 : number(11...40)) })
    }

    /// The threads of each core, numbered core by core, thread by thread, or as it comes.
    private mutating func cpuIDs(cores: Int, smt: Int) -> [[Int]] {
        let blocked = (0..<cores).map { core in (0..<smt).map { core * smt + $0 } }
        switch number(0...2) {
        case 0: return blocked
        case 1: return (0..<cores).map { core in (0..<smt).map { $0 * cores + core } }
        default:
            let mixed = Array(0..<cores * smt).shuffled(using: &random)
            return blocked.map { $0.map { mixed[$0] } }
        }
    }

    /// Small ones, so that they run out.
    private mutating func pools() -> [HugepagePool] {
        [UInt64(2048), 1 << 20].compactMap { size in
            guard !chance(20) else { return nil }
            let free = number(0...12)
            return HugepagePool(sizeKiB: size, total: free, free: free)
        }
    }

    mutating func grant(_ host: Host) -> Grant {
        var grant = Grant()
        if chance(50) {
            let share = number(50...100)
            grant.cpus = CPUSet(host.cpus.map(\.id).filter { _ in chance(share) } + [host.cpus.count + 3])
        }
        if chance(30) {
            grant.pages = [Int64(2) * mebibyte, gibibyte].flatMap { size in
                var uses = host.cells.compactMap { cell in
                    chance(70) ? PageUse(cell: cell.id, pageSizeBytes: size, count: number(0...12)) : nil
                }
                if chance(40) { uses.append(PageUse(cell: nil, pageSizeBytes: size, count: number(0...30))) }
                return uses
            }
        }
        var devices = host.pciDevices.map(\.address).map(GrantedDevice.pci)
        devices += (1...3).map { GrantedDevice.usb(bus: 1, device: $0) }
        for resource in ["a", "b"] {
            grant.devices[resource] = devices.filter { _ in chance(60) }.shuffled(using: &random)
        }
        return grant
    }

    mutating func request(_ name: String) -> PlacementRequest {
        let threads = pick([1, 1, 2, 2, 4])
        let size = pick([2 * mebibyte, gibibyte])
        var request = PlacementRequest(
            name: name, vcpus: number(1...8) * threads, threadsPerCore: threads, isDedicated: chance(80),
            ioThreadPool: chance(30) ? number(1...3) : 0, emulatorThreads: chance(30) ? number(1...2) : 0,
            memoryBytes: Int64(number(1...14)) * size,
            devices: (0..<max(0, number(-2...2))).map {
                DeviceRequest(name: "d\($0)", resource: chance(50) ? "a" : "b")
            },
            preferredCells: chance(50) ? .hostOrder : .nearDevices)
        request.numaPassthrough = request.isDedicated && chance(60)
        if request.numaPassthrough || chance(40) { request.pageSizeBytes = size }
        if !request.numaPassthrough, chance(20) { request.memoryBytes += 4096 }
        return request
    }
}
