import DomainModel
import DomainPlan
import KubeVirtModel
import Testing

@testable import Networks

@Suite struct GuestNetworksTests {
    private func addresses(_ pod: String) throws -> [String] {
        let instance = try instance(
            interfaces: "[{name: a, masquerade: {}}, {name: b, masquerade: {}}]",
            networks: "[{name: b, pod: {}}, {name: a, pod: {\(pod)}}]")
        let prepared = try UserModeNetwork.prepare(instance)
        #expect(prepared["b"]?.addresses == [])
        return try #require(prepared["a"]).addresses.map {
            "\($0.family?.rawValue ?? "") \($0.address)/\($0.prefix ?? 0)"
        }
    }

    @Test(
        "a network is the guest's, without the text's own host",
        arguments: [
            ("", []), ("vmNetworkCIDR: 10.7.1.0/24", ["ipv4 10.7.1.0/24"]),
            ("vmNetworkCIDR: 10.7.1.200/27", ["ipv4 10.7.1.192/27"]),
            ("vmNetworkCIDR: 16.0.0.0/4", ["ipv4 16.0.0.0/4"]),
            ("vmNetworkCIDR: 10.7.255.255/17", ["ipv4 10.7.128.0/17"]),
            ("vmIPv6NetworkCIDR: 'fd10:0:2::5/64'", ["ipv6 fd10:0:2::/64"]),
            (
                "vmNetworkCIDR: 10.7.0.0/16, vmIPv6NetworkCIDR: 'fd10:0:2:0:1:2:3:4/64'",
                ["ipv4 10.7.0.0/16", "ipv6 fd10:0:2::/64"]
            ),
        ])
    func networks(pod: String, networks: [String]) throws { #expect(try addresses(pod) == networks) }

    @Test("networks stand in the domain as libvirt has them, and are read back")
    func domain() throws {
        let instance = try instance(
            interfaces: "[{name: a, masquerade: {}}]",
            networks: "[{name: a, pod: {vmNetworkCIDR: 10.7.1.0/24, vmIPv6NetworkCIDR: 'fd10:0:2::/64'}}]")
        var interface = DomainInterface(source: .user, alias: "ua-a", model: "virtio")
        interface.addresses = try #require(try UserModeNetwork.prepare(instance)["a"]).addresses
        var domain = Domain()
        domain.devices.interfaces = [interface]
        let xml = domain.xml().text
        #expect(xml.contains(#"<ip family="ipv4" address="10.7.1.0" prefix="24"/>"#), "\(xml)")
        #expect(xml.contains(#"<ip family="ipv6" address="fd10:0:2::" prefix="64"/>"#), "\(xml)")
        #expect(try Domain(xml: xml).devices.interfaces == [interface])
    }

    @Test(
        "a network that QEMU's user mode cannot give is told with one that it can",
        arguments: [
            ("vmNetworkCIDR", "10.0.2.0/28"), ("vmNetworkCIDR", "10.0.2.0/3"), ("vmNetworkCIDR", "10.0.2.0"),
            ("vmNetworkCIDR", "10.0.2/24"), ("vmNetworkCIDR", "10.0.2.0/24/1"), ("vmNetworkCIDR", "fd10:0:2::/64"),
            ("vmNetworkCIDR", "10.0.2.0/-1"), ("vmNetworkCIDR", "10.0.2.0/99999999999999999999"),
            ("vmIPv6NetworkCIDR", "fd10:0:2::/120"), ("vmIPv6NetworkCIDR", "fd10:0:2::/48"),
            ("vmIPv6NetworkCIDR", "10.0.2.0/64"), ("vmIPv6NetworkCIDR", "/64"),
        ])
    func unfit(field: String, text: String) {
        let error = #expect(throws: NetworkError.self) { try addresses("\(field): '\(text)'") }
        let remedy =
            field == "vmNetworkCIDR"
            ? "an IPv4 network of 4 to 27 bits, such as 10.0.2.0/24"
            : "an IPv6 network of 64 bits, such as fd10:0:2::/64"
        #expect(
            error?.description
                == "spec.networks[1].pod.\(field): \"\(text)\" does not fit QEMU's user mode: write \(remedy)")
    }
}
