package import KubernetesModel

/// `spec.domain.cpu`.
package struct CPU: TableModel {
    package var cores: UInt32?
    package var sockets: UInt32?
    package var threads: UInt32?
    package var maxSockets: UInt32?
    package var model: String?
    package var features: [CPUFeature] = []
    package var unknownFields: [DocumentMember] = []

    package init() {}

    package static let table: [Field<CPU>] = [
        Field("cores", \.cores),
        Field("sockets", \.sockets),
        Field("threads", \.threads),
        Field("maxSockets", \.maxSockets),
        Field("model", \.model),
        Field("features", \.features),
        Field(notYet: "dedicatedCpuPlacement", "dedicated CPUs"),
        Field(notYet: "isolateEmulatorThread", "a CPU for the emulator thread"),
        Field(notYet: "numa", "NUMA passthrough"),
        Field(notYet: "realtime", "realtime vCPUs"),
    ]
}

/// One entry of `spec.domain.cpu.features`.
package struct CPUFeature: TableModel, Equatable {
    package var name = ""
    package var policy: CPUFeaturePolicy?
    package var unknownFields: [DocumentMember] = []

    package init() {}

    package static let table: [Field<CPUFeature>] = [Field("name", required: \.name), Field("policy", \.policy)]
}

/// What libvirt does about a CPU feature.
package enum CPUFeaturePolicy: String, FieldChoice {
    case force, require, optional, disable, forbid
}
