/// `<devices>`.
package struct DomainDevices: XMLPart {
    package var emulator: String?
    package var disks: [DomainDisk] = []
    package var controllers: [Controller] = []
    package var interfaces: [DomainInterface] = []
    package var hostDevices: [HostDevice] = []
    package var filesystems: [Filesystem] = []
    package var serials: [SerialPort] = []
    package var consoles: [Console] = []
    package var channels: [Channel] = []
    package var inputs: [InputDevice] = []
    package var tpm: TrustedPlatformModule?
    package var graphics: Graphics?
    package var sounds: [Sound] = []
    package var video: VideoCard?
    package var redirections: [USBRedirection] = []
    package var watchdog: WatchdogDevice?
    package var memballoon: MemoryBalloon?
    package var rng: RandomNumberGenerator?
    package var panics: [Panic] = []
    package var vsock: VSOCK?
    package var iommu: IOMMU?
    package var memories: [MemoryDevice] = []
    package var rest: XMLRest?

    package init() {}

    package mutating func visit(_ visitor: inout some XMLVisitor) {
        visitor.text(in: "emulator", &emulator)
        visitor.elements("disk", &disks)
        visitor.elements("controller", &controllers)
        visitor.elements("interface", &interfaces)
        visitor.elements("hostdev", &hostDevices)
        visitor.elements("filesystem", &filesystems)
        visitor.elements("serial", &serials)
        visitor.elements("console", &consoles)
        visitor.elements("channel", &channels)
        visitor.elements("input", &inputs)
        visitor.element("tpm", &tpm)
        visitor.element("graphics", &graphics)
        visitor.elements("sound", &sounds)
        visitor.element("video", &video)
        visitor.elements("redirdev", &redirections)
        visitor.element("watchdog", &watchdog)
        visitor.element("memballoon", &memballoon)
        visitor.element("rng", &rng)
        visitor.elements("panic", &panics)
        visitor.element("vsock", &vsock)
        visitor.element("iommu", &iommu)
        visitor.elements("memory", &memories)
    }
}
