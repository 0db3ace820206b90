package import KubernetesModel

/// One entry of `spec.domain.devices.interfaces`.
package struct Interface: TableModel {
    package var name = ""
    package var bootOrder: UInt32?
    package var bridge: EmptyObject?
    package var masquerade: EmptyObject?
    package var passt: EmptyObject?
    package var slirp: EmptyObject?
    package var macAddress: String?
    package var model: String?
    package var pciAddress: String?
    package var acpiIndex: Int?
    package var ports: [InterfacePort] = []
    package var state: InterfaceState?
    package var tag: String?
    package var unknownFields: [DocumentMember] = []

    package init() {}

    package static let table: [Field<Interface>] = [
        Field("name", required: \.name),
        Field("bootOrder", \.bootOrder),
        Field("bridge", \.bridge),
        Field("masquerade", \.masquerade),
        Field("passt", \.passt),
        Field("slirp", \.slirp),
        Field("macAddress", \.macAddress),
        Field("model", \.model),
        Field("pciAddress", \.pciAddress),
        Field("acpiIndex", \.acpiIndex),
        Field("ports", \.ports),
        Field("state", \.state),
        Field("tag", \.tag),
        Field(notYet: "binding", "binding plugins: use masquerade"),
        Field(notYet: "dhcpOptions", "DHCP options"),
        Field(notYet: "macvtap", "macvtap: use masquerade"),
        Field(notYet: "passtBinding", "the passt binding: use masquerade"),
        Field(notYet: "portRanges", "port ranges: name each port under ports"),
        Field(notYet: "sriov", "SR-IOV"),
    ]
}

/// One entry of `interfaces[].ports`.
package struct InterfacePort: TableModel, Equatable {
    package var name: String?
    package var port: Int32 = 0
    package var `protocol`: PortProtocol?
    package var unknownFields: [DocumentMember] = []

    package init() {}

    package static let table: [Field<InterfacePort>] = [
        Field("name", \.name), Field("port", required: \.port), Field("protocol", \.protocol),
    ]
}

package enum PortProtocol: String, FieldChoice {
    case tcp = "TCP"
    case udp = "UDP"
}

package enum InterfaceState: String, FieldChoice {
    case up, down, absent
}

/// One entry of `spec.networks`.
package struct Network: TableModel {
    package var name = ""
    package var pod: PodNetwork?
    package var unknownFields: [DocumentMember] = []

    package init() {}

    package static let table: [Field<Network>] = [
        Field("name", required: \.name),
        Field("pod", \.pod),
        Field(notYet: "multus", "networks beside the pod network: use pod"),
        Field(notYet: "resourceClaim", "dynamic resource allocation"),
    ]
}

/// `networks[].pod`.
package struct PodNetwork: TableModel {
    package var vmNetworkCIDR: String?
    package var vmIPv6NetworkCIDR: String?
    package var unknownFields: [DocumentMember] = []

    package init() {}

    package static let table: [Field<PodNetwork>] = [
        Field("vmNetworkCIDR", \.vmNetworkCIDR), Field("vmIPv6NetworkCIDR", \.vmIPv6NetworkCIDR),
    ]
}
