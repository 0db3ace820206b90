package import KubernetesModel

/// One entry of `spec.networks`: a name, and exactly one source.
package struct Network: TableModel {
    package var name = ""
    package var pod: PodNetwork?
    package var multus: MultusNetwork?
    package var resourceClaim: ResourceClaimSource?
    package var unknownFields: [DocumentMember] = []

    package init() {}

    package static let handledBy: String? = "DomainPlan/HostDevicesPart"

    package static let table: FieldTable<Network> = [
        Field("name", required: \.name),
        Field("pod", \.pod),
        Field("multus", \.multus).handled(
            by: "DomainPlan/HostDevicesPart (run refuses it: it has the pod network only)"),
        Field("resourceClaim", \.resourceClaim).handled(
            by: "DomainPlan/HostDevicesPart (run refuses it: it has the pod network only)"),
    ]
}

/// `networks[].pod`.
package struct PodNetwork: TableModel {
    package var vmNetworkCIDR: String?
    package var vmIPv6NetworkCIDR: String?
    package var unknownFields: [DocumentMember] = []

    package init() {}

    package static let handledBy: String? = "Networks/UserModeNetwork"

    package static let table: FieldTable<PodNetwork> = [
        Field("vmNetworkCIDR", \.vmNetworkCIDR).handled(by: "Networks/GuestNetworks"),
        Field("vmIPv6NetworkCIDR", \.vmIPv6NetworkCIDR).handled(by: "Networks/GuestNetworks"),
    ]
}

/// `networks[].multus`.
package struct MultusNetwork: TableModel {
    package var networkName = ""
    /// Whether it stands for the pod network.
    package var `default`: Bool?
    package var unknownFields: [DocumentMember] = []

    package init() {}

    package static let table: FieldTable<MultusNetwork> = [
        Field("networkName", required: \.networkName),
        Field("default", \.default),
    ]
}

/// `networks[].resourceClaim`.
package struct ResourceClaimSource: TableModel {
    package var claimName: String?
    package var requestName: String?
    package var unknownFields: [DocumentMember] = []

    package init() {}

    package static let table: FieldTable<ResourceClaimSource> = [
        Field("claimName", \.claimName),
        Field("requestName", \.requestName),
    ]
}
