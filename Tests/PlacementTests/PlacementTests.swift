import HostModel
import Placement
import Testing

@Suite struct PlacementTests {
    private let granted = Grant.cpus("4-11,20-27")

    private func dedicated(_ vcpus: Int, threads: Int = 1) -> PlacementRequest {
        PlacementRequest(
            name: "default/vm", vcpus: vcpus, threadsPerCore: threads, isDedicated: true, memoryBytes: gibibyte)
    }

    @Test("vCPUs fill the threads of a core before the next core")
    func threadsOfACore() throws {
        let placement = try Placement.make(dedicated(4), host: .twoNodes(), grant: granted)
        #expect(placement == Placement(vcpuPins: [4, 20, 5, 21]))
    }

    @Test("an isolated emulator thread gets the first thread after the vCPUs")
    func emulator() throws {
        var request = dedicated(4, threads: 2)
        request.emulatorThreads = 1
        let placement = try Placement.make(request, host: .twoNodes(), grant: granted)
        #expect(placement.vcpuPins == [4, 20, 5, 21])
        #expect(placement.emulatorPins == CPUSet([6]))
    }

    @Test("the sibling of the only vCPU serves the emulator thread")
    func emulatorOnTheSibling() throws {
        var request = dedicated(1)
        request.emulatorThreads = 1
        let placement = try Placement.make(request, host: .twoNodes(), grant: granted)
        #expect(placement == Placement(vcpuPins: [4], emulatorPins: CPUSet([20])))
    }

    @Test("pool I/O threads come before the emulator threads, and fragments before full cores")
    func ioThreadPool() throws {
        var request = dedicated(4, threads: 2)
        request.ioThreadPool = 2
        request.emulatorThreads = 2
        let placement = try Placement.make(request, host: .twoNodes(), grant: .cpus("3-6,20-23"))
        #expect(placement.vcpuPins == [4, 20, 5, 21])
        #expect(placement.ioThreadPins == [3, 23])
        #expect(placement.emulatorPins == CPUSet([6, 22]))
    }

    @Test("what is left of a core serves the next guest core while it is enough, then single threads")
    func leftovers() throws {
        let cpus = (0..<6).map { HostCPU(id: $0, socket: 0, core: $0 / 6, siblings: CPUSet(0..<6)) }
        let cell = NUMACell(
            id: 0, cpus: CPUSet(0..<6), memoryKiB: 0, memoryFreeKiB: 0, distances: [:], hugepages: [])
        var request = dedicated(4, threads: 2)
        request.ioThreadPool = 1
        let placement = try Placement.make(request, host: .of([cell], cpus: cpus), grant: .cpus("1-5"))
        #expect(placement.vcpuPins == [1, 2, 3, 4])
        #expect(placement.ioThreadPins == [5])
    }

    @Test("guest cores come from full cores of all cells, then from fragments of one cell, then of several")
    func passes() throws {
        let placement = try Placement.make(
            dedicated(8, threads: 2), host: .twoNodes(), grant: .cpus("0-2,8,9,10,12,28"))
        // 12 and 28 are the one full core. 0 and 1, and then 8 and 9, lie in one cell; 2 and 10 do not.
        #expect(placement.vcpuPins == [12, 28, 0, 1, 8, 9, 2, 10])
    }

    @Test("cores, fragments and single threads are drawn as the sketch in the documentation shows")
    func sketch() throws {
        var request = dedicated(6, threads: 2)
        request.ioThreadPool = 1
        request.emulatorThreads = 1
        let placement = try Placement.make(request, host: .twoNodes(), grant: .cpus("0,16,17,2,18,3,8-11,24-27"))
        #expect(placement == Placement(vcpuPins: [0, 16, 2, 18, 8, 24], ioThreadPins: [17], emulatorPins: CPUSet([3])))
    }

    @Test("CPUs that are offline, in use or unknown are not given")
    func onlyUsableCPUs() throws {
        var host = Host.twoNodes()
        host.cpus[4].isOnline = false
        var use = PlacementUse()
        try use.take(Placement(vcpuPins: [20, 5]))
        let placement = try Placement.make(
            dedicated(3), host: host, grant: .cpus("4-6,20-22,900"), inUse: use)
        #expect(placement.vcpuPins == [21, 6, 22])
    }

    @Test("a VM without dedicated CPUs gets none, whatever it says of threads")
    func shared() throws {
        var request = dedicated(4)
        request.isDedicated = false
        request.emulatorThreads = 1
        #expect(try Placement.make(request, host: .twoNodes(), grant: .cpus("")) == Placement())
    }

    @Test("plain hugepages may lie in any cell")
    func plainHugepages() throws {
        let request = PlacementRequest(
            name: "default/vm", vcpus: 1, memoryBytes: 3 * mebibyte, pageSizeBytes: 2 * mebibyte)
        let placement = try Placement.make(request, host: .twoNodes(free2Mi: [1, 1]), grant: Grant())
        #expect(placement == Placement(pages: [PageUse(cell: nil, pageSizeBytes: 2 * mebibyte, count: 2)]))
    }

    @Test("a free granter takes the cell of the device, else the fullest that fits, else the emptiest")
    func nearDevices() throws {
        let host = Host.twoNodes(pci: [.gpu("0000:42:00.0", node: 1)])
        var request = dedicated(2)
        request.preferredCells = .nearDevices
        #expect(try Placement.make(request, host: host, grant: .cpus("0-3,8-9")).vcpuPins == [8, 9])
        #expect(try Placement.make(request, host: host, grant: .cpus("0-1,8-11")).vcpuPins == [0, 1])

        request.devices = [DeviceRequest(name: "gpu", resource: "nvidia.com/A100")]
        let device = GrantedDevice.pci("0000:42:00.0")
        let near = Grant(cpus: CPUSet(list: "0-1,8-11"), devices: ["nvidia.com/A100": [device]])
        let placement = try Placement.make(request, host: host, grant: near)
        #expect(placement.vcpuPins == [8, 9])
        #expect(placement.devices.first?.numaNode == 1)

        request = dedicated(5)
        request.preferredCells = .nearDevices
        #expect(try Placement.make(request, host: host, grant: .cpus("0-1,8-11")).vcpuPins == [8, 9, 10, 11, 0])
    }

    @Test("a placement survives encoding with its distances, devices and warnings")
    func coding() throws {
        var request = dedicated(20)
        request.memoryBytes = 2 * gibibyte
        request.numaPassthrough = true
        request.pageSizeBytes = 2 * mebibyte
        request.devices = [DeviceRequest(name: "nic", resource: "vendor.io/nic")]
        let grant = Grant(devices: ["vendor.io/nic": [.usb(bus: 1, device: 4)]])
        let placement = try Placement.make(request, host: .twoNodes(), grant: grant)
        #expect(try decoded(encoded(placement)) == placement)
    }
}
