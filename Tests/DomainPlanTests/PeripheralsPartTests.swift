import DomainModel
import KubeVirtModel
import Testing

@testable import DomainPlan

@Suite struct PeripheralsPartTests {
    @Test(
        "each peripheral is as KubeVirt's guests know it",
        arguments: [
            ("rng: {}", "rng", "rng model=virtio-non-transitional {backend model=random: /dev/urandom}"),
            (
                "rng: {}, useVirtioTransitional: true", "rng",
                "rng model=virtio-transitional {backend model=random: /dev/urandom}"
            ),
            ("sound: {name: s}", "sound", "sound model=ich9 {alias name=ua-s}"),
            ("sound: {name: s, model: ac97}", "sound", "sound model=ac97 {alias name=ua-s}"),
            ("tpm: {}", "tpm", "tpm model=tpm-tis {backend type=emulator version=2.0}"),
            (
                "tpm: {persistent: true}", "tpm",
                "tpm model=tpm-crb {backend persistent_state=yes type=emulator version=2.0}"
            ),
            ("watchdog: {name: dog}", "watchdog", "watchdog action=reset model=i6300esb {alias name=ua-dog}"),
            (
                "watchdog: {name: dog, i6300esb: {action: poweroff}}", "watchdog",
                "watchdog action=poweroff model=i6300esb {alias name=ua-dog}"
            ),
            ("inputs: [{name: t, type: tablet}]", "input", "input bus=usb type=tablet {alias name=ua-t}"),
            (
                "inputs: [{name: t, type: tablet, bus: virtio}]", "input",
                "input bus=virtio model=virtio type=tablet {alias name=ua-t}"
            ),
            ("autoattachInputDevice: true", "input", "input bus=usb type=tablet {alias name=ua-default-0}"),
            (
                "autoattachVSOCK: true", "vsock",
                "vsock model=virtio-non-transitional {cid auto=yes}"
            ),
            ("panicDevices: [{model: isa}]", "panic", "panic model=isa"),
            ("panicDevices: [{}]", "panic", "panic model=isa"),
            ("panicDevices: [{model: hyperv}]", "panic", "panic model=hyperv"),
        ])
    func made(devices: String, element: String, line: String) throws {
        let plan = try Plans.plan("devices: {\(devices)}")
        #expect(try plan.lines("devices/\(element)") == [line])
        #expect(plan.warnings.isEmpty)
    }

    @Test(
        "what is not asked for is not there",
        arguments: ["", "tpm: {enabled: false}", "autoattachInputDevice: false", "autoattachVSOCK: false"])
    func none(devices: String) throws {
        let plan = try Plans.plan("devices: {\(devices)}")
        for element in ["rng", "sound", "tpm", "watchdog", "input", "vsock", "panic", "redirdev"] {
            #expect(try plan.lines("devices/\(element)").isEmpty)
        }
    }

    @Test("an input device of the user's stands for the one that comes by itself")
    func oneInput() throws {
        let plan = try Plans.plan("devices: {autoattachInputDevice: true, inputs: [{name: t, type: tablet}]}")
        #expect(plan.domain.devices.inputs.map(\.alias) == ["ua-t"])
    }

    @Test("a context id that the status holds is the vsock's")
    func contextID() throws {
        var instance = try Plans.instance("devices: {autoattachVSOCK: true}")
        var status = VirtualMachineInstanceStatus()
        status.VSOCKCID = 4_294_967_294
        instance.status = status
        let plan = try DomainPlan(Plans.request(instance))
        #expect(
            try plan.line("devices/vsock")
                == "vsock model=virtio-non-transitional {cid address=4294967294 auto=no}")
    }

    @Test("each USB device that a client may redirect has a socket")
    func redirection() throws {
        let plan = try Plans.plan(
            "devices: {clientPassthrough: {}}",
            resources: { $0.usbRedirectionSockets = (0..<4).map { "/s/usb\($0)" } })
        #expect(
            try plan.lines("devices/redirdev")
                == (0..<4).map { "redirdev bus=usb type=unix {source mode=bind path=/s/usb\($0)}" })
        let instance = try Plans.instance("devices: {clientPassthrough: {}}")
        #expect(
            PreparedResources.nominal(for: instance, images: "/i", folder: "/vm").usbRedirectionSockets.count == 4)
    }

    @Test("a panic device that libvirt 9 does not know becomes the one that it knows, once, with a warning")
    func pvpanic() throws {
        let plan = try Plans.plan("devices: {panicDevices: [{model: pvpanic}, {model: isa}]}")
        #expect(try plan.lines("devices/panic") == ["panic model=isa"])
        #expect(plan.reasons == ["PanicModelReplaced"])
        #expect(plan.warnings.first?.field == "spec.domain.devices.panicDevices[0].model")
    }

    @Test("Hyper-V's panic device is dropped under emulation with a warning, and the other stays")
    func emulation() throws {
        let plan = try Plans.plan("devices: {panicDevices: [{model: isa}, {model: hyperv}]}", .emulation)
        #expect(try plan.lines("devices/panic") == ["panic model=isa"])
        #expect(plan.reasons == ["HyperVPanicDropped"])
        #expect(plan.warnings.first?.field == "spec.domain.devices.panicDevices[1].model")
    }
}
