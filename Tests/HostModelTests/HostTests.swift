import FoundationEssentials
import SystemPackage
import Testing

@testable import HostModel

@Suite struct HostTests {
    /// Four CPUs in two cells, with hyper-threads 0/2 and 1/3, pages of two sizes and a GPU bound to vfio-pci.
    private static func twoCells() throws -> TemporaryFolder {
        let folder = try TemporaryFolder()
        try folder.write("/proc/meminfo", "MemTotal:       8388608 kB\nMemFree: 100 kB\nMemAvailable:   4194304 kB\n")
        try folder.write("/proc/sys/kernel/osrelease", "6.1.0-25-amd64\n")
        try folder.write("/proc/sys/kernel/random/boot_id", "b1\n")
        try folder.write("/proc/cmdline", "quiet amd_iommu=on iommu=pt\n")
        try folder.write("/sys/devices/system/cpu/online", "0-3\n")
        for id in 0..<4 {
            let topology = "/sys/devices/system/cpu/cpu\(id)/topology"
            try folder.write("\(topology)/thread_siblings_list", "\(id % 2),\(id % 2 + 2)\n")
            try folder.write("\(topology)/core_id", "\(id % 2)\n")
            try folder.write("\(topology)/physical_package_id", "\(id % 2)\n")
        }
        try folder.write("/sys/devices/system/node/online", "0-1\n")
        for id in 0..<2 {
            let node = "/sys/devices/system/node/node\(id)"
            try folder.write("\(node)/cpulist", "\(id),\(id + 2)\n")
            try folder.write("\(node)/meminfo", "Node \(id) MemTotal:  4194304 kB\nNode \(id) MemFree:  1024 kB\n")
            try folder.write("\(node)/distance", id == 0 ? "10 21\n" : "21 10\n")
            try folder.write("\(node)/hugepages/hugepages-2048kB/nr_hugepages", "8\n")
            try folder.write("\(node)/hugepages/hugepages-2048kB/free_hugepages", "\(id)\n")
            try folder.write("\(node)/hugepages/hugepages-1048576kB/nr_hugepages", "0\n")
        }
        let gpu = "/sys/bus/pci/devices/0000:41:00.0"
        try folder.write("\(gpu)/class", "0x030200\n")
        try folder.write("\(gpu)/vendor", "0x10de\n")
        try folder.write("\(gpu)/device", "0x2331\n")
        try folder.write("\(gpu)/numa_node", "1\n")
        try folder.link("\(gpu)/driver", to: "../../../../bus/pci/drivers/vfio-pci")
        try folder.link("\(gpu)/iommu_group", to: "../../../../kernel/iommu_groups/14")
        try folder.write("/sys/bus/pci/devices/0000:00:00.0/vendor", "0x8086\n")
        try folder.write("/sys/bus/pci/devices/0000:00:00.0/device", "0x29c0\n")
        try folder.write("/sys/bus/pci/devices/0000:00:00.0/numa_node", "-1\n")
        return folder
    }

    @Test("CPUs, cells, pages and devices are read from a root folder")
    func twoCells() throws {
        let folder = try Self.twoCells()
        let host = Host(probing: folder.root)
        #expect(
            host.kernel
                == Kernel(release: "6.1.0-25-amd64", bootID: "b1", commandLine: ["quiet", "amd_iommu=on", "iommu=pt"]))
        #expect(host.kernel.arguments("iommu") == ["pt"])
        #expect(host.memoryKiB == 8_388_608 && host.memoryAvailableKiB == 4_194_304)
        #expect(host.cpus.map(\.id) == [0, 1, 2, 3])
        #expect(host.cpus[3] == HostCPU(id: 3, socket: 1, core: 1, siblings: CPUSet([1, 3])))
        #expect(
            host.cells[1]
                == NUMACell(
                    id: 1, cpus: CPUSet([1, 3]), memoryKiB: 4_194_304, memoryFreeKiB: 1024, distances: [0: 21, 1: 10],
                    hugepages: [
                        HugepagePool(sizeKiB: 2048, total: 8, free: 1),
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

    @Test("a host survives JSON")
    func roundTrip() throws {
        let folder = try Self.twoCells()
        let host = Host(probing: folder.root)
        #expect(try JSONDecoder().decode(Host.self, from: JSONEncoder().encode(host)) == host)
    }

    @Test("a kernel without NUMA is one cell with everything")
    func withoutNUMA() throws {
        let folder = try TemporaryFolder()
        try folder.write("/proc/meminfo", "MemTotal: 1000 kB\nMemFree: 10 kB\n")
        try folder.write("/sys/devices/system/cpu/online", "0-1")
        try folder.write("/sys/kernel/mm/hugepages/hugepages-2048kB/nr_hugepages", "4")
        let host = Host(probing: folder.root)
        #expect(host.cells.map(\.cpus) == [CPUSet([0, 1])] && host.cells[0].hugepages.map(\.total) == [4])
        #expect(host.memoryAvailableKiB == 10 && host.cpus[1].siblings == CPUSet([1]))
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
