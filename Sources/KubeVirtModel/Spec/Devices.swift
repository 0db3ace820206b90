package import KubernetesModel

/// `spec.domain.devices`.
package struct Devices: TableModel {
    package var disks: [Disk] = []
    package var interfaces: [Interface] = []
    package var filesystems: [Filesystem] = []
    package var gpus: [GPU] = []
    package var hostDevices: [HostDevice] = []
    package var inputs: [Input] = []
    package var panicDevices: [PanicDevice] = []
    package var rng: EmptyObject?
    package var sound: Sound?
    package var tpm: TPM?
    package var video: Video?
    package var watchdog: Watchdog?
    package var autoattachGraphicsDevice: Bool?
    package var autoattachInputDevice: Bool?
    package var autoattachMemBalloon: Bool?
    package var autoattachPodInterface: Bool?
    package var autoattachSerialConsole: Bool?
    package var autoattachVSOCK: Bool?
    package var blockMultiQueue: Bool?
    /// USB devices of whoever looks at the console.
    package var clientPassthrough: EmptyObject?
    package var disableHotplug: Bool?
    /// A channel on which the guest asks for figures of its host.
    package var downwardMetrics: EmptyObject?
    package var logSerialConsole: Bool?
    package var networkInterfaceMultiqueue: Bool?
    package var useVirtioTransitional: Bool?
    package var unknownFields: [DocumentMember] = []

    package init() {}

    package static let handledBy: String? = "DomainPlan/PeripheralsPart"

    package static let table: FieldTable<Devices> = [
        Field("disks", \.disks).handled(by: "DomainPlan/DisksPart"),
        Field("interfaces", \.interfaces).handled(by: "DomainPlan/InterfacesPart"),
        Field("filesystems", \.filesystems).handled(
            by: "DomainPlan/FilesystemsPart (run refuses it: it starts no virtiofs daemon)"),
        Field("gpus", \.gpus).handled(
            by: "DomainPlan/HostDevicesPart (run refuses it: it binds no devices of the host)"),
        Field("hostDevices", \.hostDevices).handled(
            by: "DomainPlan/HostDevicesPart (run refuses it: it binds no devices of the host)"),
        Field("inputs", \.inputs),
        Field("panicDevices", \.panicDevices),
        Field("rng", \.rng),
        Field("sound", \.sound),
        Field("tpm", \.tpm),
        Field("video", \.video).handled(by: "DomainPlan/ConsolesPart"),
        Field("watchdog", \.watchdog),
        Field("autoattachGraphicsDevice", \.autoattachGraphicsDevice).handled(by: "DomainPlan/ConsolesPart"),
        Field("autoattachInputDevice", \.autoattachInputDevice),
        Field("autoattachMemBalloon", \.autoattachMemBalloon).handled(by: "DomainPlan/MemoryPart"),
        Field("autoattachPodInterface", \.autoattachPodInterface).handled(by: "KubeVirtModel/Defaults+Devices"),
        Field("autoattachSerialConsole", \.autoattachSerialConsole).handled(by: "DomainPlan/ConsolesPart"),
        Field("autoattachVSOCK", \.autoattachVSOCK),
        Field("blockMultiQueue", \.blockMultiQueue).handled(by: "DomainPlan/DisksPart"),
        Field("clientPassthrough", \.clientPassthrough),
        Field("disableHotplug", \.disableHotplug).handled(by: "DomainPlan/ControllersPart"),
        Field("downwardMetrics", \.downwardMetrics).handled(
            by: "DomainPlan/ConsolesPart (run refuses it: nobody answers for the host)"),
        Field("logSerialConsole", \.logSerialConsole).elsewhere("virt-controller"),
        Field("networkInterfaceMultiqueue", \.networkInterfaceMultiqueue).handled(by: "DomainPlan/InterfacesPart"),
        Field("useVirtioTransitional", \.useVirtioTransitional).handled(by: "DomainPlan/PlanRequest"),
    ]
}
