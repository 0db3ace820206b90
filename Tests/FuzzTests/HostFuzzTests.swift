import FoundationEssentials
import HostDevices
import Placement
import SystemPackage
import TestSupport
import Testing

@testable import HostModel

/// sysfs, proc and what a kubelet keeps, as no kernel makes them: what reads them says less, and ends.
@Suite struct HostFuzzTests {
    private static let device = "sys/devices/pci0000:40/0000:41:00.0"
    private static let usb = "sys/bus/usb/devices/1-4"

    /// A small machine: every file that a probe reads.
    private static let files: [(name: String, text: String)] = [
        ("proc/meminfo", "MemTotal:       8388608 kB\nMemFree: 100 kB\nMemAvailable:   4194304 kB\n"),
        ("proc/cmdline", "quiet amd_iommu=on isolcpus=2-3 hugepagesz=2M hugepages=8\n"),
        (
            "proc/self/mountinfo",
            "30 23 0:26 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw\n24 1 8:1 / / rw - ext4 /dev/sda1 rw\n"
        ),
        ("proc/swaps", "Filename Type Size Used Priority\n/dev/sda2 partition 1 0 -2\n"),
        ("proc/net/route", "Iface Destination Gateway Flags\neth0 00000000 0101A8C0 0003\n"),
        ("proc/77/comm", "kubelet\n"), ("proc/77/cmdline", "/usr/bin/kubelet\u{0}--config=x\u{0}"),
        ("proc/sys/kernel/osrelease", "6.1.0-25-amd64\n"), ("proc/sys/kernel/random/boot_id", "b1\n"),
        ("sys/devices/system/cpu/online", "0-3\n"), ("sys/devices/system/cpu/present", "0-3\n"),
        ("sys/devices/system/cpu/possible", "0-7\n"), ("sys/devices/system/cpu/isolated", "2-3\n"),
        ("sys/devices/system/cpu/cpu0/topology/thread_siblings_list", "0,2\n"),
        ("sys/devices/system/cpu/cpu0/topology/core_id", "0\n"),
        ("sys/devices/system/cpu/cpu1/topology/core_cpus_list", "1,3\n"),
        ("sys/devices/system/cpu/cpu1/topology/physical_package_id", "1\n"),
        ("sys/devices/system/node/online", "0-1\n"), ("sys/devices/system/node/node0/cpulist", "0,2\n"),
        ("sys/devices/system/node/node0/meminfo", "Node 0 MemTotal:  4194304 kB\nNode 0 MemFree:  1024 kB\n"),
        ("sys/devices/system/node/node0/distance", "10 21\n"), ("sys/devices/system/node/node1/cpulist", "1,3\n"),
        ("sys/devices/system/node/node0/hugepages/hugepages-2048kB/nr_hugepages", "8\n"),
        ("sys/devices/system/node/node0/hugepages/hugepages-2048kB/free_hugepages", "3\n"),
        ("sys/kernel/mm/hugepages/hugepages-1048576kB/nr_hugepages", "2\n"),
        ("\(device)/vendor", "0x10de\n"), ("\(device)/device", "0x2331\n"), ("\(device)/class", "0x030200\n"),
        ("\(device)/numa_node", "1\n"), ("\(device)/sriov_totalvfs", "8\n"), ("\(device)/sriov_numvfs", "2\n"),
        ("\(device)/resource", "0x00000000f0000000 0x00000000f0ffffff 0x0000000000040200\n"),
        ("\(device)/reset_method", "flr bus\n"), ("\(device)/boot_vga", "0\n"),
        ("\(device)/mdev_supported_types/nvidia-63/name", "GRID P4-1Q\n"),
        ("\(device)/mdev_supported_types/nvidia-63/available_instances", "8\n"),
        ("\(usb)/idVendor", "0951\n"), ("\(usb)/idProduct", "1666\n"), ("\(usb)/busnum", "1\n"),
        ("\(usb)/devnum", "4\n"),
        (
            "var/lib/kubelet/cpu_manager_state",
            #"{"policyName":"static","defaultCpuSet":"0-1","entries":{"p":{"c":"2-3"}}}"#
        ),
        (
            "var/lib/kubelet/device-plugins/kubelet_internal_checkpoint",
            #"{"Data":{"RegisteredDevices":{"nvidia.com/gpu":["a","b"]}},"Checksum":1}"#
        ),
    ]
    private static let links = [
        ("sys/bus/pci/devices/0000:41:00.0", "../../../devices/pci0000:40/0000:41:00.0"),
        ("\(device)/driver", "../../../bus/pci/drivers/vfio-pci"),
        ("\(device)/iommu_group", "../../../kernel/iommu_groups/14"),
        ("\(device)/virtfn0", "../0000:41:00.1"), ("sys/kernel/iommu_groups/14/devices/0000:41:00.0", "/\(device)"),
        ("sys/bus/mdev/devices/5d307ca9-b3ef-428c-8861-06e72d69f223", "/\(device)"),
    ]
    private static let targets = [
        ".", "..", "/", "/etc/passwd", "../../../../../../../../etc", "0000:41:00.0", "virtfn0", "é", "/proc/self/fd",
    ]
    private static let tokens = [
        "0-65535", "-1", "18446744073709551616", "0x", "\n", "\t", ",", "-", "0-", "ffff:ff:1f.7", "\u{0}", "\u{1B}[2J",
        "kB",
        "Node 99999", "99999999999",
    ].map { Array($0.utf8) }

    @Test("a tree with damaged files and links ends no probe, and what is read of it is sound")
    func trees() async throws {
        var mutator = ByteMutator(
            seed: FuzzSettings.seed, donors: Self.files.map { Array($0.text.utf8) }, tokens: Self.tokens)
        var log = FuzzLog("sysfs trees")
        for await round in FuzzSettings.rounds(60) {
            let folder = try FuzzFolder()
            var changes: [UInt8] = []
            for (name, text) in Self.files where mutator.draw(30) > 0 {
                var bytes = Array(text.utf8)
                if mutator.draw(8) == 0 {
                    mutator.change(&bytes)
                    changes += Array("\(name): ".utf8) + bytes + [0x0A]
                }
                switch mutator.draw(60) {
                case 0: try? folder.link(name, to: mutator.pick(Self.targets))
                case 1: _ = try? folder.write("\(name)/\(name)", bytes)
                default: _ = try? folder.write(name, bytes)
                }
            }
            for (name, target) in Self.links where mutator.draw(8) > 0 {
                try? folder.link(name, to: mutator.draw(6) == 0 ? mutator.pick(Self.targets) : target)
            }
            log.run(round, changes) { Self.outcome(folder) }
        }
        #expect(log.faults.isEmpty, "\(log.report)")
        #expect(log.accepted > log.rounds / 2, "too few hosts have a CPU and a device: \(log.report)")
        #expect(log.grownMiB < FuzzSettings.mostGrowthMiB, "\(log.report)")
        log.printFigures()
    }

    private static func outcome(_ folder: FuzzFolder) -> Outcome {
        let host = Host(probing: folder.root)
        var faults = host.faults.map { "\($0)" }
        do {
            let json = try host.json()
            if try Host.decode(Array(json.utf8), from: "x") != host {
                faults.append("it is another host once it is read")
            }
        } catch { faults.append("\(error)") }
        let lines = HostReport(host: host).text.split(separator: "\n")
        let isPlain = lines.allSatisfy { $0.utf8.allSatisfy { (0x20...0x7E).contains($0) } }
        if !isPlain { faults.append("the report holds a character that moves a cursor") }
        let facts = HostDeviceFacts(probing: folder.root, host: host)
        let permitted = PermittedDevices(
            pciHostDevices: [PermittedPCIDevice(pciVendorSelector: "10DE:2331", resourceName: "a/b")],
            mediatedDevices: [PermittedMediatedDevice(mdevNameSelector: "GRID P4-1Q", resourceName: "c/d")],
            usb: [
                PermittedUSBDevice(resourceName: "e/f", selectors: [USBDeviceSelector(vendor: "0951", product: "1666")])
            ])
        let inventory = DeviceInventory(host, facts, permitted: permitted)
        if inventory.unavailable.contains(where: { $0.description.isEmpty }) { faults.append("a device has no reason") }
        let kubelet = KubeletFacts(probing: folder.root, configuration: ["reservedSystemCPUs": "0"])
        let findings = KubeletNeighbour(kubelet, grant: Grant(cpus: host.onlineCPUs)).findings(on: host)
        if findings.contains(where: { "\($0)".isEmpty }) { faults.append("a finding has no words") }
        return Outcome(isAccepted: !host.cpus.isEmpty && !host.pciDevices.isEmpty, faults: faults)
    }

    @Test("a host's document is read, or each of its faults is named by its field")
    func documents() async throws {
        let folder = try FuzzFolder()
        for (name, text) in Self.files { try folder.write(name, text.utf8) }
        for (name, target) in Self.links { try folder.link(name, to: target) }
        let document = Array(try Host(probing: folder.root).json().utf8)
        var mutator = ByteMutator(seed: FuzzSettings.seed, donors: [document], tokens: Self.tokens)
        var log = FuzzLog("host documents")
        for await round in FuzzSettings.rounds(300) {
            let input = mutator.next()
            log.run(round, input) {
                do throws(HostLoadError) {
                    let host = try Host.decode(input, from: "host.json")
                    let topology = HostTopology(host)
                    let placed = try? Placement.make(
                        PlacementRequest(name: "x", vcpus: 1, isDedicated: true, memoryBytes: 1 << 26),
                        topology: topology, grant: Grant(cpus: host.onlineCPUs))
                    let isHosts = placed.map { $0.ownCPUs.allSatisfy(host.onlineCPUs.contains) } ?? true
                    return .accepted(isHosts ? [] : ["a CPU that is not the host's is given out"])
                } catch { return .refused(error, mustName: "host.json") }
            }
        }
        #expect(log.faults.isEmpty, "\(log.report)")
        #expect(log.accepted > log.rounds / 20, "\(log.report)")
        log.printFigures()
    }
}
