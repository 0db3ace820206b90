import Testing

@testable import HostModel

@Suite struct HostReportTests {
    private static func lines(_ host: Host, wide: Bool = false) -> [Substring] {
        HostReport(host: host, wide: wide).text.split(separator: "\n", omittingEmptySubsequences: false)
    }

    private static let gpu = PCIDevice(
        address: "0000:41:00.0", classCode: 0x030200, vendor: 0x10de, device: 0x2331, driver: "vfio-pci", numaNode: 1,
        iommuGroup: 14, bars: [PCIBAR(index: 0, address: 0, size: 128 << 30)], resetMethods: ["flr", "bus"],
        parent: "0000:40:01.0", rootComplex: "pci0000:40")
    private static let bridge = PCIDevice(
        address: "0000:40:01.0", classCode: 0x060400, vendor: 0x8086, device: 1, driver: "pcieport", numaNode: 1,
        iommuGroup: 14, rootComplex: "pci0000:40")
    private static let nic = PCIDevice(
        address: "0000:43:00.0", classCode: 0x020000, vendor: 0x15b3, device: 0x1021, driver: "mlx5_core", numaNode: 0,
        sriov: SRIOV(totalVFs: 8, currentVFs: 1), rootComplex: "pci0000:40")
    private static let function = PCIDevice(
        address: "0000:43:00.2", classCode: 0x020000, vendor: 0x15b3, device: 0x101e, numaNode: 0,
        physicalFunction: "0000:43:00.0", rootComplex: "pci0000:40")

    @Test("two cells are a summary, two tables and two boxes")
    func twoCells() {
        var host = Host.machine(cells: 2, cores: 2, pciDevices: [Self.bridge, Self.gpu, Self.nic, Self.function])
        host.hugepages = [HugepagePool(sizeKiB: 2048, total: 8192, free: 8000, surplus: 1, reserved: 3)]
        host.isolatedCPUs = CPUSet([1])
        host.cpus[7].isOnline = false
        host.cells[1].cpus = CPUSet([2, 3, 6])
        #expect(
            HostReport(host: host).text == """
                kernel     6.1.0
                CPUs       7 online (0-6), 1 offline (7), isolated 1
                memory     128 GiB, 1 GiB available
                hugepages  2M 8000 of 8192 free, 3 of these reserved, 1 surplus
                IOMMU      1 group with 2 PCI devices
                cgroup     v2, cpu memory

                CELL  CPUS     MEMORY    FREE    2M FREE  1G FREE  DISTANCES
                   0  0-1,4-5  64 GiB  57 GiB  4000/4096    16/16  10 21
                   1  2-3,6    64 GiB  57 GiB  4000/4096    16/16  21 10

                ADDRESS       CLASS                ID         DRIVER     CELL   GROUP     BARS      VFS
                0000:41:00.0  3D controller        10DE:2331  vfio-pci      1  14 (2)  128 GiB        -
                0000:43:00.0  Ethernet controller  15B3:1021  mlx5_core     0       -        -      1/8
                0000:43:00.2  Ethernet controller  15B3:101E  -             0       -        -  is a VF
                1 other PCI device; -o wide lists it

                +- cell 0 -- 64 GiB, 57 GiB free -- 2M 4000/4096 -- 1G 16/16 --------------------------------------+
                | cores    [0 4] [1 5]                                                                             |
                | isolated 1                                                                                       |
                | pci0000:40                                                                                       |
                |   0000:43:00.0  Ethernet controller  15B3:1021  no group  mlx5_core, 1 of 8 VFs                  |
                +--------------------------------------------------------------------------------------------------+
                +- cell 1 -- 64 GiB, 57 GiB free -- 2M 4000/4096 -- 1G 16/16 --------------------------------------+
                | cores    [2 6] [3 7*]                                                                            |
                | pci0000:40                                                                                       |
                |   0000:41:00.0  3D controller  10DE:2331  group 14  vfio-pci                                     |
                +--------------------------------------------------------------------------------------------------+
                * offline

                """)
    }

    @Test("wide lists every device with its place, board and resets")
    func wide() {
        let host = Host.machine(cells: 2, cores: 2, pciDevices: [Self.bridge, Self.gpu, Self.nic, Self.function])
        let lines = Self.lines(host, wide: true)
        #expect(lines.contains { $0.hasPrefix("0000:40:01.0  PCI bridge") })
        #expect(
            lines.contains {
                $0.hasPrefix("0000:41:00.0") && $0.hasSuffix("pci0000:40    0000:40:01.0  -          flr bus")
            })
        #expect(lines.contains { $0.contains("of 0000:43:00.0") })
    }

    @Test(
        "large machines fit 100 columns, and their cores a few lines",
        arguments: [(1, 1, 1), (2, 64, 1), (2, 128, 1), (16, 8, 1), (16, 16, 1), (64, 4, 1), (4, 48, 3)])
    func large(cells: Int, cores: Int, boxes: Int) {
        let lines = Self.lines(.machine(cells: cells, cores: cores, pciDevices: [Self.gpu]))
        #expect(lines.allSatisfy { $0.count <= 100 })
        #expect(lines.count { $0.hasPrefix("| cores") } == cells)
        #expect(lines.count { $0.hasPrefix("|          ") } <= cells)
    }

    @Test("long names, uneven sets and many sizes of pages stay within 100 columns")
    func narrow() {
        var device = Self.gpu
        device.driver = String(repeating: "driver", count: 40)
        device.mediatedTypes = [
            MediatedType(
                id: String(repeating: "t", count: 200), name: "a b", availableInstances: 1, deviceAPI: "vfio-pci")
        ]
        var host = Host.machine(cells: 8, cores: 64, pciDevices: [device])
        host.kernel.release = String(repeating: "6", count: 300)
        host.cells[0].cpus = CPUSet((0..<512).filter { $0 * $0 % 7 == 1 })
        host.cells[1].hugepages = [64, 2048, 32768, 1 << 20, 1 << 24].map {
            HugepagePool(sizeKiB: $0, total: 123_456, free: 123_456)
        }
        let lines = Self.lines(host)
        #expect(lines.allSatisfy { $0.count <= 100 })
        #expect(lines.contains { $0.hasPrefix("| pages    64K 123456/123456 2M") })
        #expect(Self.lines(host, wide: true).contains { $0.contains(device.driver ?? "?") })
    }

    @Test("cores at equal steps are shortened in a large cell, others listed")
    func cores() {
        func words(_ cores: [[Int]], offline: Set<Int> = []) -> [String] {
            CoreList(
                cores.flatMap { core in
                    core.map {
                        HostCPU(id: $0, socket: 0, core: 0, siblings: CPUSet(core), isOnline: !offline.contains($0))
                    }
                }
            ).words
        }
        #expect(words((0..<3).map { [$0, $0 + 3] }) == ["[0 3]", "[1 4]", "[2 5]"])
        #expect(words((0..<64).map { [$0, $0 + 128] }) == ["[0 128] .. [63 191]"])
        #expect(words((0..<32).map { [2 * $0, 2 * $0 + 1] }) == ["[0 1] .. [62 63]"])
        #expect(words((0..<20).map { [$0] }, offline: [10]).prefix(2) == ["[0] .. [9]", "[11] .. [19]"])
        #expect(
            words((0..<20).map { [$0, $0 + 32] }, offline: [42]) == [
                "[0 32] .. [9 41]", "[10 42*]", "[11 43] .. [19 51]",
            ])
    }

    @Test(
        "sets at equal steps are shortened",
        arguments: [("0-7", "0-7"), ("0,2,4,6,8", "0,2..8"), ("0,2,4", "0,2,4"), ("1,5,9,14", "1,5,9,14"), ("", "")])
    func brief(list: String, text: String) throws {
        #expect(try #require(CPUSet(list: list)).brief == text)
    }

    @Test("names from the host never move the cursor")
    func escapes() {
        var device = Self.gpu
        device.driver = "\u{1B}[2Jevil\n\u{202E}"
        let text = HostReport(host: .machine(cells: 2, cores: 2, pciDevices: [device])).text
        #expect(text.contains("?[2Jevil??") && text.utf8.allSatisfy { $0 == 0x0A || (0x20...0x7E).contains($0) })
    }

    @Test("boxes are drawn with what the terminal can show")
    func characters() {
        let host = Host.machine(cells: 1, cores: 1)
        #expect(HostReport(host: host).text.utf8.allSatisfy { $0 < 0x80 })
        let text = HostReport(host: host, unicode: true).text
        #expect(text.contains("┌─ cell 0") && !text.contains("|"))
        #expect(text.split(separator: "\n").allSatisfy { $0.count <= 100 })
    }

    @Test("an empty host is drawn, too")
    func empty() throws {
        let text = HostReport(host: Host(probing: try TemporaryFolder().root)).text
        #expect(
            text.contains("CPUs       none is known") && text.contains("| no CPUs") && text.contains("no PCI devices"))
    }
}
