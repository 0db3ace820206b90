package import KubernetesModel

/// One entry of `spec.domain.devices.interfaces`.
package struct Interface: TableModel {
    package var name = ""
    package var bootOrder: UInt32?
    package var binding: InterfaceBinding?
    package var bridge: EmptyObject?
    package var macvtap: EmptyObject?
    package var masquerade: EmptyObject?
    package var passt: EmptyObject?
    package var passtBinding: EmptyObject?
    package var slirp: EmptyObject?
    package var sriov: EmptyObject?
    package var acpiIndex: Int?
    package var dhcpOptions: DHCPOptions?
    package var macAddress: String?
    package var model: String?
    package var pciAddress: String?
    package var portRanges: [PortRange] = []
    package var ports: [InterfacePort] = []
    package var state: InterfaceState?
    /// What cloud-init's config drive calls the device.
    package var tag: String?
    package var unknownFields: [DocumentMember] = []

    package init() {}

    package static let table: FieldTable<Interface> = [
        Field("name", required: \.name),
        Field("bootOrder", \.bootOrder),
        Field("binding", \.binding).handled(by: "DomainPlan/InterfacesPart (run gives user-mode networking)"),
        Field("bridge", \.bridge).handled(by: "DomainPlan/InterfacesPart (run gives user-mode networking)"),
        Field("macvtap", \.macvtap).handled(
            by: "DomainPlan/InterfacesPart (run refuses it: it binds no network devices of the host)"),
        Field("masquerade", \.masquerade).handled(by: "DomainPlan/InterfacesPart (run gives user-mode networking)"),
        Field("passt", \.passt),
        Field("passtBinding", \.passtBinding),
        Field("slirp", \.slirp),
        Field("sriov", \.sriov).handled(
            by: "DomainPlan/HostDevicesPart (run refuses it: it binds no network devices of the host)"),
        Field("acpiIndex", \.acpiIndex),
        Field("dhcpOptions", \.dhcpOptions).notYet(
            "DHCP options of one's own: set them in the guest, by cloud-init, say"),
        Field("macAddress", \.macAddress),
        Field("model", \.model),
        Field("pciAddress", \.pciAddress),
        Field("portRanges", \.portRanges).handled(by: "Networks/PortForward"),
        Field("ports", \.ports).handled(by: "Networks/PortForward"),
        Field("state", \.state),
        Field("tag", \.tag).notYet("device tags in the metadata of cloud-init"),
    ]
}

/// `interfaces[].binding`: a plugin that connects the interface.
package struct InterfaceBinding: TableModel {
    package var name = ""
    package var unknownFields: [DocumentMember] = []

    package init() {}

    package static let table: FieldTable<InterfaceBinding> = [Field("name", required: \.name)]
}

/// One entry of `interfaces[].ports`.
package struct InterfacePort: TableModel, Equatable {
    package var name: String?
    package var port: Int32 = 0
    package var `protocol`: PortProtocol?
    package var unknownFields: [DocumentMember] = []

    package init() {}

    package static let table: FieldTable<InterfacePort> = [
        Field("name", \.name),
        Field("port", required: \.port),
        Field("protocol", \.protocol),
    ]
}

/// One entry of `interfaces[].portRanges`: ports from `start` to `end`, both included.
package struct PortRange: TableModel, Equatable {
    package var start: Int32 = 0
    package var end: Int32 = 0
    package var `protocol` = PortProtocol.tcp
    package var unknownFields: [DocumentMember] = []

    package init() {}

    package static let table: FieldTable<PortRange> = [
        Field("start", required: \.start),
        Field("end", required: \.end),
        Field("protocol", required: \.protocol),
    ]
}

/// What a port speaks.
package enum PortProtocol: String, FieldChoice {
    case tcp = "TCP"
    case udp = "UDP"
}

/// `interfaces[].state`: whether its link is up, or the interface is to be unplugged.
package enum InterfaceState: String, FieldChoice {
    case up, down, absent
}
