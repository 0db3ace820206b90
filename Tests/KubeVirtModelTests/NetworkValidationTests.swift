import KubernetesModel
import Testing

@testable import KubeVirtModel

@Suite struct NetworkValidationTests {
    private static func issues(_ interface: String, _ network: String, claims: String = "[]") -> [String] {
        Manifests.issues(
            Manifests.domain(
                "devices: {interfaces: [{name: net, \(interface)}]}",
                spec: "networks: [{name: net, \(network)}]\nresourceClaims: \(claims)"))
    }

    @Test(
        "an interface that cannot be made is told, and nothing else",
        arguments: [
            ("bridge: {}, masquerade: {}", "pod: {}", [": bridge and masquerade exclude each other: keep one"]),
            (
                "masquerade: {}", "multus: {networkName: a}",
                [".masquerade: works on the pod network only: use bridge, or write pod: {} for \"net\""]
            ),
            ("sriov: {}", "pod: {}", [".sriov: does not work on the pod network: write multus for \"net\""]),
            (
                "binding: {name: 'a b'}", "pod: {}",
                [".binding.name: \"a b\" is no plugin: write the name that it is registered under"]
            ),
            (
                "bridge: {}, macAddress: '03:00:00:00:00:01'", "pod: {}",
                [
                    ".macAddress: \"03:00:00:00:00:01\" is a multicast address, its first byte being odd: write one such as 02:00:00:12:34:56"
                ]
            ),
            (
                "bridge: {}, macAddress: '00:00:00:00:00:00'", "pod: {}",
                [".macAddress: \"00:00:00:00:00:00\" is no card's address: write one such as 02:00:00:12:34:56"]
            ),
            (
                "masquerade: {}, macAddress: '02-00-00-00-00-00'", "pod: {}",
                [".macAddress: \"02-00-00-00-00-00\" is that of the guest's gateway: write another"]
            ),
            (
                "bridge: {}, model: igb", "pod: {}",
                [".model: igb needs QEMU 8.0: an older one does not start the VM; e1000e is much like it"]
            ),
            ("bridge: {}, acpiIndex: 0", "pod: {}", [".acpiIndex: 0 is no ACPI index: write a number from 1 to 16383"]),
            (
                "bridge: {}, acpiIndex: 16384", "pod: {}",
                [".acpiIndex: 16384 is no ACPI index: write a number from 1 to 16383"]
            ),
            (
                "bridge: {}, pciAddress: x", "pod: {}",
                [".pciAddress: \"x\" is no PCI address: write one such as 0000:81:00.0"]
            ),
            (
                "bridge: {}, state: absent", "pod: {}",
                [".state: the default network cannot be absent: remove the interface and its network"]
            ),
            (
                "sriov: {}, state: down", "multus: {networkName: a}",
                [".state: the link of an SR-IOV function is its network's: remove it"]
            ),
            (
                "masquerade: {}, ports: [{port: 1, name: HTTP}, {port: 2, name: web}, {port: 3, name: web}]", "pod: {}",
                [
                    ".ports[0].name: \"HTTP\" is no port name: write at most 15 lower-case letters, digits and -",
                    ".ports[2].name: \"web\" is used twice: give each port a name of its own",
                ]
            ),
            (
                "masquerade: {}, portRanges: [{start: 0, end: 70000, protocol: TCP}]", "pod: {}",
                [
                    ".portRanges[0].start: 0 is no port: write a number from 1 to 65535",
                    ".portRanges[0].end: 70000 is no port: write a number from 1 to 65535",
                ]
            ),
            (
                "masquerade: {}, portRanges: [{start: 9, end: 8, protocol: TCP}]", "pod: {}",
                [".portRanges[0].end: 8 is less than start, 9: write the lower port first"]
            ),
            (
                "masquerade: {}, portRanges: [{start: 1, end: 10, protocol: TCP}, {start: 10, end: 20, protocol: UDP}, {start: 5, end: 6, protocol: TCP}]",
                "pod: {}", [".portRanges[2]: overlaps 1 to 10: list each port once"]
            ),
            (
                "bridge: {}", "resourceClaim: {claimName: c, requestName: r}",
                [": network \"net\" comes from a resourceClaim, which needs sriov: {}: write that"]
            ),
        ])
    func interfaces(interface: String, network: String, issues: [String]) {
        let found = Self.issues(interface, network, claims: "[{name: c, resourceClaimName: x}]")
        #expect(found == issues.map { "spec.domain.devices.interfaces[0]\($0)" })
    }

    @Test(
        "DHCP options are told one by one",
        arguments: [
            (
                "ntpServers: [192.0.2.1, 'fd00::1', 1.2.3]",
                [
                    "ntpServers[1]: \"fd00::1\" is no IPv4 address: write one such as 192.0.2.1",
                    "ntpServers[2]: \"1.2.3\" is no IPv4 address: write one such as 192.0.2.1",
                ]
            ),
            (
                "privateOptions: [{option: 223, value: a}, {option: 224, value: a}, {option: 224, value: a}]",
                [
                    "privateOptions[0].option: 223 is no private option: write a number from 224 to 254",
                    "privateOptions[2].option: 224 is used twice: remove one",
                ]
            ),
            ("bootFileName: \"a\\u0000\"", ["bootFileName: holds the character U+0, which XML cannot: remove it"]),
        ])
    func options(options: String, issues: [String]) {
        let field = "spec.domain.devices.interfaces[0].dhcpOptions"
        let found = Self.issues("masquerade: {}, dhcpOptions: {\(options)}", "pod: {}").filter {
            !$0.hasPrefix("\(field): ")
        }
        #expect(found == issues.map { "\(field).\($0)" })
    }

    @Test(
        "a network that cannot be joined is told, and nothing else",
        arguments: [
            ("bridge: {}", "pod: {}, multus: {networkName: a}", [": has 2 sources (pod, multus): keep one"]),
            (
                "bridge: {}", "multus: {networkName: a/b/c}",
                [".multus.networkName: \"a/b/c\" is no network attachment: write NAME, or NAMESPACE/NAME"]
            ),
            (
                "bridge: {}", "multus: {networkName: ../x}",
                [".multus.networkName: \"../x\" is no network attachment: write NAME, or NAMESPACE/NAME"]
            ),
            (
                "bridge: {}", "multus: {networkName: ''}",
                [".multus.networkName: \"\" is no network attachment: write NAME, or NAMESPACE/NAME"]
            ),
            (
                "masquerade: {}", "pod: {vmNetworkCIDR: 10.0.2.0/31}",
                [
                    ".pod.vmNetworkCIDR: \"10.0.2.0/31\" is no network with room for a guest: write one such as 10.0.2.0/24"
                ]
            ),
            (
                "masquerade: {}", "pod: {vmIPv6NetworkCIDR: 'fd10::1::/64'}",
                [
                    ".pod.vmIPv6NetworkCIDR: \"fd10::1::/64\" is no IPv6 network with room for a guest: write one such as fd10:0:2::/120"
                ]
            ),
            (
                "sriov: {}", "resourceClaim: {claimName: none}",
                [
                    ".resourceClaim.requestName: is missing: name the request within the claim",
                    ".resourceClaim.claimName: no claim is named \"none\": add one under spec.resourceClaims",
                ]
            ),
        ])
    func networks(interface: String, network: String, issues: [String]) {
        #expect(Self.issues(interface, network) == issues.map { "spec.networks[0]\($0)" })
    }

    @Test("a VM has one default network")
    func defaults() {
        let text = Manifests.domain(
            "devices: {interfaces: [{name: a, bridge: {}}, {name: b, bridge: {}}, {name: c, bridge: {}}]}",
            spec:
                "networks: [{name: a, pod: {}}, {name: b, pod: {}}, {name: c, multus: {networkName: x, default: true}}]"
        )
        let rest = "a VM has one default network, pod or multus: remove the others"
        #expect(Manifests.issues(text) == ["spec.networks[1]: \(rest)", "spec.networks[2]: \(rest)"])
    }

    @Test("two interfaces share neither an ACPI index nor, without a warning, an address")
    func twins() {
        let text = Manifests.domain(
            "devices: {interfaces: [{name: a, bridge: {}, acpiIndex: 1, macAddress: '02:00:00:00:00:0a'}, {name: b, bridge: {}, acpiIndex: 1, macAddress: '02:00:00:00:00:0A'}]}",
            spec: "networks: [{name: a, pod: {}}, {name: b, multus: {networkName: x}}]")
        #expect(
            Manifests.issues(text) == [
                "spec.domain.devices.interfaces[1].macAddress: \"02:00:00:00:00:0A\" is the address of spec.domain.devices.interfaces[0] too: give each interface its own",
                "spec.domain.devices.interfaces[1].acpiIndex: 1 is used twice: give each interface an index of its own",
            ])
    }

    @Test(
        "sound interfaces are taken",
        arguments: [
            (
                "masquerade: {}, macAddress: '02-00-00-ab-CD-ef'",
                "pod: {vmNetworkCIDR: 10.1.0.0/16, vmIPv6NetworkCIDR: 'fd10:0:2::/120'}"
            ),
            ("state: down, acpiIndex: 16383", "pod: {}"),
            ("bridge: {}, state: absent", "multus: {networkName: ns/a.b}"),
            ("sriov: {}", "resourceClaim: {claimName: c, requestName: r}"), ("binding: {name: passt}", "pod: {}"),
            ("slirp: {}", "pod: {}"), ("macvtap: {}", "multus: {networkName: a}"), ("model: ''", "pod: {}"),
            ("bridge: {}, ports: [{port: 1, name: HTTP}]", "multus: {networkName: a}"),
        ])
    func sound(interface: String, network: String) {
        #expect(Self.issues(interface, network, claims: "[{name: c, resourceClaimTemplateName: x}]") == [])
    }

    @Test(
        "addresses are told from what only looks like them",
        arguments: [
            ("::", true), ("::1", true), ("fd10:0:2::", true), ("1:2:3:4:5:6:7:8", true), ("::ffff:192.0.2.1", true),
            ("1:2:3:4:5:6:1.2.3.4", true), ("1:2:3:4:5:6:7", false), ("1:2:3:4:5:6:7:8:9", false), (":::", false),
            ("1::2::3", false), ("12345::", false), ("g::", false), ("", false), ("1.2.3.4", false), (":1", false),
            ("1:2:3:4:5:6:7:8::", false),
        ])
    func addresses(text: String, isAddress: Bool) { #expect(AddressText.isIPv6(text) == isAddress) }
}
