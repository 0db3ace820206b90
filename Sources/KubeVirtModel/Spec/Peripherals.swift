package import KubernetesModel

/// One entry of `spec.domain.devices.inputs`.
package struct Input: TableModel {
    package var name = ""
    package var type = InputType.tablet
    package var bus: InputBus?
    package var unknownFields: [DocumentMember] = []

    package init() {}

    package static let table: FieldTable<Input> = [
        Field("name", required: \.name),
        Field("type", required: \.type),
        Field("bus", \.bus),
    ]
}

/// What an input is.
package enum InputType: String, FieldChoice {
    case tablet
}

/// Where an input is plugged in.
package enum InputBus: String, FieldChoice {
    case usb, virtio
}

/// `spec.domain.devices.tpm`.
package struct TPM: TableModel {
    package var enabled: Bool?
    /// Whether its state outlives the VMI.
    package var persistent: Bool?
    package var unknownFields: [DocumentMember] = []

    package init() {}

    package static let table: FieldTable<TPM> = [
        Field("enabled", \.enabled),
        Field("persistent", \.persistent).handled(
            by: "DomainPlan/PeripheralsPart (run refuses it without firmware.uuid, by which libvirt finds the state)"),
    ]

    package var isOn: Bool { enabled ?? true }
}

/// `spec.domain.devices.video`.
package struct Video: TableModel {
    package var type: String?
    package var unknownFields: [DocumentMember] = []

    package init() {}

    package static let table: FieldTable<Video> = [Field("type", \.type)]
}

/// `spec.domain.devices.watchdog`.
package struct Watchdog: TableModel {
    package var name = ""
    package var i6300esb: WatchdogI6300ESB?
    package var diag288: WatchdogDiag288?
    package var unknownFields: [DocumentMember] = []

    package init() {}

    package static let table: FieldTable<Watchdog> = [
        Field("name", required: \.name),
        Field("i6300esb", \.i6300esb),
        Field("diag288", \.diag288).handled(by: "KubeVirtModel/Validation+Peripherals (refused: a device of s390x)"),
    ]
}

/// `spec.domain.devices.watchdog.i6300esb`.
package struct WatchdogI6300ESB: TableModel {
    package var action: WatchdogAction?
    package var unknownFields: [DocumentMember] = []

    package init() {}

    package static let table: FieldTable<WatchdogI6300ESB> = [Field("action", \.action)]
}

/// `spec.domain.devices.watchdog.diag288`, the one of s390x.
package struct WatchdogDiag288: TableModel {
    package var action: WatchdogAction?
    package var unknownFields: [DocumentMember] = []

    package init() {}

    package static let table: FieldTable<WatchdogDiag288> = [Field("action", \.action)]
}

/// What happens to a guest that no longer feeds its watchdog.
package enum WatchdogAction: String, FieldChoice {
    case poweroff, reset, shutdown
}

/// `spec.domain.devices.sound`.
package struct Sound: TableModel {
    package var name = ""
    package var model: SoundModel?
    package var unknownFields: [DocumentMember] = []

    package init() {}

    package static let table: FieldTable<Sound> = [Field("name", required: \.name), Field("model", \.model)]
}

/// `sound.model`; ich9 where absent.
package enum SoundModel: String, FieldChoice {
    case ich9, ac97
}

/// One entry of `spec.domain.devices.panicDevices`.
package struct PanicDevice: TableModel {
    package var model: PanicModel?
    package var unknownFields: [DocumentMember] = []

    package init() {}

    package static let table: FieldTable<PanicDevice> = [Field("model", \.model)]
}

/// How a guest tells of its panic.
package enum PanicModel: String, FieldChoice {
    case isa, hyperv, pvpanic
}
