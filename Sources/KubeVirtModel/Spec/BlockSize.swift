package import KubernetesModel

/// `disks[].blockSize`: the sizes that the guest sees, or the volume's own.
package struct BlockSize: TableModel {
    package var custom: CustomBlockSize?
    package var matchVolume: FeatureState?
    package var unknownFields: [DocumentMember] = []

    package init() {}

    package static let table: FieldTable<BlockSize> = [Field("custom", \.custom), Field("matchVolume", \.matchVolume)]
}

/// `disks[].blockSize.custom`, in bytes.
package struct CustomBlockSize: TableModel {
    package var logical: UInt32?
    package var physical: UInt32?
    package var discardGranularity: UInt32?
    package var unknownFields: [DocumentMember] = []

    package init() {}

    package static let table: FieldTable<CustomBlockSize> = [
        Field("logical", \.logical),
        Field("physical", \.physical),
        Field("discardGranularity", \.discardGranularity),
    ]
}
