import DomainModel
import Placement
import Testing

@testable import DomainPlan

@Suite struct HostDevicesPartTests {
    private static let vgpu = "5c1ae2f0-3b1f-4c6c-9f0e-0b7a6f2d4a11"
    private static let other = "a6a1ac9e-9c5c-4ad1-9d1b-d8a2e1f6a7b0"
    private static let third = "0f6c1f6a-2f7e-4f0e-8c58-0d8c0a1d2e3f"
    private static let networks = "networks: [{name: pod, pod: {}}, {name: fast, multus: {networkName: ns/fast}}]"

    @Test("host devices stand first, PCI before mediated before USB, then GPUs in that order, then SR-IOV functions")
    func order() throws {
        let plan = try Plans.placed(
            """
            devices:
              interfaces: [{name: pod, masquerade: {}}, {name: fast, sriov: {}}]
              gpus: [{name: v, deviceName: a/vgpu}, {name: g, deviceName: a/gpu}]
              hostDevices:
              - {name: key, deviceName: a/usb}
              - {name: m, deviceName: a/mdev}
              - {name: nic, deviceName: a/nic}
            """, spec: Self.networks,
            devices: [
                "a/vgpu": [Self.vgpu], "a/gpu": ["0000:41:00.0"], "a/usb": ["1:4"], "a/mdev": [Self.other],
                "a/nic": ["0000:43:00.0"], "ns/fast": ["0000:81:10.2"],
            ])
        #expect(
            try plan.lines("devices/hostdev") == [
                """
                hostdev managed=no type=pci {source {address bus=0x43 domain=0x0000 function=0x0 slot=0x00}} \
                {alias name=ua-hostdevice-nic}
                """,
                """
                hostdev mode=subsystem model=vfio-pci type=mdev {source {address uuid=\(Self.other)}} {alias \
                name=ua-hostdevice-m}
                """,
                "hostdev mode=subsystem type=usb {source {address bus=1 device=4}} {alias name=ua-usb-host-key}",
                """
                hostdev managed=no type=pci {source {address bus=0x41 domain=0x0000 function=0x0 slot=0x00}} \
                {alias name=ua-gpu-g}
                """,
                """
                hostdev display=on mode=subsystem model=vfio-pci ramfb=on type=mdev {source {address \
                uuid=\(Self.vgpu)}} {alias name=ua-gpu-v}
                """,
                """
                hostdev managed=no type=pci {source {address bus=0x81 domain=0x0000 function=0x2 slot=0x10}} \
                {alias name=ua-sriov-fast}
                """,
            ])
    }

    @Test(
        "the first mediated GPU has the display, or those that want it where one speaks of it",
        arguments: [
            (["", ""], ["on on", "- -"]), (["", ", virtualGPUOptions: {display: {}}"], ["- -", "on on"]),
            ([", virtualGPUOptions: {}", ""], ["on on", "- -"]),
            ([", virtualGPUOptions: {display: {enabled: false}}", ""], ["- -", "- -"]),
            ([", virtualGPUOptions: {display: {ramFB: {enabled: false}}}", ""], ["on -", "- -"]),
            (
                [
                    ", virtualGPUOptions: {display: {}}",
                    ", virtualGPUOptions: {display: {enabled: true, ramFB: {enabled: false}}}",
                ], ["on on", "on -"]
            ),
        ])
    func display(options: [String], expected: [String]) throws {
        let gpus = options.enumerated().map { "{name: v\($0), deviceName: a/vgpu\($1)}" }
        let plan = try Plans.placed(
            "devices: {gpus: [\(gpus.joined(separator: ", "))]}", devices: ["a/vgpu": [Self.vgpu, Self.other]])
        let made = plan.domain.devices.hostDevices.map {
            "\($0.display == true ? "on" : "-") \($0.ramfb == true ? "on" : "-")"
        }
        #expect(made == expected)
        #expect(plan.warnings.isEmpty)
    }

    @Test("a PCI GPU has no display, which is said where one is wanted, and a mediated host device none")
    func noDisplay() throws {
        let pci = try Plans.placed(
            "devices: {gpus: [{name: g, deviceName: a/gpu, virtualGPUOptions: {display: {enabled: true}}}]}",
            devices: ["a/gpu": ["0000:41:00.0"]])
        #expect(pci.domain.devices.hostDevices.first?.display == nil)
        #expect(pci.reasons == ["DisplayDropped"])
        #expect(pci.warnings.first?.field == "spec.domain.devices.gpus[0].virtualGPUOptions.display")
        let mediated = try Plans.placed(
            "devices: {hostDevices: [{name: m, deviceName: a/mdev}]}", devices: ["a/mdev": [Self.third]])
        #expect(mediated.domain.devices.hostDevices.first?.display == nil)
        // The first mediated one has the display even behind a PCI device.
        let mixed = try Plans.placed(
            "devices: {gpus: [{name: g, deviceName: a/gpu}, {name: v, deviceName: a/vgpu}]}",
            devices: ["a/gpu": ["0000:41:00.0"], "a/vgpu": [Self.vgpu]])
        #expect(mixed.domain.devices.hostDevices.map(\.display) == [nil, true])
    }

    @Test("devices of one resource go out in their order, host devices first, and none twice")
    func oneResource() throws {
        let plan = try Plans.placed(
            """
            devices: {gpus: [{name: a, deviceName: r}, {name: b, deviceName: r}], hostDevices: [{name: c, \
            deviceName: r}]}
            """,
            devices: ["r": ["0000:41:00.0", "0000:42:00.0", "0000:43:00.0"]])
        #expect(
            plan.domain.devices.hostDevices.map { "\($0.alias ?? "") \($0.source)" }
                == [("ua-hostdevice-c", 0x41), ("ua-gpu-a", 0x42), ("ua-gpu-b", 0x43)].map {
                    "\($0) \(HostDeviceSource.pci(.pci(domain: 0, bus: UInt32($1), slot: 0, function: 0)))"
                })
    }

    @Test("a GPU and a host device of one name stay apart")
    func oneName() throws {
        let plan = try Plans.placed(
            "devices: {gpus: [{name: card, deviceName: r/gpu}], hostDevices: [{name: card, deviceName: r/nic}]}",
            devices: ["r/gpu": ["0000:41:00.0"], "r/nic": ["0000:43:00.0"]], isSound: false)
        #expect(plan.domain.devices.hostDevices.map(\.alias) == ["ua-hostdevice-card", "ua-gpu-card"])
    }

    @Test("an SR-IOV function boots and sits where its interface says; an absent one is not made")
    func functions() throws {
        let plan = try Plans.placed(
            """
            devices: {interfaces: [{name: pod, masquerade: {}}, {name: fast, sriov: {}, bootOrder: 2, \
            pciAddress: '0000:07:00.0'}]}
            """,
            spec: Self.networks, devices: ["ns/fast": ["0000:81:10.2"]])
        #expect(
            try plan.lines("devices/hostdev") == [
                """
                hostdev managed=no type=pci {source {address bus=0x81 domain=0x0000 function=0x2 slot=0x10}} \
                {boot order=2} {alias name=ua-sriov-fast} {address bus=0x07 domain=0x0000 function=0x0 \
                slot=0x00 type=pci}
                """
            ])
        let absent = try Plans.placed(
            "devices: {interfaces: [{name: pod, masquerade: {}}, {name: fast, sriov: {}, state: absent}]}",
            spec: Self.networks)
        #expect(absent.domain.devices.hostDevices.isEmpty)
    }

    @Test(
        "a device that was not granted is told by field, resource and remedy",
        arguments: [
            ("gpus: [{name: g, deviceName: a/gpu}]", "gpus[0]", "a/gpu"),
            ("hostDevices: [{name: h, deviceName: a/nic}]", "hostDevices[0]", "a/nic"),
            ("interfaces: [{name: pod, masquerade: {}}, {name: fast, sriov: {}}]", "interfaces[1]", "ns/fast"),
            ("gpus: [{name: g, claimName: claim, requestName: gpu}]", "gpus[0]", "claim/gpu"),
        ])
    func missing(devices: String, field: String, resource: String) throws {
        let spec = devices.contains("interfaces") ? Self.networks : ""
        let request = Plans.request(try Plans.instance("devices: {\(devices)}", spec: spec, isSound: false))
        let error = #expect(throws: DomainPlanError.self) { try DomainPlan(request) }
        #expect(
            error?.description
                == """
                default/web: spec.domain.devices.\(field): no device \(resource) is given to it: give one \
                (--device \(resource)=ADDRESS)
                """
        )
    }

    @Test(
        "a device of the wrong kind is told by what is needed",
        arguments: [
            ("gpus: [{name: g, deviceName: r}]", "1:4", "gpus[0]", "a PCI or mediated device"),
            (
                "interfaces: [{name: pod, masquerade: {}}, {name: fast, sriov: {}}]", vgpu, "interfaces[1]",
                "a PCI virtual function"
            ),
        ])
    func wrongKind(devices: String, device: String, field: String, needed: String) throws {
        let error = #expect(throws: DomainPlanError.self) {
            try Plans.placed(
                "devices: {\(devices)}", spec: devices.contains("interfaces") ? Self.networks : "",
                devices: ["r": [device], "ns/fast": [device]])
        }
        #expect(
            error
                == .deviceOfWrongKind(
                    instance: "default/web", field: "spec.domain.devices.\(field)", device: device, needed: needed))
    }

    @Test("a wrong PCI address of an SR-IOV interface is told by its field")
    func badAddress() throws {
        let error = #expect(throws: DomainPlanError.self) {
            try Plans.placed(
                "devices: {interfaces: [{name: pod, masquerade: {}}, {name: fast, sriov: {}, pciAddress: '7'}]}",
                spec: Self.networks, devices: ["ns/fast": ["0000:81:10.2"]], isSound: false)
        }
        #expect(
            error
                == .badPCIAddress(
                    instance: "default/web", field: "spec.domain.devices.interfaces[1].pciAddress", address: "7"))
    }
}
