package import KubernetesModel

/// `spec.domain`: the machine that a guest sees.
package struct DomainSpec: TableModel {
    package var chassis: Chassis?
    package var clock: Clock?
    package var cpu: CPU?
    package var devices = Devices()
    package var features: Features?
    package var firmware: Firmware?
    package var ioThreads: IOThreads?
    package var ioThreadsPolicy: IOThreadsPolicy?
    package var launchSecurity: LaunchSecurity?
    package var machine: Machine?
    package var memory: Memory?
    package var rebootPolicy: RebootPolicy?
    package var resources: Resources?
    package var unknownFields: [DocumentMember] = []

    package init() {}

    package static let handledBy: String? = "DomainPlan/DomainPlan"

    package static let table: FieldTable<DomainSpec> = [
        Field("chassis", \.chassis).handled(by: "DomainPlan/IdentityPart"),
        Field("clock", \.clock),
        Field("cpu", \.cpu),
        Field("devices", required: \.devices),
        Field("features", \.features),
        Field("firmware", \.firmware),
        Field("ioThreads", \.ioThreads),
        Field("ioThreadsPolicy", \.ioThreadsPolicy).handled(by: "DomainPlan/IOThreadsPart"),
        Field("launchSecurity", \.launchSecurity),
        Field("machine", \.machine).handled(by: "DomainPlan/FirmwarePart"),
        Field("memory", \.memory),
        Field("rebootPolicy", \.rebootPolicy).handled(by: "DomainPlan/FirmwarePart"),
        Field("resources", \.resources),
    ]
}

/// `spec.domain.rebootPolicy`: what a reboot from within the guest does.
package enum RebootPolicy: String, FieldChoice {
    case reboot = "Reboot"
    case terminate = "Terminate"
}

/// `spec.domain.chassis`: strings of SMBIOS table 3.
package struct Chassis: TableModel {
    package var asset: String?
    package var manufacturer: String?
    package var serial: String?
    package var sku: String?
    package var version: String?
    package var unknownFields: [DocumentMember] = []

    package init() {}

    package static let table: FieldTable<Chassis> = [
        Field("asset", \.asset),
        Field("manufacturer", \.manufacturer),
        Field("serial", \.serial),
        Field("sku", \.sku),
        Field("version", \.version),
    ]
}

/// `spec.domain.machine`.
package struct Machine: TableModel {
    package var type: String?
    package var unknownFields: [DocumentMember] = []

    package init() {}

    package static let table: FieldTable<Machine> = [Field("type", \.type)]
}

/// `spec.domain.resources`.
package struct Resources: TableModel {
    package var limits: [String: Quantity] = [:]
    package var requests: [String: Quantity] = [:]
    package var overcommitGuestOverhead: Bool?
    package var unknownFields: [DocumentMember] = []

    package init() {}

    package static let handledBy: String? = "KubeVirtModel/Defaults"

    package static let table: FieldTable<Resources> = [
        Field("limits", \.limits),
        Field("requests", \.requests),
        Field("overcommitGuestOverhead", \.overcommitGuestOverhead).elsewhere("virt-controller"),
    ]
}
