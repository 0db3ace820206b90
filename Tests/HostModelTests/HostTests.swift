import FoundationEssentials
import Testing

@testable import HostModel

@Suite struct HostTests {
    @Test("CPUs, cells, pages and devices are read from a root folder")
    func twoCells() throws {
        let folder = try TemporaryFolder.twoCells()
        let host = Host(probing: folder.root)
        #expect(
            host.kernel
                == Kernel(release: "6.1.0-25-amd64", bootID: "b1", commandLine: ["quiet", "amd_iommu=on", "iommu=pt"]))
        #expect(host.kernel.arguments("iommu") == ["pt"])
        #expect(host.memoryKiB == 8_388_608 && host.memoryAvailableKiB == 4_194_304)
        #expect(host.cpus.map(\.id) == [0, 1, 2, 3])
        #expect(host.cpus[3] == HostCPU(id: 3, socket: 1, core: 1, siblings: CPUSet([1, 3]), cell: 1))
        #expect(
            host.cells[1]
                == NUMACell(
                    id: 1, cpus: CPUSet([1, 3]), memoryKiB: 4_194_304, memoryFreeKiB: 1024, distances: [0: 21, 1: 10],
                    hugepages: [
                        HugepagePool(sizeKiB: 2048, total: 8, free: 1, surplus: 2),
                        HugepagePool(sizeKiB: 1_048_576, total: 0, free: 0),
                    ]))
        #expect(
            host.pciDevices == [
                PCIDevice(address: "0000:00:00.0", classCode: 0, vendor: 0x8086, device: 0x29c0),
                PCIDevice(
                    address: "0000:41:00.0", classCode: 0x030200, vendor: 0x10de, device: 0x2331, driver: "vfio-pci",
                    numaNode: 1, iommuGroup: 14),
            ])
        #expect(host.pciDevices[1].selector == "10DE:2331")
    }

    @Test("pages of the whole host tell what is reserved and surplus")
    func hostPages() throws {
        let folder = try TemporaryFolder.twoCells()
        let pages = "/sys/kernel/mm/hugepages/hugepages-2048kB"
        try folder.write("\(pages)/nr_hugepages", "16\n")
        try folder.write("\(pages)/free_hugepages", "9\n")
        try folder.write("\(pages)/resv_hugepages", "3\n")
        try folder.write("\(pages)/surplus_hugepages", "1\n")
        let host = Host(probing: folder.root)
        #expect(host.hugepages == [HugepagePool(sizeKiB: 2048, total: 16, free: 9, surplus: 1, reserved: 3)])
        #expect(host.cells.allSatisfy { $0.hugepages.allSatisfy { $0.reserved == nil } })
    }

    @Test("cells without memory or CPUs are cells, and nodes that are offline are none")
    func oddCells() throws {
        let folder = try TemporaryFolder()
        try folder.write("/sys/devices/system/cpu/online", "0-1")
        try folder.write("/sys/devices/system/node/online", "0,2-3")
        try folder.write("/sys/devices/system/node/possible", "0-3")
        for (id, cpus, memory) in [(0, "0", 100), (1, "", 100), (2, "", 50), (3, "1", 0)] {
            let node = "/sys/devices/system/node/node\(id)"
            try folder.write("\(node)/cpulist", "\(cpus)\n")
            try folder.write("\(node)/meminfo", "Node \(id) MemTotal: \(memory) kB\nNode \(id) MemFree: 10 kB\n")
            try folder.write("\(node)/distance", "10 12 21\n")
        }
        let cells = Host(probing: folder.root).cells
        #expect(cells.map(\.id) == [0, 2, 3])
        #expect(cells.map(\.cpus) == [CPUSet([0]), CPUSet([]), CPUSet([1])])
        #expect(cells.map(\.memoryKiB) == [100, 50, 0] && cells[2].memoryFreeKiB == 0)
        #expect(cells[1].distances == [0: 10, 2: 12, 3: 21])
    }

    @Test("a kernel without NUMA is one cell with everything")
    func withoutNUMA() throws {
        let folder = try TemporaryFolder()
        try folder.write("/proc/meminfo", "MemTotal: 1000 kB\nMemFree: 10 kB\n")
        try folder.write("/sys/devices/system/cpu/online", "0-1")
        try folder.write("/sys/kernel/mm/hugepages/hugepages-2048kB/nr_hugepages", "4")
        let host = Host(probing: folder.root)
        #expect(host.cells.map(\.cpus) == [CPUSet([0, 1])] && host.cells[0].hugepages.map(\.total) == [4])
        #expect(
            host.memoryAvailableKiB == 10 && host.cpus[1].siblings == CPUSet([1])
                && host.cpus[1].cell == 0)
    }

    @Test("an empty root is an empty host, not an error")
    func empty() throws {
        let folder = try TemporaryFolder()
        let host = Host(probing: folder.root)
        #expect(host.cpus.isEmpty && host.cells.count == 1 && host.pciDevices.isEmpty && host.cgroup.version == .none)
    }

    @Test(
        "CPU lists are read and written as the kernel does",
        arguments: [
            ("0-7,16-23", 16, "0-7,16-23"), ("", 0, ""), ("3", 1, "3"), ("2,1,0,1", 3, "0-2"), (" 0 \n", 1, "0"),
            ("0,2,4", 3, "0,2,4"),
        ])
    func lists(text: String, count: Int, written: String) throws {
        let set = try #require(CPUSet(list: text))
        #expect(set.count == count && set.description == written)
    }

    @Test(
        "what is no CPU list is refused", arguments: ["a", "1-", "-1", "3-1", "1-2-3", "0-99999999999", "1 2", "0x1"])
    func badLists(text: String) {
        #expect(CPUSet(list: text) == nil)
    }

    @Test(
        "the layout of control groups is read from the mounts",
        arguments: [
            (
                "30 1 0:1 / /sys/fs/cgroup rw shared:4 - cgroup2 cgroup2 rw,nsdelegate", CgroupLayout.Version.v2,
                ["cpu", "memory"]
            ),
            ("32 31 0:29 / /sys/fs/cgroup/cpu rw - cgroup cgroup rw,cpu,cpuacct", .v1, ["cpu", "cpuacct"]),
            (
                "32 31 0:29 / /a rw - cgroup cgroup rw,cpuset\n40 1 0:1 / /a/systemd rw - cgroup cgroup rw,name=systemd\n33 31 0:30 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw",
                .hybrid, ["cpu", "cpuset", "memory"]
            ),
            ("20 1 8:1 / / rw - ext4 /dev/sda1 rw", .none, []),
        ])
    func cgroups(mounts: String, version: CgroupLayout.Version, controllers: [String]) throws {
        let folder = try TemporaryFolder()
        try folder.write("/proc/self/mountinfo", mounts)
        try folder.write("/sys/fs/cgroup/cgroup.controllers", "cpu memory\n")
        let layout = CgroupLayout(probing: folder.root)
        #expect(layout.version == version && layout.controllers == controllers)
    }
}
