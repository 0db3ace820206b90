import DomainModel
import KubeVirtModel
import Testing

@testable import DomainPlan

@Suite struct PartsTests {
    @Test(
        "a VMI is named, identified and typed by the accelerator",
        arguments: [(PlanAccelerator.kvm, DomainType.kvm), (.emulation, .qemu)])
    func identity(accelerator: PlanAccelerator, type: DomainType) throws {
        let domain = try Plans.plan("", accelerator).domain
        #expect(domain.type == type)
        #expect(domain.name == "default_web")
        #expect(domain.uuid == "5d307ca9-b3ef-428c-8861-06e72d69f223")
        #expect(domain.sysinfo?.system.first == SMBIOSEntry("uuid", "5d307ca9-b3ef-428c-8861-06e72d69f223"))
        #expect(domain.sysinfo?.system.contains(SMBIOSEntry("manufacturer", "KubeVirt")) == true)
        #expect(domain.os.smbiosFromSysinfo)
    }

    @Test("the firmware's UUID and serial stand above the VMI's uid")
    func firmwareUUID() throws {
        let domain = try Plans.plan("firmware: {uuid: AAAAAAAA-b3ef-428c-8861-06e72d69f223, serial: '<s>&'}").domain
        #expect(domain.uuid == "aaaaaaaa-b3ef-428c-8861-06e72d69f223")
        #expect(domain.sysinfo?.system.contains(SMBIOSEntry("serial", "<s>&")) == true)
    }

    @Test(
        "memory is the guest's in bytes, rounded down",
        arguments: [
            ("64Mi", 67_108_864), ("1.5Gi", 1_610_612_736), ("1000000.5k", 1_000_000_500),
            ("1073741824500m", 1_073_741_824),
        ] as [(String, Int64)])
    func memory(guest: String, bytes: Int64) throws {
        #expect(try Plans.plan("memory: {guest: \(guest)}").domain.memoryBytes == bytes)
    }

    @Test("the balloon is there unless it is declined")
    func balloon() throws {
        #expect(
            try Plans.plan("").domain.devices.memballoon
                == MemoryBalloon(model: "virtio-non-transitional", freePageReporting: true, statisticsPeriod: 10))
        #expect(
            try Plans.plan("devices: {autoattachMemBalloon: false}").domain.devices.memballoon
                == MemoryBalloon(model: "none"))
    }

    @Test(
        "the CPU is as asked, and under emulation what emulation can give",
        arguments: [
            ("{}", PlanAccelerator.kvm, DomainCPU.Mode.hostModel, false), ("{}", .emulation, .hostModel, false),
            ("{model: host-passthrough}", .kvm, .hostPassthrough, false),
            ("{model: host-passthrough}", .emulation, .maximum, true),
            ("{model: EPYC}", .kvm, .custom(model: "EPYC"), false),
            ("{model: EPYC}", .emulation, .custom(model: "EPYC"), false),
        ])
    func cpu(cpu: String, accelerator: PlanAccelerator, mode: DomainCPU.Mode, warns: Bool) throws {
        let plan = try Plans.plan("cpu: \(cpu)", accelerator)
        #expect(plan.domain.cpu?.mode == mode)
        #expect(plan.warnings.map(\.reason) == (warns ? ["HostPassthroughEmulated"] : []))
        #expect(plan.warnings.allSatisfy { $0.field == "spec.domain.cpu.model" })
    }

    @Test("topology and vCPUs agree")
    func topology() throws {
        let domain = try Plans.plan("cpu: {sockets: 2, cores: 3, threads: 2}").domain
        #expect(domain.vcpus == 12)
        #expect(domain.cpu?.sockets == 2 && domain.cpu?.cores == 3 && domain.cpu?.threads == 2)
    }

    @Test(
        "a named model leaves mpx out unless the user speaks of it",
        arguments: [
            ("{model: Skylake-Client}", ["mpx disable"]),
            ("{model: Skylake-Client, features: [{name: mpx}]}", ["mpx require"]), ("{model: host-model}", []),
            ("{features: [{name: vmx, policy: force}, {name: apic}]}", ["vmx force", "apic require"]),
        ])
    func features(cpu: String, features: [String]) throws {
        #expect(try Plans.plan("cpu: \(cpu)").domain.cpu?.features.map { "\($0.name) \($0.policy)" } == features)
    }

    @Test("KVM's own features are dropped under emulation with a warning, and only then")
    func kvmFeatures() throws {
        let features =
            "features: {kvm: {hidden: true}, pvspinlock: {enabled: false}, smm: {}, apic: {endOfInterrupt: true}, acpi: {enabled: false}}"
        let kvm = try Plans.plan(features)
        #expect(kvm.domain.features.kvmHidden == true && kvm.domain.features.pvspinlock == false)
        #expect(
            kvm.domain.features.smm == true && kvm.domain.features.acpi == false && kvm.domain.features.vmport == false)
        #expect(kvm.domain.features.apic?.endOfInterrupt == true)
        #expect(kvm.warnings.isEmpty)
        let emulated = try Plans.plan(features, .emulation)
        #expect(emulated.domain.features.kvmHidden == nil && emulated.domain.features.pvspinlock == nil)
        #expect(emulated.warnings.map(\.reason) == ["KVMFeaturesDropped"])
        #expect(try Plans.plan("features: {kvm: {hidden: false}}", .emulation).warnings.isEmpty)
    }

    @Test("timers are as asked, and paravirtual ones that are wanted are dropped under emulation with a warning")
    func timers() throws {
        let clock =
            "clock: {utc: {}, timer: {rtc: {tickPolicy: catchup}, kvm: {}, hyperv: {present: false}, hpet: {present: false}}}"
        let kvm = try Plans.plan(clock)
        #expect(
            kvm.domain.clock?.timers.map { "\($0.name) \($0.present)" } == [
                "rtc true", "kvmclock true", "hpet false", "hypervclock false",
            ])
        #expect(kvm.domain.clock?.timers.first?.tickPolicy == "catchup")
        let emulated = try Plans.plan(clock, .emulation)
        #expect(emulated.domain.clock?.timers.map(\.name) == ["rtc", "hpet"])
        #expect(emulated.warnings.map(\.reason) == ["ParavirtualClockDropped"])
        let declined = try Plans.plan("clock: {utc: {}, timer: {kvm: {present: false}}}", .emulation)
        #expect(declined.domain.clock?.timers.isEmpty == true && declined.warnings.isEmpty)
    }

    @Test(
        "a clock is where it was asked to be",
        arguments: [
            ("{utc: {}}", DomainClock.Offset.utc), ("{utc: {offsetSeconds: -60}}", .variable(-60)),
            ("{timezone: Asia/Tokyo}", .timezone("Asia/Tokyo")),
        ])
    func clock(clock: String, offset: DomainClock.Offset) throws {
        #expect(try Plans.plan("clock: \(clock)").domain.clock?.offset == offset)
        #expect(try Plans.plan("").domain.clock == nil)
    }

    @Test(
        "a reboot is left to libvirt, a stop or a restart",
        arguments: [("", nil), ("rebootPolicy: Terminate", .destroy), ("rebootPolicy: Reboot", .restart)]
            as [(String, LifecycleAction?)])
    func reboot(policy: String, action: LifecycleAction?) throws {
        #expect(try Plans.plan(policy).domain.onReboot == action)
    }

    @Test("a kernel boots with its arguments, and only with a kernel")
    func kernel() throws {
        let instance = try Plans.instance(
            "firmware: {kernelBoot: {container: {image: a, kernelPath: /k}, kernelArgs: 'a=\"<b>\"'}}")
        var request = Plans.request(instance)
        #expect(try DomainPlan(request).domain.os.commandLine == nil)
        request.resources.kernel = PreparedKernel(kernel: "/h/k", initrd: "/h/i")
        let os = try DomainPlan(request).domain.os
        #expect(os.kernel == "/h/k" && os.initrd == "/h/i" && os.commandLine == "a=\"<b>\"")
    }

    @Test("a VMI that starts paused waits in the boot menu")
    func paused() throws {
        #expect(try Plans.plan("", spec: "startStrategy: Paused").domain.os.bootMenuTimeout == 10_000)
        #expect(try Plans.plan("").domain.os.bootMenuTimeout == nil)
    }

    @Test("consoles are there unless they are declined, and the agent's channel always")
    func consoles() throws {
        let all = try Plans.plan("").domain.devices
        #expect(all.serials == [SerialPort(socket: "/s/serial0")])
        #expect(all.graphics == Graphics(socket: "/s/vnc"))
        #expect(all.video == VideoCard(model: "vga", memoryKiB: 16384))
        #expect(all.channels == [Channel(name: "org.qemu.guest_agent.0")])
        let none = try Plans.plan("devices: {autoattachSerialConsole: false, autoattachGraphicsDevice: false}").domain
            .devices
        #expect(none.serials.isEmpty && none.graphics == nil && none.video == VideoCard(model: "none"))
        #expect(none.channels == all.channels)
    }

    @Test(
        "the video card is VGA for BIOS, Bochs for EFI, or the user's",
        arguments: [
            ("firmware: {bootloader: {efi: {secureBoot: false}}}", "bochs"), ("devices: {video: {type: qxl}}", "qxl"),
            ("", "vga"),
        ])
    func video(domain: String, model: String) throws {
        #expect(try Plans.plan(domain).domain.devices.video?.model == model)
    }

    @Test("peripherals are made as asked")
    func peripherals() throws {
        let devices = try Plans.plan(
            "devices: {rng: {}, tpm: {}, watchdog: {name: dog, i6300esb: {}}, inputs: [{name: tab, type: tablet}, {name: pen, type: tablet, bus: virtio}]}"
        ).domain.devices
        #expect(devices.rng?.model == "virtio-non-transitional")
        #expect(devices.tpm?.model == "tpm-tis")
        #expect(devices.watchdog == WatchdogDevice(model: "i6300esb", action: "reset", alias: "ua-dog"))
        #expect(
            devices.inputs.map(\.bus) == ["usb", "virtio"]
                && devices.inputs.map(\.model) == [nil, "virtio-non-transitional"])
        #expect(
            try Plans.plan("devices: {tpm: {enabled: false}, autoattachInputDevice: true}").domain.devices.tpm == nil)
        #expect(
            try Plans.plan("devices: {autoattachInputDevice: true}").domain.devices.inputs.map(\.alias) == [
                "ua-default"
            ])
    }

    @Test(
        "controllers follow the devices that sit on them",
        arguments: [
            ("devices: {}", ["usb none", "scsi virtio-non-transitional", "virtio-serial virtio-non-transitional"]),
            ("devices: {disableHotplug: true}", ["usb none", "virtio-serial virtio-non-transitional"]),
            (
                "devices: {useVirtioTransitional: true, inputs: [{name: t, type: tablet}]}",
                ["usb qemu-xhci", "scsi virtio-transitional", "virtio-serial virtio-transitional"]
            ),
        ])
    func controllers(domain: String, controllers: [String]) throws {
        #expect(try Plans.plan(domain).domain.devices.controllers.map { "\($0.type) \($0.model ?? "")" } == controllers)
    }

    @Test("equal requests give equal domains, byte by byte")
    func deterministic() throws {
        let domain = "resources: {limits: {cpu: 2, memory: 1Gi}, requests: {memory: 64Mi}}"
        #expect(try Plans.plan(domain).domain.xml().bytes == Plans.plan(domain).domain.xml().bytes)
    }
}
