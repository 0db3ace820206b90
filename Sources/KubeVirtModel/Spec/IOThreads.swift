package import KubernetesModel

/// `spec.domain.ioThreadsPolicy`: how disks are spread over I/O threads.
package enum IOThreadsPolicy: String, FieldChoice {
    case shared, auto, supplementalPool
}

/// `spec.domain.ioThreads`.
package struct IOThreads: TableModel {
    /// Threads that each virtio disk is served by under `supplementalPool`.
    package var supplementalPoolThreadCount: UInt32?
    package var unknownFields: [DocumentMember] = []

    package init() {}

    package static let handledBy: String? = "DomainPlan/IOThreadsPart"

    package static let table: FieldTable<IOThreads> = [
        Field("supplementalPoolThreadCount", \.supplementalPoolThreadCount)
    ]
}
