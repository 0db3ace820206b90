import HostDevices
import HostModel
import Placement
import Testing

@testable import NodeAgent

/// vGPUs that are made for VMs: two GPUs of two nodes, each of which can give two of a type.
@Suite struct MediatedSupplyTests {
    private static let permitted = PermittedDevices(
        mediatedDevices: [PermittedMediatedDevice(mdevNameSelector: "GRID_T4-1Q", resourceName: "nvidia.com/T4")])

    private static func host(left: [Int] = [2, 2]) -> HostModel.Host {
        let cells = (0..<2).map { id in
            NUMACell(
                id: id, cpus: CPUSet([2 * id, 2 * id + 1]), memoryKiB: 4 << 20, memoryFreeKiB: 4 << 20,
                distances: [id: 10, 1 - id: 20], hugepages: [])
        }
        var host = HostModel.Host(
            kernel: Kernel(release: "", bootID: "", commandLine: []),
            cgroup: CgroupLayout(version: .v2, controllers: [], mountPoints: []),
            cpus: (0..<4).map { HostCPU(id: $0, socket: $0 / 2, core: $0, siblings: CPUSet([$0])) }, cells: cells,
            memoryKiB: 8 << 20, memoryAvailableKiB: 6 << 20, pciDevices: [], hugepages: [])
        for (index, left) in left.enumerated() {
            var gpu = PCIDevice(
                address: "0000:4\(index):00.0", classCode: 0x030000, vendor: 0x10DE, device: 0x1EB8, numaNode: index)
            gpu.mediatedTypes = [MediatedType(id: "nvidia-230", name: "GRID T4-1Q", availableInstances: left)]
            host.pciDevices.append(gpu)
        }
        return host
    }

    private static func books(_ host: @escaping @Sendable () -> HostModel.Host) -> NodeAllocator {
        NodeAllocator(
            allowed: CPUSet(0..<4),
            inventory: { DeviceInventory($0, HostDeviceFacts(), permitted: permitted) }, probe: host)
    }

    private static func request(_ name: String, _ count: Int = 1, vcpus: Int = 1) -> PlacementRequest {
        PlacementRequest(
            name: name, vcpus: vcpus, isDedicated: true, memoryBytes: 64 << 20,
            devices: (0..<count).map { DeviceRequest(name: "gpu\($0)", resource: "nvidia.com/T4") })
    }

    private static let need = MemoryNeed(ordinary: 64 << 20, overhead: 64 << 20)

    @Test func `a vGPU is promised with its parent, and the CPUs are those beside it`() throws {
        let books = Self.books { Self.host(left: [0, 2]) }
        let placement = try #require(try books.take(Self.request("a/a"), Self.need, for: "a", name: "a/a"))
        let making = books.making(for: "a")
        #expect(making.map(\.parent) == ["0000:41:00.0"] && making.map(\.type) == ["nvidia-230"])
        #expect(placement.devices.map(\.device) == making.map { .mdev($0.uuid) })
        #expect(placement.devices.map(\.numaNode) == [1])
        #expect(placement.vcpuPins.allSatisfy { $0 >= 2 })
    }

    @Test func `no more are promised than the kernel can make, and what is given up can be promised again`() throws {
        let books = Self.books { Self.host(left: [1, 1]) }
        _ = try books.take(Self.request("a/a"), Self.need, for: "a", name: "a/a")
        _ = try books.take(Self.request("a/b"), Self.need, for: "b", name: "a/b")
        #expect(Set((books.making(for: "a") + books.making(for: "b")).map(\.parent)).count == 2)
        #expect(throws: AgentError.self) { try books.take(Self.request("a/c"), Self.need, for: "c", name: "a/c") }
        #expect(books.making(for: "c") == [])
        books.release("a")
        #expect(try books.take(Self.request("a/c"), Self.need, for: "c", name: "a/c") != nil)
    }

    @Test func `one that was made counts once`() throws {
        var host = Self.host(left: [2, 0])
        let box = Box(host)
        let books = Self.books { box.host }
        _ = try books.take(Self.request("a/a"), Self.need, for: "a", name: "a/a")
        let made = try #require(books.making(for: "a").first)
        host.mediatedDevices = [MediatedDevice(uuid: made.uuid, type: made.type, parent: made.parent)]
        host.pciDevices[0].mediatedTypes[0].availableInstances = 1
        box.host = host
        // The one that is there is held; one more can be made.
        let placement = try #require(try books.take(Self.request("a/b"), Self.need, for: "b", name: "a/b"))
        #expect(placement.devices.map(\.device) == books.making(for: "b").map { .mdev($0.uuid) })
        #expect(throws: AgentError.self) { try books.take(Self.request("a/c"), Self.need, for: "c", name: "a/c") }
    }

    @Test func `one VM gets two`() throws {
        let books = Self.books { Self.host(left: [1, 1]) }
        _ = try books.take(Self.request("a/a", 2), Self.need, for: "a", name: "a/a")
        #expect(Set(books.making(for: "a").map(\.uuid)).count == 2)
        #expect(Set(books.making(for: "a").map(\.parent)).count == 2)
    }

    private final class Box: @unchecked Sendable {
        var host: HostModel.Host
        init(_ host: HostModel.Host) { self.host = host }
    }
}
