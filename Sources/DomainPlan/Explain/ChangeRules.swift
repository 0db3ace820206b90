/// What each kind of change takes with libvirt 9 and QEMU 7.2: the first rule that fits decides.
struct ChangeRule: Sendable {
    enum Condition: Sendable {
        /// An attribute, or `child@attribute`, of the device has one of these values, before and after.
        case device(String, [String])
        /// The device has no such attribute, before and after.
        case without(String)
        /// The memory grows, and stays within the maximum that the domain was started with.
        case memoryFits
        /// There was nothing before, or is nothing now.
        case comesOrGoes
        /// Devices come or go by the same change.
        case devicesMove
    }

    /// Elements from below `<domain>`, and perhaps an attribute: `devices/disk/target@tray`. It fits that part and all in
    /// it; with a `!` at its end only an element that came or went as a whole, with a `+` one that came.
    let part: String
    let conditions: [Condition]
    let result: ChangeClass
    /// The call that does it, or why there is none.
    let how: String
    private let names: [String]
    private let attribute: String?
    private let suffix: Character?

    private init(_ part: String, _ result: ChangeClass, _ how: String, where conditions: Condition...) {
        self.part = part
        self.conditions = conditions
        self.result = result
        self.how = how
        suffix = part.last.flatMap { "!+".contains($0) ? $0 : nil }
        let halves = (suffix == nil ? part[...] : part.dropLast()).split(separator: "@")
        names = halves.first?.split(separator: "/").map(String.init) ?? []
        attribute = halves.count == 2 ? String(halves[1]) : nil
    }

    /// Whether the rule is about that part; its conditions are another matter.
    func concerns(_ change: DomainChange) -> Bool {
        guard change.names.starts(with: names) else { return false }
        let isHere = change.names.count == names.count
        switch suffix {
        case "!": return isHere && change.element != nil
        case "+": return isHere && change.kind == .added
        default: return attribute == nil || isHere && change.attribute == attribute
        }
    }

    /// Devices that are plugged and unplugged as a whole.
    private static let plug = "virDomainAttachDeviceFlags"
    private static let plugIntoPort = "virDomainAttachDeviceFlags into a free PCIe port"
    private static let updates = "virDomainUpdateDeviceFlags"
    private static let medium = "virDomainUpdateDeviceFlags: another medium"
    private static let drive = Condition.device("device", ["cdrom", "floppy"])

    /// As `how`, for what goes instead of coming.
    func how(_ kind: DomainChange.Kind) -> String {
        guard kind == .removed, how == Self.plug || how == Self.plugIntoPort else { return how }
        return "virDomainDetachDeviceFlags; the guest must let go of it"
    }

    static let table: [ChangeRule] = [
        // Who the machine is.
        ChangeRule("name", .recreate, "the name is the VM's identity"),
        ChangeRule("uuid", .recreate, "the UUID is the VM's identity"),
        ChangeRule("metadata", .live, "virDomainSetMetadata; the guest does not see it"),

        // Processors and their threads.
        ChangeRule("vcpus/vcpu@enabled", .live, "virDomainSetVcpusFlags, in place: no migration"),
        ChangeRule("vcpus/vcpu@hotpluggable", .restart, "which vCPUs can go is fixed when QEMU starts"),
        ChangeRule("vcpu", .restart, "the number of vCPUs that can be enabled is fixed when QEMU starts"),
        ChangeRule("cputune/vcpupin", .live, "virDomainPinVcpu"),
        ChangeRule("cputune/emulatorpin", .live, "virDomainPinEmulator"),
        ChangeRule("cputune/iothreadpin", .live, "virDomainPinIOThread"),
        ChangeRule("cputune/shares", .live, "virDomainSetSchedulerParametersFlags"),
        ChangeRule("cputune/period", .live, "virDomainSetSchedulerParametersFlags"),
        ChangeRule("cputune/quota", .live, "virDomainSetSchedulerParametersFlags"),
        ChangeRule("cputune/vcpusched", .migration, "libvirt sets a scheduler only when it starts QEMU"),
        ChangeRule("cputune/iothreadsched", .migration, "libvirt sets a scheduler only when it starts QEMU"),
        ChangeRule("cputune/emulatorsched", .migration, "libvirt sets a scheduler only when it starts QEMU"),
        ChangeRule("iothreads", .live, "virDomainAddIOThread, virDomainDelIOThread"),

        // Memory.
        ChangeRule("memory", .live, "virDomainAttachDeviceFlags of memory, in place: no migration", where: .memoryFits),
        ChangeRule("cpu/numa/cell@memory", .live, "grows with the memory that is plugged", where: .memoryFits),
        ChangeRule("memory", .restart, "memory is plugged only up to the maximum of the start, and never less"),
        ChangeRule("maxMemory", .restart, "the room for memory is fixed when QEMU starts"),
        ChangeRule("numatune/memory@nodeset", .live, "virDomainSetNumaParameters"),
        ChangeRule("numatune", .restart, "the mode is fixed when QEMU takes its memory"),
        ChangeRule("memoryBacking", .restart, "QEMU takes its memory when it starts"),

        // What libvirt does, and the guest does not see.
        ChangeRule("on_reboot", .live, "virDomainSetLifecycleAction"),
        ChangeRule("on_poweroff", .live, "virDomainSetLifecycleAction"),
        ChangeRule("on_crash", .live, "virDomainSetLifecycleAction"),

        // Disks.
        ChangeRule("devices/disk!", .live, plugIntoPort, where: .device("target@bus", ["virtio"])),
        ChangeRule("devices/disk!", .live, plug, where: .device("target@bus", ["scsi", "usb"])),
        ChangeRule("devices/disk!", .restart, "only disks on virtio, scsi and usb can be plugged"),
        ChangeRule("devices/disk/source", .live, medium, where: drive),
        ChangeRule("devices/disk/backingStore", .live, medium, where: drive),
        ChangeRule("devices/disk/driver@type", .live, medium, where: drive),
        ChangeRule("devices/disk/driver", .live, medium, where: drive, .comesOrGoes),
        ChangeRule("devices/disk/target@tray", .restart, "libvirt neither opens nor closes the tray of a running VM"),
        ChangeRule("devices/disk/iotune", .live, "virDomainSetBlockIoTune"),
        ChangeRule("devices/disk/boot", .restart, "the firmware reads the boot order when the machine starts"),
        ChangeRule("devices/disk", .restart, "libvirt changes no more of a running disk than its medium"),

        // Network interfaces.
        ChangeRule("devices/interface!", .live, plugIntoPort),
        ChangeRule("devices/interface/link", .live, updates),
        ChangeRule("devices/interface/bandwidth", .live, "virDomainSetInterfaceParameters"),
        ChangeRule("devices/interface/boot", .restart, "the firmware reads the boot order when the machine starts"),
        ChangeRule("devices/interface", .restart, "or unplug the interface, and plug it as it shall be"),

        // Devices of the host.
        ChangeRule("devices/hostdev!", .live, plugIntoPort, where: .device("type", ["pci"])),
        ChangeRule("devices/hostdev!", .live, plug, where: .device("type", ["usb"])),
        ChangeRule(
            "devices/hostdev!", .live, plugIntoPort, where: .device("type", ["mdev"]), .without("display"),
            .without("ramfb")),
        ChangeRule("devices/hostdev!", .restart, "a device that shows the guest's screen cannot be plugged"),
        ChangeRule("devices/hostdev", .restart, "or unplug the device, and plug it as it shall be"),

        // Controllers.
        ChangeRule("devices/controller!", .live, plug, where: .device("type", ["scsi"])),
        ChangeRule(
            "devices/controller!", .live, "at the next start; what is plugged now takes a port that is free",
            where: .device("model", ["pcie-root-port"]), .devicesMove),
        ChangeRule(
            "devices/controller!", .live, "at the next start: a larger guest has more free ports",
            where: .device("model", ["pcie-root-port"]), .memoryFits),
        ChangeRule("devices/controller", .restart, "controllers other than scsi cannot be plugged"),

        // Other devices.
        ChangeRule("devices/rng!", .live, plugIntoPort),
        ChangeRule("devices/watchdog+", .restart, "it sits on a PCI bridge, and bridges cannot be plugged"),
        ChangeRule("devices/watchdog!", .live, plug),
        ChangeRule("devices/vsock!", .live, plugIntoPort),
        ChangeRule("devices/input!", .live, plug, where: .device("bus", ["usb", "virtio"])),
        ChangeRule("devices/channel!", .live, plug),
        ChangeRule("devices/redirdev!", .live, plug),
        ChangeRule("devices/filesystem!", .live, plugIntoPort),
        ChangeRule("devices/memballoon/stats@period", .live, "virDomainSetMemoryStatsPeriod"),
        ChangeRule("devices", .restart, "libvirt can neither plug this device nor change it while it runs"),

        ChangeRule("", .restart, "fixed when QEMU starts"),
    ]
}
