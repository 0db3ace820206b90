import SystemPackage
import Testing

@testable import HostModel

@Suite struct HostCPUTests {
    /// Four CPUs, 0/2 and 1/3 of one core each; `lists` are those of siblings.
    private static func folder(online: String, present: String = "0-3", lists: [Int: String]) throws -> TemporaryFolder
    {
        let folder = try TemporaryFolder()
        try folder.write("/sys/devices/system/cpu/online", online)
        try folder.write("/sys/devices/system/cpu/present", present)
        for (id, list) in lists {
            let topology = "/sys/devices/system/cpu/cpu\(id)/topology"
            try folder.write("\(topology)/core_cpus_list", list)
            try folder.write("\(topology)/core_id", "\(id % 2)")
            try folder.write("\(topology)/physical_package_id", "0")
        }
        return folder
    }

    @Test("an offline CPU is listed, and what the kernel forgot of it is unknown")
    func offline() throws {
        let folder = try Self.folder(online: "0-2", lists: [0: "0,2", 1: "1", 2: "0,2"])
        let host = Host(probing: folder.root)
        #expect(host.cpus.map(\.isOnline) == [true, true, true, false])
        #expect(host.onlineCPUs == CPUSet(0...2))
        #expect(host.cpus[3] == HostCPU(id: 3, socket: nil, core: nil, siblings: CPUSet([3]), cell: 0, isOnline: false))
        #expect(host.cpus[1].siblings == CPUSet([1]))
    }

    @Test("an offline CPU that a sibling still names is of that core")
    func namedBySibling() throws {
        let folder = try Self.folder(online: "0-2", lists: [0: "0,2", 1: "1,3", 2: "0,2"])
        let cpu = try #require(Host(probing: folder.root).cpus.last)
        #expect(cpu == HostCPU(id: 3, socket: 0, core: 1, siblings: CPUSet([1, 3]), cell: 0, isOnline: false))
    }

    @Test("an offline CPU that keeps its topology is of its core")
    func keepsTopology() throws {
        let folder = try Self.folder(online: "0-2", lists: [0: "0,2", 1: "1,3", 2: "0,2", 3: "1,3"])
        let cpu = try #require(Host(probing: folder.root).cpus.last)
        #expect(cpu.siblings == CPUSet([1, 3]) && cpu.core == 1 && !cpu.isOnline)
    }

    @Test("the cell of an offline CPU is told by a link, in the node's folder or in its own")
    func cellOfOffline() throws {
        let folder = try Self.folder(online: "0-1", lists: [:])
        try folder.write("/sys/devices/system/node/online", "0-1")
        try folder.write("/sys/devices/system/node/node0/cpulist", "0")
        try folder.write("/sys/devices/system/node/node1/cpulist", "1")
        try folder.link("/sys/devices/system/node/node1/cpu2", to: "../../cpu/cpu2")
        try folder.link("/sys/devices/system/cpu/cpu3/node0", to: "../../node/node0")
        try folder.write("/sys/devices/system/node/node1/cpumap", "2")
        let host = Host(probing: folder.root)
        #expect(host.cpus.map(\.cell) == [0, 1, 1, 0])
        #expect(host.cells.map(\.cpus) == [CPUSet([0]), CPUSet([1])])
    }

    @Test("CPUs that could be plugged in are no CPUs, but known")
    func possible() throws {
        let folder = try Self.folder(online: "0", present: "0-1", lists: [:])
        try folder.write("/sys/devices/system/cpu/possible", "0-7")
        let host = Host(probing: folder.root)
        #expect(host.cpus.map(\.id) == [0, 1] && host.possibleCPUs == CPUSet(0...7))
    }

    @Test("without a list of what is present, what is possible counts")
    func withoutPresent() throws {
        let folder = try TemporaryFolder()
        try folder.write("/sys/devices/system/cpu/online", "0-1")
        try folder.write("/sys/devices/system/cpu/possible", "0-2")
        #expect(Host(probing: folder.root).cpus.map(\.isOnline) == [true, true, false])
    }

    @Test("isolated and tickless CPUs are facts")
    func isolated() throws {
        let folder = try Self.folder(online: "0-3", lists: [:])
        try folder.write("/sys/devices/system/cpu/isolated", "2-3\n")
        try folder.write("/sys/devices/system/cpu/nohz_full", "3\n")
        let host = Host(probing: folder.root)
        #expect(host.isolatedCPUs == CPUSet([2, 3]) && host.nohzFullCPUs == CPUSet([3]))
        try folder.write("/sys/devices/system/cpu/nohz_full", "(null)\n")
        #expect(Host(probing: folder.root).nohzFullCPUs.isEmpty)
    }

    @Test(
        "lists of siblings that contradict each other tell nothing",
        arguments: [
            [0: "0,2", 1: "1", 2: "1-2", 3: "3"], [0: "0,3", 1: "1,3", 2: "2"], [0: "1", 1: "0-1", 2: "2", 3: "x"],
            [0: "0-3", 1: "0-1", 2: "2-3", 3: "0,3"],
        ])
    func contradiction(lists: [Int: String]) throws {
        let host = Host(probing: try Self.folder(online: "0-3", lists: lists).root)
        #expect(host.faults == [])
        for cpu in host.cpus {
            for sibling in cpu.siblings.ids { #expect(host.cpus[sibling].siblings == cpu.siblings) }
        }
    }

    @Test(
        "sets are joined, cut and searched", arguments: [("0-3,8", "2-9"), ("", "1"), ("1,3,5", "0,2,4"), ("7", "7")])
    func algebra(left: String, right: String) throws {
        let (a, b) = (try #require(CPUSet(list: left)), try #require(CPUSet(list: right)))
        #expect(a.union(b).ids == Set(a.ids + b.ids).sorted())
        #expect(a.intersection(b).ids == a.ids.filter(b.ids.contains))
        #expect(a.subtracting(b).ids == a.ids.filter { !b.ids.contains($0) })
        #expect(a.isSubset(of: a.union(b)) && a.isSubset(of: b) == a.ids.allSatisfy(b.ids.contains))
        #expect((0..<12).allSatisfy { a.contains($0) == a.ids.contains($0) })
        #expect(CPUSet(a.ids) == a && a.count == a.ids.count)
    }

    @Test("a list of many large ranges takes no more memory than its text")
    func repeatedRanges() throws {
        let list = Array(repeating: "0-65535", count: 10_000).joined(separator: ",")
        let set = try #require(CPUSet(list: list))
        #expect(set.ranges == [0...65535] && set.count == 65536)
    }
}
