package import KubernetesModel

/// `spec.domain.cpu`.
package struct CPU: TableModel {
    package var cores: UInt32?
    package var sockets: UInt32?
    package var threads: UInt32?
    /// Sockets that vCPUs can be plugged into while the guest runs.
    package var maxSockets: UInt32?
    package var model: String?
    package var features: [CPUFeature] = []
    /// Whether each vCPU has a host CPU of its own.
    package var dedicatedCpuPlacement: Bool?
    /// Whether QEMU's own threads have a host CPU of their own.
    package var isolateEmulatorThread: Bool?
    package var numa: NUMASpec?
    package var realtime: Realtime?
    package var unknownFields: [DocumentMember] = []

    package init() {}

    package static let handledBy: String? = "DomainPlan/CPUPart"

    package static let table: FieldTable<CPU> = [
        Field("cores", \.cores),
        Field("sockets", \.sockets),
        Field("threads", \.threads),
        Field("maxSockets", \.maxSockets),
        Field("model", \.model),
        Field("features", \.features),
        Field("dedicatedCpuPlacement", \.dedicatedCpuPlacement).handled(by: "DomainPlan/CPUTunePart"),
        Field("isolateEmulatorThread", \.isolateEmulatorThread).handled(by: "DomainPlan/CPUTunePart"),
        Field("numa", \.numa).handled(by: "DomainPlan/NUMAPart"),
        Field("realtime", \.realtime).handled(by: "DomainPlan/CPUTunePart"),
    ]
}

/// One entry of `spec.domain.cpu.features`.
package struct CPUFeature: TableModel, Equatable {
    package var name = ""
    package var policy: CPUFeaturePolicy?
    package var unknownFields: [DocumentMember] = []

    package init() {}

    package static let table: FieldTable<CPUFeature> = [Field("name", required: \.name), Field("policy", \.policy)]
}

/// What libvirt does about a CPU feature.
package enum CPUFeaturePolicy: String, FieldChoice {
    case force, require, optional, disable, forbid
}

/// `spec.domain.cpu.numa`.
package struct NUMASpec: TableModel {
    /// The guest sees the host's cells that its CPUs and pages come from.
    package var guestMappingPassthrough: EmptyObject?
    package var unknownFields: [DocumentMember] = []

    package init() {}

    package static let handledBy: String? = "DomainPlan/NUMAPart"

    package static let table: FieldTable<NUMASpec> = [Field("guestMappingPassthrough", \.guestMappingPassthrough)]
}

/// `spec.domain.cpu.realtime`: vCPUs that run under the FIFO scheduler.
package struct Realtime: TableModel {
    /// The vCPUs, such as `0-3,^1`; all of them where absent.
    package var mask: String?
    package var unknownFields: [DocumentMember] = []

    package init() {}

    package static let table: FieldTable<Realtime> = [Field("mask", \.mask)]
}
