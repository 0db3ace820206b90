import Foundation
import HostModel
import Logging
import SystemPackage
import Testing

@testable import NodeAgent

/// CPUs of a tree of files that stands for the kernel's: 0 cannot go offline.
@Suite struct IdleCPUsTests {
    private struct Rig {
        let folder = FilePath(FileManager.default.temporaryDirectory.path).appending("idle-cpus-\(UUID())")

        init() throws {
            for id in 0..<4 {
                try write("cpu\(id)/cpufreq/scaling_governor", "performance")
                if id > 0 { try write("cpu\(id)/online", "1") }
            }
        }

        var record: FilePath { folder.appending("run/idle-cpus.json") }

        func write(_ name: String, _ text: String) throws {
            let file = folder.appending("sys/devices/system/cpu/\(name)")
            try FileManager.default.createDirectory(
                atPath: file.removingLastComponent().string, withIntermediateDirectories: true)
            try Data("\(text)\n".utf8).write(to: URL(filePath: file.string))
        }

        func read(_ name: String) -> [String] {
            (0..<4).map { HostRoot(folder).text("/sys/devices/system/cpu/cpu\($0)/\(name)") ?? "-" }
        }

        func sleeper(_ policy: IdleCPUPolicy) -> IdleCPUs {
            IdleCPUs(
                policy, root: HostRoot(folder), record: record,
                logger: Logger(label: "test") { _ in
                    SwiftLogNoOpLogHandler()
                })
        }

        /// As the kernel tells it: what is offline is in no cell.
        var host: HostModel.Host {
            let online = read("online").map { $0 != "0" }
            let set = CPUSet((0..<4).filter { online[$0] })
            return HostModel.Host(
                kernel: Kernel(release: "", bootID: "", commandLine: []),
                cgroup: CgroupLayout(version: .v2, controllers: [], mountPoints: []),
                cpus: (0..<4).map { id in
                    HostCPU(
                        id: id, socket: online[id] ? 0 : nil, core: online[id] ? id / 2 : nil,
                        siblings: CPUSet([id]), cell: 0, isOnline: online[id])
                },
                cells: [
                    NUMACell(id: 0, cpus: set, memoryKiB: 1, memoryFreeKiB: 1, distances: [0: 10], hugepages: [])
                ], memoryKiB: 1, memoryAvailableKiB: 1, pciDevices: [], hugepages: [])
        }

        func remove() { try? FileManager.default.removeItem(atPath: folder.string) }
    }

    @Test func `idle CPUs go offline, can be had all the same, and are online before a VM has them`() async throws {
        let rig = try Rig()
        defer { rig.remove() }
        let sleeper = rig.sleeper(.offline)
        let before = rig.host
        await sleeper.settle(idle: CPUSet([0, 2, 3]), on: before)
        #expect(rig.read("online") == ["-", "1", "0", "0"])
        #expect(rig.host.onlineCPUs == CPUSet([0, 1]) && sleeper.complete(rig.host) == before)
        try await sleeper.wake([1, 3])
        #expect(rig.read("online") == ["-", "1", "0", "1"])
        #expect(sleeper.complete(rig.host) == before)
        await sleeper.settle(idle: CPUSet([1]), on: sleeper.complete(rig.host))
        #expect(rig.read("online") == ["-", "0", "1", "1"])
        await sleeper.wakeAll()
        #expect(rig.host == before)
    }

    @Test func `the governor is what it was before`() async throws {
        let rig = try Rig()
        defer { rig.remove() }
        try rig.write("cpu2/cpufreq/scaling_governor", "schedutil")
        let sleeper = rig.sleeper(.powersave)
        await sleeper.settle(idle: CPUSet([2, 3]), on: rig.host)
        #expect(rig.read("cpufreq/scaling_governor") == ["performance", "performance", "powersave", "powersave"])
        #expect(sleeper.complete(rig.host) == rig.host)
        try await sleeper.wake([2, 3])
        #expect(rig.read("cpufreq/scaling_governor") == ["performance", "performance", "schedutil", "performance"])
    }

    @Test func `what a killed daemon put to sleep, the next one wakes`() async throws {
        let rig = try Rig()
        defer { rig.remove() }
        let before = rig.host
        await rig.sleeper(.offline).settle(idle: CPUSet([2, 3]), on: before)
        let next = rig.sleeper(.awake)
        #expect(next.complete(rig.host) == before)
        await next.wakeAll()
        #expect(rig.host == before)
        await rig.sleeper(.offline).wakeAll()
        #expect(rig.host == before)
    }

    @Test func `a CPU that does not wake is told of, and stays recorded`() async throws {
        let rig = try Rig()
        defer { rig.remove() }
        let sleeper = rig.sleeper(.offline)
        await sleeper.settle(idle: CPUSet([3]), on: rig.host)
        try FileManager.default.removeItem(atPath: rig.folder.appending("sys/devices/system/cpu/cpu3").string)
        await #expect { try await sleeper.wake([3]) } throws: { "\($0)".contains("host CPU 3") }
        try rig.write("cpu3/online", "0")
        await rig.sleeper(.awake).wakeAll()
        #expect(rig.read("online")[3] == "1")
    }
}
