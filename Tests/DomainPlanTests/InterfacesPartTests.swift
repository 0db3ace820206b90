import DomainModel
import KubeVirtModel
import Testing

@testable import DomainPlan

@Suite struct InterfacesPartTests {
    private func interface(
        _ interface: String, devices: String = "", source: DomainInterface.Source = .user
    ) throws -> (interface: DomainInterface?, warnings: [String]) {
        let instance = try Plans.instance(
            "cpu: {cores: 4}\ndevices: {interfaces: [\(interface)]\(devices)}", spec: "networks: [{name: net, pod: {}}]"
        )
        var request = Plans.request(instance)
        request.resources.interfaces["net"]?.source = source
        let plan = try DomainPlan(request)
        return (plan.domain.devices.interfaces.first, plan.warnings.map(\.reason))
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
        #expect(try interface("{name: net, state: \(state)}").interface?.linkDown == linkDown)
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

    @Test("a wrong PCI address is told by its field")
    func badAddress() {
        let error = #expect(throws: DomainPlanError.self) { try interface("{name: net, pciAddress: 81:00.0}") }
        #expect(
            error?.description.hasPrefix(
                "default/web: spec.domain.devices.interfaces[0].pciAddress: \"81:00.0\" is no PCI address") == true)
    }
}
