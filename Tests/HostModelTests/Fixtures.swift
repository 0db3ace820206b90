import FoundationEssentials
import SystemPackage
import Testing

@testable import HostModel

extension Tag {
    /// Runs a real QEMU.
    @Tag static var qemu: Self
}

/// A folder that is removed with its last reference: a host's root, or where a probe keeps its files.
final class TemporaryFolder: Sendable {
    let path: FilePath

    init() throws {
        path = FilePath("/tmp/HostModelTests-\(UUID().uuidString)")
        try FileManager.default.createDirectory(atPath: path.string, withIntermediateDirectories: true)
    }

    deinit {
        do {
            try FileManager.default.removeItem(atPath: path.string)
        } catch {
            // It lies in /tmp.
        }
    }

    var root: HostRoot { HostRoot(path) }

    func write(_ file: String, _ text: String, executable: Bool = false) throws {
        let target = try makeFolder(of: file)
        try Data(text.utf8).write(to: URL(filePath: target))
        if executable { try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: target) }
    }

    func link(_ file: String, to destination: String) throws {
        try FileManager.default.createSymbolicLink(
            atPath: try makeFolder(of: file), withDestinationPath: destination)
    }

    /// The path of `file` below this folder, once its own folder is there. Plain texts: debug builds take a
    /// millisecond for what `FilePath` joins.
    private func makeFolder(of file: String) throws -> String {
        let target = "\(path.string)/\(file)"
        let folder = target[..<(target.lastIndex(of: "/") ?? target.endIndex)]
        try FileManager.default.createDirectory(atPath: String(folder), withIntermediateDirectories: true)
        return target
    }
}

extension GuestRun {
    static func emulated(turns: Int = 20_000_000, seconds: Double = 0.2) -> GuestRun {
        GuestRun(
            accelerator: .tcg, cpuModel: "max", ending: .completed, startupSeconds: 0.05, reachedLongMode: true,
            turns: turns, seconds: seconds, wallSeconds: seconds + 0.05)
    }

    static func kvm(
        _ ending: Ending = .completed, code: Int? = nil, model: String = "host", startup: Double? = 0.05,
        turns: Int = 20_000_000, seconds: Double = 0.02, log: String = ""
    ) -> GuestRun {
        GuestRun(
            accelerator: .kvm, cpuModel: model, ending: ending, code: code, startupSeconds: startup,
            reachedLongMode: turns > 0, turns: turns, seconds: seconds, wallSeconds: seconds + 0.05, log: log)
    }
}

extension TemporaryFolder {
    /// Four CPUs in two cells, with hyper-threads 0/2 and 1/3, pages of two sizes and a GPU bound to vfio-pci.
    static func twoCells() throws -> TemporaryFolder {
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
            try folder.write("\(node)/hugepages/hugepages-2048kB/surplus_hugepages", "2\n")
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

    /// A device whose folder is where sysfs keeps it, with the link that names it.
    func device(_ address: String, at place: String, _ files: [String: String] = [:]) throws {
        let folder = "/sys/devices/\(place)/\(address)"
        var files = files
        files["vendor"] = files["vendor"] ?? "0x10de"
        files["device"] = files["device"] ?? "0x2331"
        for (name, text) in files { try write("\(folder)/\(name)", "\(text)\n") }
        try link("/sys/bus/pci/devices/\(address)", to: "../../../devices/\(place)/\(address)")
    }
}

extension Host {
    /// `cells` cells of equal parts, CPUs with two threads numbered as Linux does: first one thread of each core.
    static func machine(cells: Int, cores: Int, pciDevices: [PCIDevice] = []) -> Host {
        let all = cells * cores
        let cpus = (0..<2 * all).map { id in
            HostCPU(
                id: id, socket: id % all / cores, core: id % cores, siblings: CPUSet([id % all, id % all + all]),
                cell: id % all / cores)
        }
        let numa = (0..<cells).map { cell in
            NUMACell(
                id: cell, cpus: CPUSet(cpus.filter { $0.cell == cell }.map(\.id)), memoryKiB: 64 << 20,
                memoryFreeKiB: 57 << 20,
                distances: Dictionary(uniqueKeysWithValues: (0..<cells).map { ($0, $0 == cell ? 10 : 21) }),
                hugepages: [
                    HugepagePool(sizeKiB: 2048, total: 4096, free: 4000),
                    HugepagePool(sizeKiB: 1 << 20, total: 16, free: 16),
                ])
        }
        return Host(
            kernel: Kernel(release: "6.1.0", bootID: "b", commandLine: []),
            cgroup: CgroupLayout(version: .v2, controllers: ["cpu", "memory"], mountPoints: ["/sys/fs/cgroup"]),
            cpus: cpus, cells: numa, memoryKiB: UInt64(cells) * 64 << 20, memoryAvailableKiB: 1 << 20,
            pciDevices: pciDevices)
    }
}
