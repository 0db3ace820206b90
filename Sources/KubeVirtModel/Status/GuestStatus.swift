package import KubernetesModel

/// `status.guestOSInfo`, as the guest agent tells it.
package struct GuestOSInfo: TableModel, Equatable {
    package var id: String?
    package var kernelRelease: String?
    package var kernelVersion: String?
    package var machine: String?
    package var name: String?
    package var prettyName: String?
    package var version: String?
    package var versionId: String?
    package var unknownFields: [DocumentMember] = []

    package init() {}

    package static let table: FieldTable<GuestOSInfo> = [
        Field("id", \.id),
        Field("kernelRelease", \.kernelRelease),
        Field("kernelVersion", \.kernelVersion),
        Field("machine", \.machine),
        Field("name", \.name),
        Field("prettyName", \.prettyName),
        Field("version", \.version),
        Field("versionId", \.versionId),
    ]
}

/// One entry of `status.interfaces`.
package struct InterfaceStatus: TableModel, Equatable {
    package var infoSource: String?
    package var interfaceName: String?
    package var ipAddress: String?
    package var ipAddresses: [String] = []
    package var linkState: String?
    package var mac: String?
    package var name: String?
    package var queueCount: Int32?
    package var podInterfaceName: String?
    package var unknownFields: [DocumentMember] = []

    package init() {}

    package static let table: FieldTable<InterfaceStatus> = [
        Field("infoSource", \.infoSource),
        Field("interfaceName", \.interfaceName),
        Field("ipAddress", \.ipAddress),
        Field("ipAddresses", \.ipAddresses),
        Field("linkState", \.linkState),
        Field("mac", \.mac),
        Field("name", \.name),
        Field("queueCount", \.queueCount),
        Field("podInterfaceName", \.podInterfaceName).elsewhere("virt-controller"),
    ]
}
