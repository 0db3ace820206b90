import DomainModel

/// Domains that the tests write and read.
enum SampleDomains {
    /// A machine with a file, a medium and two interfaces, as most are.
    static var typical: Domain {
        var domain = Domain()
        domain.name = "default_vmi-typical"
        domain.uuid = "5d307ca9-b3ef-428c-8861-06e72d69f223"
        domain.metadata = DomainMetadata(
            uid: "0d8a1c2e-5b1f-4a57-9f0e-7d2f3f1b9c11", namespace: "default", name: "vmi-typical", generation: 3,
            owner: "run:0a1b2c", bootID: "7c3d2f10-7b1e-4f0a-8e55-0c1d9a7b6e42")
        domain.memoryBytes = 4 << 30
        domain.maxMemory = MaximumMemory(bytes: 16 << 30, slots: 16)
        domain.vcpu = VCPUCount(count: 8, current: 4)
        domain.vcpus = (0..<8).map { VCPU(id: $0, enabled: $0 < 4, hotpluggable: $0 >= 2) }
        domain.os.smbiosFromSysinfo = true
        domain.sysinfo = systemInformation
        domain.features.acpi = true
        domain.features.apic = DomainFeatures.APIC(endOfInterrupt: nil)
        domain.features.vmport = false
        var cpu = DomainCPU()
        (cpu.sockets, cpu.cores) = (4, 2)
        cpu.features = [DomainCPU.Feature(name: "vmx", policy: "require")]
        domain.cpu = cpu
        var clock = DomainClock(.utc)
        clock.timers = [
            DomainClock.Timer(name: "rtc", present: true, tickPolicy: "catchup"),
            DomainClock.Timer(name: "pit", present: true, tickPolicy: "delay"),
            DomainClock.Timer(name: "hpet", present: false),
        ]
        domain.clock = clock
        domain.onReboot = .destroy
        domain.devices = typicalDevices
        domain.securityLabel = SecurityLabel(uid: 64055, gid: 108)
        return domain
    }

    private static var systemInformation: SystemInformation {
        var information = SystemInformation()
        information.system = [
            SMBIOSEntry("uuid", "5d307ca9-b3ef-428c-8861-06e72d69f223"), SMBIOSEntry("manufacturer", "KubeVirt"),
            SMBIOSEntry("family", "KubeVirt"), SMBIOSEntry("product", "None"), SMBIOSEntry("sku", ""),
            SMBIOSEntry("version", ""),
        ]
        return information
    }

    private static var typicalDevices: DomainDevices {
        var devices = DomainDevices()
        devices.disks = [
            disk(
                "root", target: "vda", path: "/var/lib/virt-node/vms/default/vmi-typical/disks/root.qcow2",
                layered: true),
            disk("cloudinit", target: "vdb", path: "/var/lib/virt-node/vms/default/vmi-typical/disks/cloudinit.iso"),
        ]
        devices.controllers = [
            Controller(type: "usb", model: "none"), Controller(type: "scsi", model: "virtio-non-transitional"),
            Controller(type: "virtio-serial", model: "virtio-non-transitional"),
        ]
        devices.interfaces = ["default", "storage"].enumerated().map { index, name in
            var interface = DomainInterface(source: .ethernet, alias: "ua-\(name)", model: "virtio-non-transitional")
            interface.mac = "02:11:22:33:44:5\(index)"
            interface.target = DomainInterface.Target(name: "tap\(index)", managed: false)
            (interface.driverName, interface.queues, interface.mtu) = ("vhost", 4, 1450)
            interface.romDisabled = true
            return interface
        }
        devices.serials = [SerialPort(socket: "/var/lib/virt-node/vms/default/vmi-typical/serial0")]
        devices.consoles = [Console()]
        devices.channels = [Channel(name: "org.qemu.guest_agent.0")]
        devices.graphics = Graphics(socket: "/var/lib/virt-node/vms/default/vmi-typical/vnc")
        devices.video = VideoCard(model: "vga", memoryKiB: 16384)
        devices.memballoon = MemoryBalloon(
            model: "virtio-non-transitional", freePageReporting: true, statisticsPeriod: 10)
        devices.rng = RandomNumberGenerator(model: "virtio-non-transitional")
        return devices
    }

    static func disk(_ name: String, target: String, path: String, layered: Bool = false) -> DomainDisk {
        var disk = DomainDisk()
        let backing = DomainDisk.Source.Backing(
            path: "/var/lib/virt-node/images/sha256-2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae",
            format: .qcow2)
        disk.source = .init(path: path, format: layered ? .qcow2 : .raw, backing: layered ? [backing] : [])
        (disk.bus, disk.target, disk.alias) = ("virtio", target, "ua-\(name)")
        (disk.model, disk.cache, disk.discardUnmap) = ("virtio-non-transitional", "none", true)
        return disk
    }
}
