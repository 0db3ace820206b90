import DomainModel
import KubeVirtModel
import Testing

@testable import DomainPlan

@Suite struct InterfacesPartTests {
    /// The interface of a VMI with four vCPUs, and the warnings.
    private func interface(
        _ interface: String, domain: String = "", devices: String = "", source: DomainInterface.Source = .user,
        isSound: Bool = true
    ) throws -> (interface: DomainInterface?, warnings: [String]) {
        let instance = try Plans.instance(
            "cpu: {cores: 4}\n\(domain)\ndevices: {interfaces: [\(interface)]\(devices)}",
            spec: "networks: [{name: net, pod: {}}]", isSound: isSound)
        let plan = try DomainPlan(Plans.request(instance, resources: { $0.interfaces["net"]?.source = source }))
        return (plan.domain.devices.interfaces.first, plan.reasons)
    }

    @Test(
        "an interface is virtio unless it asks for a model",
        arguments: [
            ("{name: net}", "virtio-non-transitional"), ("{name: net, model: ''}", "virtio-non-transitional"),
            ("{name: net, model: virtio}", "virtio-non-transitional"), ("{name: net, model: e1000e}", "e1000e"),
        ])
    func model(text: String, model: String) throws { #expect(try interface(text).interface?.model == model) }

    @Test(
        "its address is its own in libvirt's spelling, or the one made for it",
        arguments: [
            ("{name: net}", "02:00:00:00:00:09"), ("{name: net, macAddress: 02-AB-00-00-00-01}", "02:ab:00:00:00:01"),
        ])
    func mac(text: String, mac: String) throws { #expect(try interface(text).interface?.mac == mac) }

    @Test(
        "its link is down where it says so, and an absent one is not made",
        arguments: [("up", false), ("down", true), ("absent", nil)] as [(String, Bool?)])
    func state(state: String, linkDown: Bool?) throws {
        #expect(try interface("{name: net, state: \(state)}", isSound: false).interface?.linkDown == linkDown)
    }

    @Test(
        "it boots from the network only where it has a place in the order",
        arguments: [("{name: net}", nil, true), ("{name: net, bootOrder: 3}", 3, false)] as [(String, UInt32?, Bool)])
    func boot(text: String, order: UInt32?, romDisabled: Bool) throws {
        let result = try interface(text).interface
        #expect(result?.bootOrder == order && result?.romDisabled == romDisabled)
    }

    @Test("multiqueue gives a tap a queue for each vCPU, and is dropped with a warning for user-mode networking")
    func queues() throws {
        let option = ", networkInterfaceMultiqueue: true"
        let tap = try interface("{name: net}", devices: option, source: .ethernet)
        #expect(tap.interface?.queues == 4 && tap.warnings.isEmpty)
        let user = try interface("{name: net}", devices: option)
        #expect(user.interface?.queues == nil && user.warnings == ["MultiqueueDropped"])
        #expect(try interface("{name: net, model: e1000}", devices: option, source: .ethernet).interface?.queues == nil)
    }

    @Test("there are at most 256 queues, and none for a card that is plugged in no tap")
    func manyQueues() throws {
        let plan = try Plans.plan(
            "cpu: {cores: 288}\ndevices: {interfaces: [{name: net}], networkInterfaceMultiqueue: true}",
            spec: "networks: [{name: net, pod: {}}]", resources: { $0.interfaces["net"]?.source = .ethernet })
        #expect(try plan.lines("devices/interface/driver") == ["driver name=vhost queues=256"])
    }

    @Test("sockets that are not plugged yet have no queues")
    func pluggableQueues() throws {
        let plan = try Plans.plan(
            "cpu: {sockets: 2, maxSockets: 8}\ndevices: {interfaces: [{name: net}], networkInterfaceMultiqueue: true}",
            spec: "networks: [{name: net, pod: {}}]", resources: { $0.interfaces["net"]?.source = .ethernet })
        #expect(plan.domain.devices.interfaces.first?.queues == 2)
    }

    @Test(
        "passt, which libvirt 9 refuses, becomes QEMU's own network, and that is said",
        arguments: [("passt", ["PasstReplaced"]), ("passtBinding", ["PasstReplaced"]), ("masquerade", [])])
    func passt(binding: String, reasons: [String]) throws {
        let made = try interface("{name: net, \(binding): {}}")
        #expect(made.interface?.backendType == nil)
        #expect(made.warnings == reasons)
    }

    @Test("a tap is the one that was made, with the guest's address and place")
    func tap() throws {
        let plan = try Plans.plan(
            "devices: {interfaces: [{name: net, acpiIndex: 7, pciAddress: '0000:05:00.0'}]}",
            spec: "networks: [{name: net, pod: {}}]",
            resources: {
                $0.interfaces["net"] = PreparedInterface(
                    source: .ethernet, target: .init(name: "tap0", managed: false), mac: "02:00:00:00:00:09")
            })
        #expect(
            try plan.line("devices/interface")
                == """
                interface type=ethernet {mac address=02:00:00:00:00:09} {target dev=tap0 managed=no} {model \
                type=virtio-non-transitional} {rom enabled=no} {acpi index=7} {alias name=ua-net} {address \
                bus=0x05 domain=0x0000 function=0x0 slot=0x00 type=pci}
                """
        )
    }

    @Test("virtio is transitional where the VMI asks for it, and no other model changes")
    func transitional() throws {
        let option = ", useVirtioTransitional: true"
        #expect(try interface("{name: net}", devices: option).interface?.model == "virtio-transitional")
        #expect(try interface("{name: net, model: e1000}", devices: option).interface?.model == "e1000")
    }

    @Test("SR-IOV interfaces are host devices, and no interfaces")
    func sriov() throws {
        let plan = try Plans.placed(
            "devices: {interfaces: [{name: pod, masquerade: {}}, {name: fast, sriov: {}}]}",
            spec: "networks: [{name: pod, pod: {}}, {name: fast, multus: {networkName: fast}}]",
            devices: ["fast": ["0000:41:00.1"]])
        #expect(plan.domain.devices.interfaces.map(\.alias) == ["ua-pod"])
        #expect(plan.domain.devices.hostDevices.map(\.alias) == ["ua-sriov-fast"])
    }

    @Test("an interface that nobody made ready is a fault that is told")
    func notPrepared() throws {
        let request = Plans.request(try Plans.instance(""), resources: { $0.interfaces = [:] })
        #expect(throws: DomainPlanError.interfaceNotPrepared(instance: "default/web", interface: "default")) {
            try DomainPlan(request)
        }
    }

    @Test("a wrong PCI address is told by its field")
    func badAddress() {
        let error = #expect(throws: DomainPlanError.self) {
            try interface("{name: net, pciAddress: 81:00.0}", isSound: false)
        }
        #expect(
            error?.description.hasPrefix(
                "default/web: spec.domain.devices.interfaces[0].pciAddress: \"81:00.0\" is no PCI address") == true)
    }
}
