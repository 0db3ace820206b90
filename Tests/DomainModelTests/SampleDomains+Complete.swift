import DomainModel

extension SampleDomains {
    /// A machine in which nearly every property is set.
    static var complete: Domain {
        var domain = typical
        domain.currentMemoryBytes = 3 << 30
        domain.memoryBacking = memoryBacking
        domain.iothreads = 3
        domain.cputune = cputune
        domain.numatune = NUMATune(
            memory: NUMAMemory(mode: "strict", nodeset: "0-1"),
            nodes: [NUMANodeTune(cellID: 0, mode: "strict", nodeset: "1")])
        domain.os = operatingSystem
        domain.sysinfo?.bios = [SMBIOSEntry("vendor", "a & b")]
        domain.sysinfo?.baseBoard = [SMBIOSEntry("serial", "")]
        domain.sysinfo?.chassis = [SMBIOSEntry("asset", "<x>")]
        domain.features = features
        domain.cpu?.mode = .custom(model: "Haswell-noTSX")
        domain.cpu?.numa = [
            NUMACell(
                id: 0, cpus: "0-3", memoryBytes: 2 << 30,
                distances: [.init(id: 0, value: 10), .init(id: 1, value: 21)]),
            NUMACell(
                id: 1, cpus: "4-7", memoryBytes: 2 << 30,
                distances: [.init(id: 0, value: 21), .init(id: 1, value: 10)]),
        ]
        domain.clock = DomainClock(.timezone("Europe/Berlin"))
        domain.clock?.timers = [
            .init(name: "rtc", present: true, tickPolicy: "catchup", track: "guest"),
            .init(name: "tsc", present: true, frequency: 2_900_000_000),
        ]
        (domain.onPoweroff, domain.onCrash) = (.destroy, .coredumpRestart)
        domain.launchSecurity = launchSecurity
        domain.qemuArguments = ["-fw_cfg", "name=opt/com.coreos/config,file=/a \"b\" & c"]
        addDevices(&domain.devices)
        return domain
    }

    /// A machine with what libvirt 9.0 does not know yet, and firmware that libvirt chooses.
    static var newer: Domain {
        var domain = complete
        domain.features.hyperv?.tlbflush = HyperVTLBFlush(state: true, direct: true, extended: false)
        domain.features.smm = false
        domain.devices.disks[0].iothreads = [1, 2]
        domain.devices.disks[2].reservations?.migration = true
        domain.devices.disks[3].blockIO?.discardGranularity = 4096
        domain.os.firmware = "efi"
        domain.os.loader = FirmwareLoader(path: "", secure: true, readonly: nil, type: nil, stateless: true)
        domain.devices.vsock = VSOCK(cid: nil, auto: true)
        domain.devices.serials[0].logAppend = false
        domain.clock = DomainClock(.plainUTC)
        domain.cpu?.mode = .maximum
        return domain
    }

    private static var memoryBacking: MemoryBacking {
        var backing = MemoryBacking()
        backing.hugepages = Hugepages(pages: [
            HugepagesPage(sizeBytes: 2 << 20, nodeset: "0"), HugepagesPage(sizeBytes: 1 << 30, nodeset: "1"),
        ])
        (backing.sourceType, backing.accessMode) = ("memfd", "shared")
        backing.allocation = MemoryAllocation(mode: "immediate", threads: 4)
        (backing.noSharePages, backing.locked, backing.discard) = (true, true, true)
        return backing
    }

    private static var cputune: CPUTune {
        var tune = CPUTune()
        tune.vcpuPins = [VCPUPin(vcpu: 0, cpuset: "4"), VCPUPin(vcpu: 1, cpuset: "5,13")]
        tune.emulatorPin = "6"
        tune.iothreadPins = [IOThreadPin(iothread: 1, cpuset: "7")]
        tune.vcpuSchedulers = [VCPUScheduler(vcpus: "0-1", scheduler: "fifo", priority: 1)]
        return tune
    }

    private static var operatingSystem: OperatingSystem {
        var os = OperatingSystem()
        os.loader = FirmwareLoader(
            path: "/usr/share/OVMF/OVMF_CODE_4M.secboot.fd", secure: true,
            variablesTemplate: "/usr/share/OVMF/OVMF_VARS_4M.ms.fd", variables: "/var/lib/nvram.fd")
        (os.kernel, os.initrd, os.commandLine) = ("/boot/vmlinuz", "/boot/initrd", "a=\"<b>\" c=d&e")
        os.acpiTables = [ACPITable(type: "slic", path: "/var/lib/slic.bin")]
        (os.biosUseSerial, os.bootMenuTimeout, os.smbiosFromSysinfo) = (true, 10_000, true)
        return os
    }

    private static var features: DomainFeatures {
        var features = DomainFeatures()
        features.acpi = true
        features.apic = DomainFeatures.APIC(endOfInterrupt: true)
        features.kvm = KVMFeatures(hidden: true, hintDedicated: false)
        features.hyperv = hyperv
        (features.pvspinlock, features.pmu, features.vmport) = (false, true, false)
        (features.smm, features.ioapicDriver) = (true, "qemu")
        return features
    }

    private static var hyperv: HyperVFeatures {
        var hyperv = HyperVFeatures()
        hyperv.mode = "custom"
        (hyperv.relaxed, hyperv.vapic, hyperv.vpindex, hyperv.runtime) = (true, true, true, false)
        (hyperv.synic, hyperv.reset, hyperv.frequencies, hyperv.reenlightenment) = (true, false, true, true)
        (hyperv.ipi, hyperv.evmcs) = (true, false)
        hyperv.spinlocks = HyperVSpinlocks(state: true, retries: 8191)
        hyperv.stimer = HyperVStimer(state: true, direct: true)
        hyperv.tlbflush = HyperVTLBFlush(state: true)
        hyperv.vendorID = HyperVVendorID(state: true, value: "myvendor")
        return hyperv
    }

    private static var launchSecurity: LaunchSecurity {
        var security = LaunchSecurity(type: "sev", policy: "0x0001")
        (security.cbitpos, security.reducedPhysBits) = (47, 1)
        (security.dhCert, security.session) = ("QUJD", "REVG")
        return security
    }
}

// MARK: - Devices

extension SampleDomains {
    private static func addDevices(_ devices: inout DomainDevices) {
        devices.emulator = "/usr/bin/qemu-system-x86_64"
        devices.disks += disks
        devices.controllers += controllers
        devices.interfaces += interfaces
        devices.hostDevices = hostDevices
        devices.filesystems = [
            Filesystem(target: "share", sourceSocket: "/run/virtiofsd.sock"),
            Filesystem(target: "folder", sourceDirectory: "/srv"),
        ]
        devices.filesystems[0].accessMode = nil
        devices.filesystems[0].queue = 1024
        devices.filesystems[1].alias = "ua-folder"
        devices.serials[0].logFile = "/var/log/serial0"
        devices.serials.append(SerialPort(socket: nil, port: 1))
        devices.serials[1].type = "pty"
        devices.channels += [Channel(name: "org.github.vhostmd.1", socket: "/run/metrics.sock")]
        devices.inputs = [
            InputDevice(type: "tablet", bus: "usb"),
            InputDevice(type: "tablet", bus: "virtio", model: "virtio", alias: "ua-t"),
        ]
        devices.tpm = TrustedPlatformModule(model: "tpm-crb", persistentState: true)
        devices.sounds = [Sound(model: "ich9", alias: "ua-s")]
        devices.redirections = [USBRedirection(sourceMode: "bind", path: "/run/redir0", alias: "ua-r")]
        devices.watchdog = WatchdogDevice(model: "i6300esb", action: "reset", alias: "ua-w")
        devices.memballoon?.driverIOMMU = true
        devices.rng?.driverIOMMU = false
        devices.panics = [Panic(model: "isa"), Panic(model: "hyperv")]
        devices.vsock = VSOCK(model: "virtio", cid: 42)
        devices.iommu = IOMMU(model: "intel", interruptRemapping: true, eim: true, cachingMode: false, awBits: 48)
    }

    private static var disks: [DomainDisk] {
        var lun = disk("lun", target: "sda", path: "/dev/sdx")
        lun.source?.isBlockDevice = true
        (lun.device, lun.bus, lun.model) = (.lun, "scsi", nil)
        lun.address = .drive(controller: 0, bus: 0, unit: 3)
        lun.reservations = Reservations(managed: false, path: "/run/pr-helper.sock")
        var tuned = disk("tuned", target: "vdc", path: "/c", layered: true)
        tuned.address = .pci(domain: 0, bus: 0x81, slot: 1, function: 0, multifunction: true)
        tuned.blockIO = BlockIO(logicalBlockSize: 512, physicalBlockSize: 4096)
        (tuned.io, tuned.queues, tuned.iothread, tuned.errorPolicy) = ("native", 4, 2, "report")
        (tuned.serial, tuned.bootOrder, tuned.isReadOnly, tuned.isShareable) = ("SN-1 x", 1, true, true)
        tuned.source?.backing.append(.init(path: "/dev/b", format: .raw, isBlockDevice: true))
        var empty = DomainDisk()
        (empty.device, empty.bus, empty.target, empty.tray) = (.cdrom, "sata", "sdb", "open")
        empty.otherType = "block"
        return [lun, tuned, empty]
    }

    private static var controllers: [Controller] {
        var scsi = Controller(type: "scsi", index: 1, model: "virtio-scsi")
        scsi.driver = ControllerDriver(iothread: 1, queues: 4, iommu: true)
        var port = Controller(type: "pci", index: 1, model: "pcie-root-port")
        port.target = ControllerTarget(chassis: 1, port: 0x10, hotplug: false)
        port.alias = "ua-port"
        var expander = Controller(type: "pci", index: 2, model: "pcie-expander-bus")
        expander.target = ControllerTarget(busNr: 180, node: 1)
        var root = Controller(type: "pci", index: 0, model: "pcie-root")
        root.pcihole64Bytes = 0
        var serial = Controller(type: "virtio-serial", index: 1)
        serial.ports = 4
        return [scsi, port, expander, root, serial]
    }

    private static var interfaces: [DomainInterface] {
        var user = DomainInterface(source: .user, alias: "ua-u", model: "e1000")
        user.backendType = "passt"
        user.addresses = [.init(family: .ipv4, address: "10.0.2.0", prefix: 24)]
        (user.linkDown, user.bootOrder, user.acpiIndex) = (true, 2, 7)
        user.address = .pci(domain: 0, bus: 0x82, slot: 0, function: 0)
        var socket = DomainInterface(source: .vhostUser(path: "/run/v", mode: "server"), alias: "ua-v", model: "virtio")
        socket.driverIOMMU = true
        return [
            user, socket, DomainInterface(source: .bridge("br0"), alias: "ua-b", model: "virtio"),
            DomainInterface(source: .network("default"), alias: "ua-n", model: "virtio"),
        ]
    }

    private static var hostDevices: [HostDevice] {
        let place = DeviceAddress.pci(domain: 0, bus: 0x41, slot: 0, function: 1)
        var card = HostDevice(type: "pci", source: .pci(place), alias: "ua-gpu-g0")
        (card.mode, card.managed, card.bootOrder) = ("subsystem", false, 3)
        card.address = .pci(domain: 0, bus: 5, slot: 0, function: 0)
        var virtual = HostDevice(type: "mdev", source: .mdev(uuid: "5c1ae2f0-3b1f-4c6c-9f0e-0b7a6f2d4a11"))
        (virtual.mode, virtual.model, virtual.display, virtual.ramfb) = ("subsystem", "vfio-pci", true, true)
        var stick = HostDevice(type: "usb", source: .usb(bus: 1, device: 4), alias: "ua-stick")
        (stick.mode, stick.address) = ("subsystem", .usb(bus: 0, port: "1.2"))
        return [card, virtual, stick]
    }
}
