package import KubernetesModel

/// `interfaces[].dhcpOptions`: what the guest is told with its lease.
package struct DHCPOptions: TableModel {
    package var bootFileName: String?
    package var ntpServers: [String] = []
    package var privateOptions: [DHCPPrivateOption] = []
    package var tftpServerName: String?
    package var unknownFields: [DocumentMember] = []

    package init() {}

    package static let table: FieldTable<DHCPOptions> = [
        Field("bootFileName", \.bootFileName),
        Field("ntpServers", \.ntpServers),
        Field("privateOptions", \.privateOptions),
        Field("tftpServerName", \.tftpServerName),
    ]
}

/// One entry of `dhcpOptions.privateOptions`: an option from 224 to 254.
package struct DHCPPrivateOption: TableModel, Equatable {
    package var option: Int32 = 0
    package var value = ""
    package var unknownFields: [DocumentMember] = []

    package init() {}

    package static let table: FieldTable<DHCPPrivateOption> = [
        Field("option", required: \.option),
        Field("value", required: \.value),
    ]
}
