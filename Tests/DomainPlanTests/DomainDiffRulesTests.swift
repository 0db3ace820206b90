import Testing

@testable import DomainPlan

@Suite struct DomainDiffRulesTests {
    private static func disk(_ bus: String, device: String = "disk", _ content: String = "") -> String {
        "<devices><disk device='\(device)'><target bus='\(bus)'/><alias name='ua-a'/>\(content)</disk></devices>"
    }

    private static let memory = "<maxMemory unit='b'>4096</maxMemory><memory unit='b'>1024</memory>"
    private static let cell = "<cpu><numa><cell id='0' memory='1' unit='KiB'/></numa></cpu>"

    @Test(
        "each change takes what libvirt 9 and QEMU 7.2 need for it",
        arguments: [
            ("<name>a</name>", "<name>b</name>", .recreate),
            ("<uuid>a</uuid>", "<uuid>b</uuid>", .recreate),
            ("<metadata/>", "<metadata><a/></metadata>", .live),
            ("<on_reboot>restart</on_reboot>", "<on_reboot>destroy</on_reboot>", .live),
            ("<vcpu>2</vcpu>", "<vcpu>4</vcpu>", .restart),
            (
                "<vcpus><vcpu id='1' enabled='no'/></vcpus>", "<vcpus><vcpu id='1' enabled='yes'/></vcpus>", .live
            ),
            ("<vcpus><vcpu id='1'/></vcpus>", "<vcpus><vcpu id='1'/><vcpu id='2'/></vcpus>", .restart),
            ("<memory unit='b'>1</memory>", "<memory unit='b'>2</memory>", .restart),
            (memory, "<maxMemory unit='b'>4096</maxMemory><memory unit='b'>2048</memory>", .live),
            (memory, "<maxMemory unit='b'>4096</maxMemory><memory unit='KiB'>4</memory>", .live),
            (memory, "<maxMemory unit='b'>4096</maxMemory><memory>5</memory>", .restart),
            (memory, "<maxMemory unit='b'>4096</maxMemory><memory unit='b'>512</memory>", .restart),
            (memory, "<maxMemory unit='b'>8192</maxMemory><memory unit='b'>1024</memory>", .restart),
            (
                memory + cell,
                "<maxMemory unit='b'>4096</maxMemory><memory unit='b'>2048</memory>"
                    + cell.replacing("memory='1'", with: "memory='2'"), .live
            ),
            (
                "<cputune><vcpupin vcpu='0' cpuset='1'/></cputune>",
                "<cputune><vcpupin vcpu='0' cpuset='2'/></cputune>",
                .live
            ),
            ("<cputune/>", "<cputune><vcpusched vcpus='0' scheduler='fifo'/></cputune>", .migration),
            ("<iothreads>1</iothreads>", "<iothreads>2</iothreads>", .live),
            (
                "<numatune><memory mode='strict' nodeset='0'/></numatune>",
                "<numatune><memory mode='strict' nodeset='1'/></numatune>", .live
            ),
            (
                "<numatune><memory mode='strict'/></numatune>", "<numatune><memory mode='preferred'/></numatune>",
                .restart
            ),
            ("<os><type machine='q35'>hvm</type></os>", "<os><type machine='pc'>hvm</type></os>", .restart),
            ("<clock offset='utc'/>", "<clock offset='localtime'/>", .restart),
            ("<devices/>", disk("virtio"), .live),
            ("<devices/>", disk("scsi"), .live),
            (disk("usb"), "<devices/>", .live),
            ("<devices/>", disk("sata"), .restart),
            (disk("virtio"), disk("scsi"), .restart),
            (disk("virtio", "<driver cache='none'/>"), disk("virtio", "<driver cache='writeback'/>"), .restart),
            (disk("virtio", "<source file='a'/>"), disk("virtio", "<source file='b'/>"), .restart),
            (
                disk("sata", device: "cdrom", "<source file='a'/>"),
                disk("sata", device: "cdrom", "<source file='b'/>"),
                .live
            ),
            (
                disk("sata", device: "cdrom", "<driver name='qemu'/>"),
                disk("sata", device: "cdrom", "<driver name='qemu' type='raw' cache='none'/><source file='b'/>"), .live
            ),
            (
                disk("sata", device: "cdrom", "<driver cache='none'/>"),
                disk("sata", device: "cdrom", "<driver cache='unsafe'/>"), .restart
            ),
            (disk("virtio"), disk("virtio", "<boot order='1'/>"), .restart),
            ("<devices/>", "<devices><interface><alias name='ua-a'/></interface></devices>", .live),
            (
                "<devices><interface><link state='up'/></interface></devices>",
                "<devices><interface><link state='down'/></interface></devices>", .live
            ),
            (
                "<devices><interface><mac address='1'/></interface></devices>",
                "<devices><interface><mac address='2'/></interface></devices>", .restart
            ),
            ("<devices/>", "<devices><hostdev type='pci'/></devices>", .live),
            ("<devices/>", "<devices><hostdev type='usb'/></devices>", .live),
            ("<devices/>", "<devices><hostdev type='mdev'/></devices>", .live),
            ("<devices/>", "<devices><hostdev type='mdev' display='on'/></devices>", .restart),
            ("<devices/>", "<devices><rng/></devices>", .live),
            ("<devices/>", "<devices><vsock/></devices>", .live),
            ("<devices/>", "<devices><watchdog/></devices>", .restart),
            ("<devices><watchdog/></devices>", "<devices/>", .live),
            ("<devices/>", "<devices><input bus='usb'/></devices>", .live),
            ("<devices/>", "<devices><input bus='ps2'/></devices>", .restart),
            ("<devices/>", "<devices><tpm/></devices>", .restart),
            ("<devices/>", "<devices><sound/></devices>", .restart),
            ("<devices/>", "<devices><graphics type='vnc'/></devices>", .restart),
            ("<devices/>", "<devices><controller type='scsi' index='1'/></devices>", .live),
            ("<devices/>", "<devices><controller type='usb' index='0'/></devices>", .restart),
            (
                "<devices><memballoon><stats period='10'/></memballoon></devices>",
                "<devices><memballoon><stats period='5'/></memballoon></devices>", .live
            ),
            (
                "<devices><memballoon model='virtio'/></devices>", "<devices><memballoon model='none'/></devices>",
                .restart
            ),
            ("<anything/>", "", .restart),
        ] as [(String, String, ChangeClass)])
    func classes(old: String, new: String, expected: ChangeClass) throws {
        #expect(try Explain.difference(old, new).result == expected)
    }

    @Test("more PCIe ports are the next start's matter where a device comes, and a restart's where none does")
    func ports() throws {
        let port = "<controller type='pci' model='pcie-root-port'/>"
        #expect(try Explain.difference("<devices/>", "<devices>\(port)<rng/></devices>").result == .live)
        #expect(try Explain.difference("<devices/>", "<devices>\(port)</devices>").result == .restart)
    }

    @Test("what comes is plugged, and what goes is unplugged")
    func plugging() throws {
        let added = try Explain.difference("<devices/>", Self.disk("virtio")).groups.flatMap(\.verdicts)
        #expect(added.map(\.how) == ["virDomainAttachDeviceFlags into a free PCIe port"])
        let removed = try Explain.difference(Self.disk("virtio"), "<devices/>").groups.flatMap(\.verdicts)
        #expect(removed.map(\.how) == ["virDomainDetachDeviceFlags; the guest must let go of it"])
    }

    @Test("the table has a rule for everything")
    func total() throws {
        let last = try #require(ChangeRule.table.last)
        #expect(last.part.isEmpty && last.conditions.isEmpty)
    }
}
