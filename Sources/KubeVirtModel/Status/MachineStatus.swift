package import KubernetesModel

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

    package static let table: FieldTable<PhaseTransition> = [
        Field("phase", required: \.phase),
        Field("phaseTransitionTimestamp", required: \.phaseTransitionTimestamp),
    ]
}

/// `status.machine`.
package struct MachineStatus: TableModel, Equatable {
    package var type: String?
    package var unknownFields: [DocumentMember] = []

    package init() {}

    package static let table: FieldTable<MachineStatus> = [Field("type", \.type)]
}

/// `status.memory`.
package struct MemoryStatus: TableModel, Equatable {
    package var guestAtBoot: Quantity?
    package var guestCurrent: Quantity?
    package var guestRequested: Quantity?
    package var memoryOverhead: Quantity?
    package var unknownFields: [DocumentMember] = []

    package init() {}

    package static let table: FieldTable<MemoryStatus> = [
        Field("guestAtBoot", \.guestAtBoot),
        Field("guestCurrent", \.guestCurrent),
        Field("guestRequested", \.guestRequested),
        Field("memoryOverhead", \.memoryOverhead).elsewhere("virt-controller"),
    ]
}

/// `status.currentCPUTopology`.
package struct CPUTopologyStatus: TableModel, Equatable {
    package var cores: UInt32?
    package var sockets: UInt32?
    package var threads: UInt32?
    package var unknownFields: [DocumentMember] = []

    package init() {}

    package static let table: FieldTable<CPUTopologyStatus> = [
        Field("cores", \.cores),
        Field("sockets", \.sockets),
        Field("threads", \.threads),
    ]
}

/// `status.topologyHints`.
package struct TopologyHints: TableModel, Equatable {
    /// Hertz of the time stamp counter that the guest is promised.
    package var tscFrequency: Int64?
    package var unknownFields: [DocumentMember] = []

    package init() {}

    package static let table: FieldTable<TopologyHints> = [Field("tscFrequency", \.tscFrequency)]
}

/// `status.kernelBootStatus`.
package struct KernelBootStatus: TableModel, Equatable {
    package var initrdInfo: ChecksumStatus?
    package var kernelInfo: ChecksumStatus?
    package var unknownFields: [DocumentMember] = []

    package init() {}

    package static let table: FieldTable<KernelBootStatus> = [
        Field("initrdInfo", \.initrdInfo),
        Field("kernelInfo", \.kernelInfo),
    ]
}

/// What a file of an image was when the VMI started.
package struct ChecksumStatus: TableModel, Equatable {
    package var checksum: UInt32?
    package var unknownFields: [DocumentMember] = []

    package init() {}

    package static let table: FieldTable<ChecksumStatus> = [Field("checksum", \.checksum)]
}
