package import KubernetesModel

/// `spec.domain.devices`.
package struct Devices: TableModel {
    package var disks: [Disk] = []
    package var interfaces: [Interface] = []
    package var inputs: [Input] = []
    package var rng: EmptyObject?
    package var tpm: TPM?
    package var video: Video?
    package var watchdog: Watchdog?
    package var autoattachGraphicsDevice: Bool?
    package var autoattachInputDevice: Bool?
    package var autoattachMemBalloon: Bool?
    package var autoattachPodInterface: Bool?
    package var autoattachSerialConsole: Bool?
    package var blockMultiQueue: Bool?
    package var networkInterfaceMultiqueue: Bool?
    package var disableHotplug: Bool?
    package var useVirtioTransitional: Bool?
    package var unknownFields: [DocumentMember] = []

    package init() {}

    package static let table: [Field<Devices>] = [
        Field("disks", \.disks),
        Field("interfaces", \.interfaces),
        Field("inputs", \.inputs),
        Field("rng", \.rng),
        Field("tpm", \.tpm),
        Field("video", \.video),
        Field("watchdog", \.watchdog),
        Field("autoattachGraphicsDevice", \.autoattachGraphicsDevice),
        Field("autoattachInputDevice", \.autoattachInputDevice),
        Field("autoattachMemBalloon", \.autoattachMemBalloon),
        Field("autoattachPodInterface", \.autoattachPodInterface),
        Field("autoattachSerialConsole", \.autoattachSerialConsole),
        Field("blockMultiQueue", \.blockMultiQueue),
        Field("networkInterfaceMultiqueue", \.networkInterfaceMultiqueue),
        Field("disableHotplug", \.disableHotplug),
        Field("useVirtioTransitional", \.useVirtioTransitional),
        Field(elsewhere: "logSerialConsole"),
        Field(notYet: "autoattachVSOCK", "vsock"),
        Field(notYet: "clientPassthrough", "USB redirection"),
        Field(notYet: "downwardMetrics", "downward metrics"),
        Field(notYet: "filesystems", "virtiofs"),
        Field(notYet: "gpus", "GPU passthrough"),
        Field(notYet: "hostDevices", "host devices"),
        Field(notYet: "panicDevices", "panic devices"),
        Field(notYet: "sound", "sound"),
    ]
}

/// One entry of `spec.domain.devices.inputs`.
package struct Input: TableModel {
    package var name = ""
    package var type = InputType.tablet
    package var bus: InputBus?
    package var unknownFields: [DocumentMember] = []

    package init() {}

    package static let table: [Field<Input>] = [
        Field("name", required: \.name), Field("type", required: \.type), Field("bus", \.bus),
    ]
}

package enum InputType: String, FieldChoice {
    case tablet
}

package enum InputBus: String, FieldChoice {
    case usb, virtio
}

/// `spec.domain.devices.tpm`.
package struct TPM: TableModel {
    package var enabled: Bool?
    package var unknownFields: [DocumentMember] = []

    package init() {}

    package static let table: [Field<TPM>] = [
        Field("enabled", \.enabled),
        Field(notYet: "persistent", "TPM state that outlives the VMI"),
    ]
}

/// `spec.domain.devices.video`.
package struct Video: TableModel {
    package var type: String?
    package var unknownFields: [DocumentMember] = []

    package init() {}

    package static let table: [Field<Video>] = [Field("type", \.type)]
}

/// `spec.domain.devices.watchdog`.
package struct Watchdog: TableModel {
    package var name = ""
    package var i6300esb: WatchdogI6300ESB?
    package var unknownFields: [DocumentMember] = []

    package init() {}

    package static let table: [Field<Watchdog>] = [
        Field("name", required: \.name),
        Field("i6300esb", \.i6300esb),
        Field(notYet: "diag288", "the watchdog of s390x"),
    ]
}

/// `spec.domain.devices.watchdog.i6300esb`.
package struct WatchdogI6300ESB: TableModel {
    package var action: WatchdogAction?
    package var unknownFields: [DocumentMember] = []

    package init() {}

    package static let table: [Field<WatchdogI6300ESB>] = [Field("action", \.action)]
}

package enum WatchdogAction: String, FieldChoice {
    case poweroff, reset, shutdown
}
