import DomainModel
import Testing

@testable import DomainPlan

@Suite struct ConsolesPartTests {
    @Test("serial console, VNC and video card are there unless declined, and the agent's channel always")
    func consoles() throws {
        let all = try Plans.plan("").domain.devices
        #expect(all.serials == [SerialPort(socket: "/s/serial0")])
        #expect(all.consoles == [Console(type: "pty", targetType: "serial", targetPort: 0)])
        #expect(all.graphics == Graphics(socket: "/s/vnc"))
        #expect(all.channels == [Channel(name: "org.qemu.guest_agent.0")])
        let none = try Plans.plan("devices: {autoattachSerialConsole: false, autoattachGraphicsDevice: false}").domain
            .devices
        #expect(none.serials.isEmpty && none.consoles.isEmpty && none.graphics == nil && none.video == nil)
        #expect(none.channels == all.channels)
    }

    @Test("the serial port's socket is ours to bind, and VNC listens on a socket alone")
    func sockets() throws {
        let plan = try Plans.plan("")
        #expect(
            try plan.lines("devices/serial") == [
                "serial type=unix {source mode=bind path=/s/serial0} {target port=0}"
            ])
        #expect(try plan.line("devices/graphics") == "graphics type=vnc {listen socket=/s/vnc type=socket}")
    }

    @Test(
        "the video card is VGA for BIOS, Bochs for EFI, or the user's",
        arguments: [
            ("", "model heads=1 type=vga vram=16384"),
            ("firmware: {bootloader: {bios: {}}}", "model heads=1 type=vga vram=16384"),
            ("firmware: {bootloader: {efi: {secureBoot: false}}}", "model heads=1 type=bochs"),
            ("devices: {video: {type: virtio}}", "model heads=1 type=virtio vram=16384"),
        ])
    func video(domain: String, line: String) throws {
        #expect(try Plans.plan(domain).lines("devices/video/model") == [line])
    }

    @Test("host metrics have a channel where the VMI asks for them")
    func metrics() throws {
        let plan = try Plans.plan(
            "devices: {downwardMetrics: {}}", resources: { $0.metricsSocket = "/s/metrics" })
        #expect(plan.domain.devices.channels.map(\.name) == ["org.qemu.guest_agent.0", "org.github.vhostmd.1"])
        #expect(
            try plan.lines("devices/channel").last
                == "channel type=unix {source mode=bind path=/s/metrics} {target name=org.github.vhostmd.1 type=virtio}"
        )
        let unasked = try Plans.plan("", resources: { $0.metricsSocket = "/s/metrics" })
        #expect(unasked.domain.devices.channels.count == 1)
    }

    @Test("the agent's socket is the one that was made ready, where there is one")
    func agent() throws {
        let plan = try Plans.plan("", resources: { $0.agentSocket = "/s/agent" })
        #expect(
            try plan.lines("devices/channel") == [
                "channel type=unix {source mode=bind path=/s/agent} {target name=org.qemu.guest_agent.0 type=virtio}"
            ])
    }
}
