package import KubernetesModel

/// A VMI's life in one word.
package enum VMIPhase: String, FieldChoice {
    case pending = "Pending"
    case scheduling = "Scheduling"
    case scheduled = "Scheduled"
    case running = "Running"
    case succeeded = "Succeeded"
    case failed = "Failed"
    case unknown = "Unknown"

    package var isFinal: Bool { self == .succeeded || self == .failed }
}

/// A VMI's `status`.
package struct VirtualMachineInstanceStatus: TableModel {
    package var conditions: [Condition] = []
    package var currentCPUTopology: CPUTopologyStatus?
    package var guestOSInfo: GuestOSInfo?
    package var interfaces: [InterfaceStatus] = []
    package var machine: MachineStatus?
    package var memory: MemoryStatus?
    package var nodeName: String?
    package var phase: VMIPhase?
    package var phaseTransitionTimestamps: [PhaseTransition] = []
    package var reason: String?
    package var runtimeUser: Int64?
    package var volumeStatus: [VolumeStatus] = []
    package var unknownFields: [DocumentMember] = []

    package init() {}

    package static let table: [Field<VirtualMachineInstanceStatus>] = [
        Field("conditions", \.conditions),
        Field("currentCPUTopology", \.currentCPUTopology),
        Field("guestOSInfo", \.guestOSInfo),
        Field("interfaces", \.interfaces),
        Field("machine", \.machine),
        Field("memory", \.memory),
        Field("nodeName", \.nodeName),
        Field("phase", \.phase),
        Field("phaseTransitionTimestamps", \.phaseTransitionTimestamps),
        Field("reason", \.reason),
        Field("runtimeUser", \.runtimeUser),
        Field("volumeStatus", \.volumeStatus),
        Field(elsewhere: "VSOCKCID"),
        Field(elsewhere: "activePods"),
        Field(elsewhere: "changedBlockTracking"),
        Field(elsewhere: "evacuationNodeName"),
        Field(elsewhere: "fsFreezeStatus"),
        Field(elsewhere: "kernelBootStatus"),
        Field(elsewhere: "launcherContainerImageVersion"),
        Field(elsewhere: "migratedVolumes"),
        Field(elsewhere: "migrationMethod"),
        Field(elsewhere: "migrationState"),
        Field(elsewhere: "migrationTransport"),
        Field(elsewhere: "qosClass"),
        Field(elsewhere: "selinuxContext"),
        Field(elsewhere: "topologyHints"),
        Field(elsewhere: "virtualMachineRevisionName"),
    ]
}

/// When a phase was entered.
package struct PhaseTransition: TableModel, Equatable {
    package var phase = VMIPhase.pending
    package var phaseTransitionTimestamp = Timestamp(seconds: 0)
    package var unknownFields: [DocumentMember] = []

    package init() {}

    package init(_ phase: VMIPhase, at time: Timestamp) {
        self.phase = phase
        phaseTransitionTimestamp = time
    }

    package static let table: [Field<PhaseTransition>] = [
        Field("phase", required: \.phase),
        Field("phaseTransitionTimestamp", required: \.phaseTransitionTimestamp),
    ]
}

/// `status.machine`.
package struct MachineStatus: TableModel, Equatable {
    package var type: String?
    package var unknownFields: [DocumentMember] = []

    package init() {}

    package static let table: [Field<MachineStatus>] = [Field("type", \.type)]
}

/// `status.memory`.
package struct MemoryStatus: TableModel {
    package var guestAtBoot: Quantity?
    package var guestCurrent: Quantity?
    package var guestRequested: Quantity?
    package var unknownFields: [DocumentMember] = []

    package init() {}

    package static let table: [Field<MemoryStatus>] = [
        Field("guestAtBoot", \.guestAtBoot),
        Field("guestCurrent", \.guestCurrent),
        Field("guestRequested", \.guestRequested),
        Field(elsewhere: "memoryOverhead"),
    ]
}

/// `status.currentCPUTopology`.
package struct CPUTopologyStatus: TableModel, Equatable {
    package var cores: UInt32?
    package var sockets: UInt32?
    package var threads: UInt32?
    package var unknownFields: [DocumentMember] = []

    package init() {}

    package static let table: [Field<CPUTopologyStatus>] = [
        Field("cores", \.cores), Field("sockets", \.sockets), Field("threads", \.threads),
    ]
}
