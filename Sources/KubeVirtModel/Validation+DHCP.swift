extension DHCPOptions {
    /// Bytes that an option of DHCP holds.
    private static let most = 255

    func validate(_ report: inout ValidationReport) {
        report.checkText("bootFileName", bootFileName, limit: Self.most)
        report.checkText("tftpServerName", tftpServerName, limit: Self.most)
        report.each("ntpServers", in: ntpServers) { server, report in
            if !AddressText.isIPv4(server) {
                report.error("\(server.quoted) is no IPv4 address: write one such as 192.0.2.1")
            }
        }
        var seen: Set<Int32> = []
        report.each("privateOptions", in: privateOptions) { option, report in
            if !(224...254).contains(option.option) {
                report.error("option", "\(option.option) is no private option: write a number from 224 to 254")
            } else if !seen.insert(option.option).inserted {
                report.error("option", "\(option.option) is used twice: remove one")
            }
            report.checkText("value", option.value, limit: Self.most)
        }
    }
}
