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
    case waitingForSync = "WaitingForSync"

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
    /// The address of the guest's vsock device; 0 to 2 are taken.
    package var VSOCKCID: UInt32?
    /// The VMI's pods by their uid, and their nodes.
    package var activePods: [String: String] = [:]
    package var changedBlockTracking: ChangedBlockTrackingStatus?
    package var evacuationNodeName: String?
    package var fsFreezeStatus: String?
    package var kernelBootStatus: KernelBootStatus?
    package var launcherContainerImageVersion: String?
    package var migratedVolumes: [MigratedVolume] = []
    package var migrationMethod: String?
    package var migrationState: MigrationState?
    package var migrationTransport: String?
    package var qosClass: String?
    package var selinuxContext: String?
    package var topologyHints: TopologyHints?
    package var virtualMachineRevisionName: String?
    package var unknownFields: [DocumentMember] = []

    package init() {}

    package static let handledBy: String? = "NodeAgent/Status/StatusBuilder"

    package static let table: FieldTable<VirtualMachineInstanceStatus> = [
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
        Field("VSOCKCID", \.VSOCKCID).elsewhere("virt-controller"),
        Field("activePods", \.activePods).elsewhere("virt-controller"),
        Field("changedBlockTracking", \.changedBlockTracking).elsewhere("virt-controller"),
        Field("evacuationNodeName", \.evacuationNodeName).elsewhere("virt-controller"),
        Field("fsFreezeStatus", \.fsFreezeStatus).elsewhere("virt-controller"),
        Field("kernelBootStatus", \.kernelBootStatus).elsewhere("virt-controller"),
        Field("launcherContainerImageVersion", \.launcherContainerImageVersion).elsewhere("virt-controller"),
        Field("migratedVolumes", \.migratedVolumes).elsewhere("virt-controller"),
        Field("migrationMethod", \.migrationMethod).elsewhere("virt-controller"),
        Field("migrationState", \.migrationState).elsewhere("virt-controller"),
        Field("migrationTransport", \.migrationTransport).elsewhere("virt-controller"),
        Field("qosClass", \.qosClass).elsewhere("virt-controller"),
        Field("selinuxContext", \.selinuxContext).elsewhere("virt-controller"),
        Field("topologyHints", \.topologyHints).elsewhere("virt-controller"),
        Field("virtualMachineRevisionName", \.virtualMachineRevisionName).elsewhere("virt-controller"),
    ]
}
