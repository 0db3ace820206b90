import HostModel
import KubeVirtModel
import Placement
import Testing

@testable import NodeAgent

/// Who gets which CPUs and how much memory of a small host: two cells of two cores, 8 GiB.
@Suite struct AllocationTests {
    private static func host(isolated: CPUSet = CPUSet([])) -> Host {
        let cells = (0..<2).map { id in
            NUMACell(
                id: id, cpus: CPUSet([2 * id, 2 * id + 1]), memoryKiB: 4 << 20, memoryFreeKiB: 4 << 20,
                distances: [id: 10, 1 - id: 20], hugepages: [HugepagePool(sizeKiB: 2048, total: 512, free: 512)])
        }
        var host = Host(
            kernel: Kernel(release: "", bootID: "", commandLine: []),
            cgroup: CgroupLayout(version: .v2, controllers: [], mountPoints: []),
            cpus: (0..<4).map { HostCPU(id: $0, socket: $0 / 2, core: $0, siblings: CPUSet([$0])) }, cells: cells,
            memoryKiB: 8 << 20, memoryAvailableKiB: 3 << 20, pciDevices: [],
            hugepages: [HugepagePool(sizeKiB: 2048, total: 1024, free: 1024)])
        host.isolatedCPUs = isolated
        return host
    }

    private static let four = CPUSet(0..<4)

    @Test("the host keeps its first core, and what nobody holds is shared")
    func defaultPools() {
        let pools = CPUPools(Self.host(), allowed: Self.four)
        #expect(pools.reserved == CPUSet([0]) && pools.dedicated == CPUSet([1, 2, 3]))
        #expect(pools.shared(held: CPUSet([])) == Self.four)
        #expect(pools.shared(held: CPUSet([2])) == CPUSet([0, 1, 3]))
        #expect(pools.shared(held: CPUSet([1, 2, 3])) == CPUSet([0]))
    }

    @Test("CPUs that the kernel isolates are the dedicated ones, though the daemon itself may not run there")
    func isolated() {
        let pools = CPUPools(Self.host(isolated: CPUSet([2, 3])), allowed: CPUSet([0, 1]))
        #expect(pools.dedicated == CPUSet([2, 3]) && pools.shared(held: CPUSet([])) == CPUSet([0, 1]))
    }

    @Test("the configuration decides before the host does, and no CPU is in two pools")
    func configured() {
        let settings = CPUPools.Settings(
            reserved: CPUSet([0]), dedicated: CPUSet([0, 2, 3]), shared: CPUSet([1, 2]))
        let pools = CPUPools(Self.host(), allowed: Self.four, settings)
        #expect(pools.dedicated == CPUSet([2, 3]) && pools.shared(held: CPUSet([])) == CPUSet([1]))
        let only = CPUPools(Self.host(), allowed: Self.four, .init(shared: CPUSet([0, 1])))
        #expect(only.dedicated == CPUSet([2, 3]) && only.shared(held: CPUSet([])) == CPUSet([0, 1]))
    }

    @Test("a host of one CPU gives nothing away, and shares what it has")
    func oneCPU() {
        var host = Self.host()
        host.cpus = [HostCPU(id: 0, socket: 0, core: 0, siblings: CPUSet([0]))]
        let pools = CPUPools(host, allowed: CPUSet([0]))
        #expect(!pools.shared(held: CPUSet([])).isEmpty)
    }

    private static func request(_ name: String, _ vcpus: Int) -> PlacementRequest {
        PlacementRequest(name: name, vcpus: vcpus, isDedicated: true, memoryBytes: 64 << 20)
    }

    private static let small = MemoryNeed(ordinary: 64 << 20, overhead: 64 << 20)

    @Test("two VMs never hold the same CPU, also after the books were written anew from intents")
    func retake() throws {
        let books = NodeAllocator(allowed: Self.four) { Self.host() }
        let first = try #require(try books.take(Self.request("a/a", 2), Self.small, for: "a", name: "a/a"))
        let next = NodeAllocator(allowed: Self.four) { Self.host() }
        try next.retake(first, memory: 128 << 20, for: "a", name: "a/a")
        #expect(next.sharedCPUs == Self.four.subtracting(CPUSet(first.vcpuPins)))
        let second = try #require(try next.take(Self.request("a/b", 1), Self.small, for: "b", name: "a/b"))
        #expect(Set(first.vcpuPins).isDisjoint(with: second.vcpuPins))
        #expect(throws: AgentError.self) {
            try next.take(Self.request("a/c", 1), Self.small, for: "c", name: "a/c")
        }
        #expect(throws: PlacementError.self) { try next.retake(first, memory: 0, for: "d", name: "a/d") }
        next.release("a")
        #expect(try next.take(Self.request("a/c", 1), Self.small, for: "c", name: "a/c") != nil)
        #expect(next.promisedMemory == 256 << 20)
    }

    @Test("memory is promised up to the budget, and a refusal has the numbers")
    func memory() throws {
        // 8 GiB, less 2 GiB of hugepages and 512 MiB of the host: 5632 MiB.
        let books = NodeAllocator(allowed: Self.four) { Self.host() }
        let large = MemoryNeed(ordinary: 5 << 30, overhead: 100 << 20)
        _ = try books.take(nil, large, for: "a", name: "a/a")
        do {
            _ = try books.take(nil, MemoryNeed(ordinary: 400 << 20, overhead: 60 << 20), for: "b", name: "a/b")
            Issue.record("it was taken")
        } catch {
            #expect(
                "\(error)".contains(
                    "needs 460 MiB (400 MiB of the guest, 60 MiB of QEMU), and 412 MiB of the node's 5632"),
                "\(error)")
        }
        #expect(books.holdings["b"] == nil)
        let generous = NodeAllocator(allowed: Self.four, memory: MemoryPolicy(overcommitPercent: 200)) { Self.host() }
        _ = try generous.take(nil, large, for: "a", name: "a/a")
        _ = try generous.take(nil, large, for: "b", name: "a/b")
    }

    @Test("memory that is pinned at the start must be there at the start")
    func pinned() throws {
        let books = NodeAllocator(allowed: Self.four) { Self.host() }
        #expect(throws: AgentError.self) {
            try books.take(
                Self.request("a/a", 1), MemoryNeed(ordinary: 4 << 30, overhead: 64 << 20, isPinned: true), for: "a",
                name: "a/a")
        }
    }

    @Test("who was promised less of the node ends first, and who has CPUs of its own last")
    func oomScore() {
        let node: Int64 = 64 << 30
        #expect(OOMScore.adjustment(isDedicated: true, promised: 1 << 30, nodeMemory: node) == -997)
        let small = OOMScore.adjustment(isDedicated: false, promised: 1 << 30, nodeMemory: node)
        let large = OOMScore.adjustment(isDedicated: false, promised: 32 << 30, nodeMemory: node)
        #expect(small == 985 && large == 500)
        #expect(OOMScore.adjustment(isDedicated: false, promised: 100 << 30, nodeMemory: node) == 2)
    }
}
