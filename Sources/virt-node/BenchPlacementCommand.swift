import ArgumentParser
import FoundationEssentials
import HostModel
import Placement
import SystemPackage

/// `virt-node bench placement`: what the choice of CPUs, pages and devices takes, on a host as large as one likes.
struct BenchPlacementCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "placement", abstract: "Time the choice of a VM's CPUs, pages and devices.",
        discussion: """
            VMs with dedicated CPUs, hugepages and each kind of device are placed until the host is full, as a node \
            that belongs to its VMs does it.
            """)

    @Option(
        help: ArgumentHelp(
            "The node: what 'virt-node host -o json' printed there, or a folder laid out like /. This machine if left out.",
            valueName: "path"))
    var host = "/"

    @Option(
        help: ArgumentHelp(
            "Devices of this vendor and type are a kind, and each VM gets one of each. May be repeated.",
            valueName: "vendor:device"))
    var device: [String] = []

    @Option(help: "vCPUs of each VM.")
    var vcpus = 8

    @Option(help: "How often the host is filled.")
    var rounds = 50

    func validate() throws {
        if rounds < 1 { throw ValidationError("--rounds \(rounds): write 1 or more") }
        if vcpus < 1 { throw ValidationError("--vcpus \(vcpus): write 1 or more") }
    }

    func run() throws {
        let host: Host
        do { host = try Host.load(FilePath(self.host)) } catch {
            Standard.error("virt-node: --host: \(error)")
            throw ExitCode.notFound
        }
        let (grant, kinds) = devices(host)
        let request = request(host, kinds)
        var times: [Duration] = []
        var placed = 0
        for _ in 0..<rounds {
            var use = PlacementUse.none
            placed = 0
            while true {
                let clock = ContinuousClock()
                let begin = clock.now
                do throws(PlacementError) {
                    let placement = try Placement.make(request, host: host, grant: grant, inUse: use)
                    times.append(begin.duration(to: clock.now))
                    try use.take(placement)
                    placed += 1
                } catch {
                    if placed == 0 {
                        Standard.error("virt-node: \(error)")
                        throw ExitCode.hostNotCapable
                    }
                    break
                }
            }
        }
        report(host, request, times.sorted(), placed)
    }

    /// The devices of each kind, as resources of the kinds' names.
    private func devices(_ host: Host) -> (Grant, [String]) {
        var grant = Grant()
        for kind in device {
            let ids = kind.split(separator: ":").map { UInt16($0, radix: 16) }
            grant.devices[kind] = host.pciDevices.filter { [$0.vendor, $0.device] == ids }.map { .pci($0.address) }
        }
        return (grant, device)
    }

    private func request(_ host: Host, _ kinds: [String]) -> PlacementRequest {
        let page = host.hugepages.filter { $0.free > 0 }.map { Int64($0.sizeKiB) << 10 }.max()
        let threads = host.cpus.map(\.siblings.count).max() ?? 1
        return PlacementRequest(
            name: "bench/vm", vcpus: vcpus, threadsPerCore: vcpus.isMultiple(of: threads) ? threads : 1,
            isDedicated: true, numaPassthrough: page != nil, memoryBytes: (page ?? 1 << 20) * 4, pageSizeBytes: page,
            devices: kinds.map { DeviceRequest(name: $0, resource: $0) }, preferredCells: .nearDevices)
    }

    private func report(_ host: Host, _ request: PlacementRequest, _ times: [Duration], _ placed: Int) {
        func microseconds(_ part: Double) -> String {
            let time = times[min(times.count - 1, Int(Double(times.count) * part))]
            return "\(Int(time / .microseconds(1)))"
        }
        print(
            """
            placement on \(host.onlineCPUs.count) CPUs of \(host.cells.count) cells with \(host.pciDevices.count) PCI \
            devices: \(placed) VMs of \(request.vcpus) vCPUs and \(request.devices.count) devices fill it
              median \(microseconds(0.5)) µs, p99 \(microseconds(0.99)) µs, longest \(microseconds(1)) µs of \
            \(times.count); goal: under 1000 µs
            """)
    }
}
