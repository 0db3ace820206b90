import FoundationEssentials
import SystemPackage
import Testing

@testable import HostModel

/// Trees that no kernel makes: a probe reads what holds, and ends.
@Suite struct HostHostileTests {
    private struct SeededRandom: RandomNumberGenerator {
        var state: UInt64

        mutating func next() -> UInt64 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return state ^ (state >> 29)
        }
    }

    private static let files = [
        "/proc/meminfo", "/proc/cmdline", "/proc/self/mountinfo", "/sys/devices/system/cpu/online",
        "/sys/devices/system/cpu/present", "/sys/devices/system/cpu/possible", "/sys/devices/system/cpu/isolated",
        "/sys/devices/system/cpu/nohz_full", "/sys/devices/system/cpu/cpu0/topology/core_cpus_list",
        "/sys/devices/system/cpu/cpu1/topology/core_cpus_list", "/sys/devices/system/cpu/cpu1/topology/core_id",
        "/sys/devices/system/node/online", "/sys/devices/system/node/node0/cpulist",
        "/sys/devices/system/node/node1/cpulist", "/sys/devices/system/node/node0/distance",
        "/sys/devices/system/node/node0/meminfo",
        "/sys/devices/system/node/node0/hugepages/hugepages-2048kB/nr_hugepages",
        "/sys/devices/system/node/node0/hugepages/hugepages-2048kB/free_hugepages",
        "/sys/kernel/mm/hugepages/hugepages-1048576kB/nr_hugepages",
        "/sys/kernel/mm/hugepages/hugepages-1048576kB/resv_hugepages", "/sys/bus/pci/devices/0000:41:00.0/vendor",
        "/sys/bus/pci/devices/0000:41:00.0/device", "/sys/bus/pci/devices/0000:41:00.0/class",
        "/sys/bus/pci/devices/0000:41:00.0/numa_node", "/sys/bus/pci/devices/0000:41:00.0/resource",
        "/sys/bus/pci/devices/0000:41:00.0/sriov_totalvfs", "/sys/bus/pci/devices/0000:41:00.0/sriov_numvfs",
        "/sys/bus/pci/devices/0000:41:00.0/mdev_supported_types/t/available_instances",
        "/sys/bus/pci/devices/0000:41:00.0/mdev_supported_types/t/name",
        "/sys/bus/pci/devices/0000:41:00.0/reset_method",
    ]

    private static let texts = [
        "", "0", "1", "0-1", "0-3", "1,0", "-1", "0x10de", "0xffffffffffffffff", "18446744073709551615",
        "99999999999999999999", "0-1000000000", "0-65535", "8191", "9000", "\0\u{1}", "Node", "Node 0",
        "MemTotal: 18446744073709551615 kB", "MemTotal: 100 kB\nMemFree: 200 kB", "10 21", "10 -1 300",
        "0x0000000000000000 0xffffffffffffffff 0x0000000000000200", "0x5 0x1 0x200", "\u{1B}[2J", "é 🦊",
        "a b - cgroup2",
        "1 2 3 4 5 - cgroup", "- - - - - -",
    ]

    @Test("random files in place of facts end no probe, and what is read can be written, read and printed")
    func garbage() throws {
        var random = SeededRandom(state: 7)
        for round in 0..<60 {
            let folder = try TemporaryFolder()
            for file in Self.files where Int.random(in: 0..<4, using: &random) > 0 {
                let text = try #require(Self.texts.randomElement(using: &random))
                switch Int.random(in: 0..<20, using: &random) {
                case 0: try folder.write("\(file)/x", text)
                case 1: try folder.link(file, to: "/etc/passwd")
                case 2: try folder.link(file, to: file)
                case 3: try folder.write(file, String(repeating: text + ",", count: 1000))
                default: try folder.write(file, text)
                }
            }
            let host = Host(probing: folder.root)
            #expect(host.faults == [], "round \(round)")
            #expect(try Host.decode(Array(host.json().utf8), from: "x") == host, "round \(round)")
            let lines = HostReport(host: host).text.split(separator: "\n")
            #expect(lines.allSatisfy { $0.count <= 100 && $0.utf8.allSatisfy { (0x20...0x7E).contains($0) } })
        }
    }

    @Test("no link leads out of a root folder")
    func links() throws {
        let outside = try TemporaryFolder()
        try outside.write("/secret", "4711")
        try outside.write("/folder/5", "")
        let folder = try TemporaryFolder()
        let up = String(repeating: "../", count: 40)
        try folder.link("/proc/absolute", to: outside.path.appending("secret").string)
        try folder.link("/proc/relative", to: "\(up)\(outside.path.appending("secret").string.dropFirst())")
        try folder.link("/sys", to: outside.path.string)
        try folder.link("/folder", to: "\(up)\(outside.path.appending("folder").string.dropFirst())")
        for file in ["/proc/absolute", "/proc/relative", "/sys/secret", "/\(up)\(outside.path)/secret"] {
            #expect(folder.root.text(file) == nil && !folder.root.exists(file), "\(file)")
        }
        #expect(folder.root.names(in: "/folder") == [] && folder.root.names(in: "/sys/folder") == [])
        #expect(!folder.root.isFolder("/folder"))
    }

    @Test("links inside a root folder are followed as if it were /")
    func linksInside() throws {
        let folder = try TemporaryFolder()
        try folder.write("/real/file", "1\n")
        try folder.link("/a", to: "/real")
        try folder.link("/deep/b", to: "../../../../../a/file")
        try folder.link("/circle", to: "circle")
        #expect(folder.root.integer("/a/file") == 1 && folder.root.integer("/deep/b") == 1)
        #expect(folder.root.names(in: "/a") == ["file"])
        #expect(folder.root.linkName("/deep/b") == "file" && folder.root.text("/circle") == nil)
    }

    @Test("a file that is too long tells nothing, rather than half")
    func tooLong() throws {
        let folder = try TemporaryFolder()
        try folder.write("/sys/devices/system/cpu/online", String(repeating: "0,", count: 2 << 20) + "1")
        #expect(Host(probing: folder.root).cpus.isEmpty)
        try folder.write("/sys/devices/system/cpu/online", String(repeating: "0,", count: 1000) + "1")
        #expect(Host(probing: folder.root).cpus.count == 2)
    }

    @Test("no fact of the running host is refused by its own document")
    func runningHost() throws {
        let host = Host(probing: HostRoot())
        #expect(try Host.decode(Array(host.json().utf8), from: "x") == host)
        #expect(!host.onlineCPUs.isEmpty && host.memoryKiB > 0)
    }
}
