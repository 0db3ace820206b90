import HostModel
import Placement
import Testing

@Suite struct DeviceAssignmentTests {
    private let host = Host.twoNodes(pci: [
        .gpu("0000:41:00.0", node: 0), .gpu("0000:42:00.0", node: nil), .gpu("0000:43:00.0", node: 1),
    ])

    private func request(_ resources: [String]) -> PlacementRequest {
        PlacementRequest(
            name: "default/vm", vcpus: 1, memoryBytes: gibibyte,
            devices: resources.enumerated().map { DeviceRequest(name: "d\($0)", resource: $1) })
    }

    private func addresses(_ resources: [String], _ grant: [String: [GrantedDevice]], inUse: PlacementUse = .none)
        throws
        -> [String]
    {
        try Placement.make(request(resources), host: host, grant: Grant(devices: grant), inUse: inUse)
            .devices.map { "\($0.name)=\($0.device)@\($0.numaNode.map(String.init) ?? "-")" }
    }

    @Test("devices are given in the order of the grant, with their node")
    func order() throws {
        let devices = try addresses(
            ["x/gpu", "x/vgpu", "x/gpu"],
            [
                "x/gpu": [.pci("0000:43:00.0"), .pci("0000:42:00.0")],
                "x/vgpu": [.mdev("5c1ae2f0-3b1f-4c6c-9f0e-0b7a6f2d4a11")],
            ])
        #expect(
            devices == [
                "d0=0000:43:00.0@1", "d1=5c1ae2f0-3b1f-4c6c-9f0e-0b7a6f2d4a11@-", "d2=0000:42:00.0@-",
            ])
    }

    @Test("a PCI device tells the host bridge that it hangs on")
    func rootComplex() throws {
        var host = host
        host.pciDevices[2].rootComplex = "pci0000:40"
        let grant = Grant(devices: ["x": [.pci("0000:43:00.0"), .pci("0000:42:00.0")]])
        let placement = try Placement.make(request(["x", "x"]), host: host, grant: grant)
        #expect(placement.devices.map(\.rootComplex) == ["pci0000:40", nil])
    }

    @Test("a mediated device lies where its parent does")
    func mediated() throws {
        var host = host
        let uuid = "5c1ae2f0-3b1f-4c6c-9f0e-0b7a6f2d4a11"
        host.mediatedDevices = [MediatedDevice(uuid: uuid, parent: "0000:43:00.0")]
        let grant = Grant(devices: ["x": [.mdev(uuid)]])
        #expect(try Placement.make(request(["x"]), host: host, grant: grant).devices.first?.numaNode == 1)
    }

    @Test("a device of two resources is given once, and to whoever has no other")
    func twoResources() throws {
        let one = GrantedDevice.pci("0000:41:00.0")
        let two = GrantedDevice.pci("0000:43:00.0")
        #expect(try addresses(["a", "b"], ["a": [one], "b": [one, two]]) == ["d0=\(one)@0", "d1=\(two)@1"])
        #expect(try addresses(["a", "b"], ["a": [one, two], "b": [one]]) == ["d0=\(two)@1", "d1=\(one)@0"])
    }

    @Test("what another VM holds is passed over and counted")
    func inUse() throws {
        let granted: [GrantedDevice] = [.pci("0000:41:00.0"), .pci("0000:43:00.0")]
        var use = PlacementUse()
        try use.take(Placement(devices: [PlacedDevice(name: "gpu", resource: "x", device: granted[0])]))
        #expect(try addresses(["x"], ["x": granted], inUse: use) == ["d0=0000:43:00.0@1"])
        let error = #expect(throws: PlacementError.self) { try addresses(["x", "x"], ["x": granted], inUse: use) }
        #expect(
            error?.description
                == "default/vm: needs 2 devices x, of the 2 granted 1 is in use: give 1 more (--device x=ADDRESS)")
    }

    @Test("too few devices, twice the same and one that is not there are told apart")
    func wrongGrants() throws {
        func text(_ count: Int, _ granted: [GrantedDevice]) -> String? {
            #expect(throws: PlacementError.self) {
                try addresses(Array(repeating: "nvidia.com/A100", count: count), ["nvidia.com/A100": granted])
            }?.description
        }
        #expect(
            text(4, [.pci("0000:41:00.0"), .pci("0000:42:00.0")]) == """
                default/vm: needs 4 devices nvidia.com/A100, 2 are granted: give 2 more \
                (--device nvidia.com/A100=ADDRESS)
                """)
        #expect(
            text(1, [.pci("0000:41:00.0"), .pci("0000:41:00.0")]) == """
                default/vm: 0000:41:00.0 is granted twice as nvidia.com/A100: give each device once \
                (--device nvidia.com/A100=ADDRESS)
                """)
        #expect(
            text(1, [.pci("0000:99:00.0")]) == """
                default/vm: the host has no PCI device 0000:99:00.0, which is granted as nvidia.com/A100: \
                `lspci -D` lists the addresses that it has
                """)
    }

    @Test("on a host that lists no PCI device, an address is taken with a warning")
    func notChecked() throws {
        let grant = Grant(devices: ["x": [.pci("0000:99:00.0")]])
        let placement = try Placement.make(request(["x"]), host: .twoNodes(), grant: grant)
        #expect(placement.warnings == [.deviceNotChecked(name: "d0", device: .pci("0000:99:00.0"))])
    }

    @Test(
        "an address is read in its one form",
        arguments: [
            ("0000:41:00.0", GrantedDevice.pci("0000:41:00.0")), ("0000:AF:1F.7", .pci("0000:af:1f.7")),
            ("10000:e1:00.0", .pci("10000:e1:00.0")),
            ("5C1AE2F0-3b1f-4c6c-9f0e-0b7a6f2d4a11", .mdev("5c1ae2f0-3b1f-4c6c-9f0e-0b7a6f2d4a11")),
            ("1:4", .usb(bus: 1, device: 4)), ("001:014", .usb(bus: 1, device: 14)),
        ])
    func address(_ text: String, _ device: GrantedDevice) throws {
        #expect(try GrantedDevice(text) == device)
        #expect(try GrantedDevice("\(device)") == device)
    }

    @Test(
        "what is no address is refused with what one looks like",
        arguments: [
            "", "41:00.0", "0000:41:20.0", "0000:41:00.8", "0000:41:00", "0000:4g:00.0", "0000:41:00.0 ", "1:", "1:0",
            "0:1", "1:128", "+1:4", "1:4:5", "5c1ae2f0-3b1f-4c6c-9f0e-0b7a6f2d4a1", "5c1ae2f03b1f4c6c9f0e0b7a6f2d4a11",
            "0000:41:00.0\n<x/>", "٣:٤",
        ])
    func noAddress(_ text: String) {
        let error = #expect(throws: PlacementError.self) { try GrantedDevice(text) }
        #expect(
            error?.description == """
                "\(text)" is no address of a device: write a PCI address such as 0000:41:00.0, the UUID of a mediated \
                device, or BUS:DEVICE of a USB device such as 1:4
                """)
    }
}
