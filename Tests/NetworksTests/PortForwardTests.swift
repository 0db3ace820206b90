import KubeVirtModel
import KubernetesModel
import Testing

@testable import Networks

@Suite struct PortForwardTests {
    static let annotation = "virt-node.io/port-forwards"

    private func plan(_ ports: String, _ forwards: String? = nil) throws -> [String] {
        let instance = try instance(interfaces: "[{name: a, masquerade: {}, ports: \(ports)}]", forwards: forwards)
        return try PortForwardPlan.of(instance).map { $0.text + ($0.isFixed ? " fixed" : "") }
    }

    @Test("the annotation's name is a contract")
    func name() { #expect(PortForward.annotation == Self.annotation) }

    @Test(
        "each port is forwarded from the same port of the loopback, a privileged one from 10000 above",
        arguments: [
            ("[]", []), ("[{port: 8080}]", ["127.0.0.1:8080 -> 8080/tcp"]),
            ("[{port: 22}]", ["127.0.0.1:10022 -> 22/tcp"]),
            ("[{port: 1023}, {port: 1024}]", ["127.0.0.1:11023 -> 1023/tcp", "127.0.0.1:1024 -> 1024/tcp"]),
            ("[{port: 65535, protocol: UDP}]", ["127.0.0.1:65535 -> 65535/udp"]),
        ])
    func ports(ports: String, forwards: [String]) throws { #expect(try plan(ports) == forwards) }

    @Test(
        "the annotation fixes ports of the host",
        arguments: [
            ("2222:22", ["127.0.0.1:2222 -> 22/tcp fixed", "127.0.0.1:10080 -> 80/tcp"]),
            (" 2222:22 , 80:80 ", ["127.0.0.1:2222 -> 22/tcp fixed", "127.0.0.1:80 -> 80/tcp fixed"]),
            ("", ["127.0.0.1:10022 -> 22/tcp", "127.0.0.1:10080 -> 80/tcp"]),
            ("1:80,", ["127.0.0.1:10022 -> 22/tcp", "127.0.0.1:1 -> 80/tcp fixed"]),
        ])
    func fixed(annotation: String, forwards: [String]) throws {
        #expect(try plan("[{port: 22}, {port: 80}]", annotation) == forwards)
    }

    @Test("a fixed port counts for TCP and UDP, and for the first interface that has it")
    func protocols() throws {
        #expect(
            try plan("[{port: 53}, {port: 53, protocol: UDP}]", "5353:53") == [
                "127.0.0.1:5353 -> 53/tcp fixed", "127.0.0.1:5353 -> 53/udp fixed",
            ])
        let two = try instance(
            interfaces:
                "[{name: a, masquerade: {}, ports: [{port: 80}]}, {name: b, masquerade: {}, ports: [{port: 80}]}]",
            forwards: "8080:80")
        #expect(
            try PortForwardPlan.of(two).map { "\($0.interface) \($0.host) \($0.isFixed)" } == [
                "a 8080 true", "b 10080 false",
            ])
    }

    @Test(
        "a wrong entry of the annotation is told with what to write",
        arguments: [
            "x", "22", "2222:", ":22", "0:22", "2222:0", "65536:22", "2222:65536", "-1:22", "2222:22:22",
            "2222:22;80:80", "２:22", " ", "99999999999999999999:22",
        ])
    func wrong(entry: String) throws {
        let error = #expect(throws: NetworkError.self) { try plan("[{port: 22}]", entry) }
        #expect(
            error?.description
                == "metadata.annotations[virt-node.io/port-forwards]: \"\(entry)\" is no forward: write HOST_PORT:GUEST_PORT, such as 2222:22"
        )
    }

    @Test("a forward to a port that no interface lists is told")
    func unknown() {
        let error = #expect(throws: NetworkError.self) { try plan("[{port: 22}]", "2222:22,99:99,98:98") }
        #expect(
            error?.description
                == "metadata.annotations[virt-node.io/port-forwards]: no interface lists port 98: add it under an interface's ports"
        )
    }

    @Test(
        "a port that stands in two entries is told", arguments: ["2222:22,2223:22", "2222:22,2222:80", "22:22,22:22"])
    func twice(annotation: String) {
        let error = #expect(throws: NetworkError.self) { try plan("[{port: 22}, {port: 80}]", annotation) }
        #expect(error?.description.contains("stands in another entry too: name each port once") == true)
    }

    @Test("a range forwards each of its ports, beside those that are listed by themselves")
    func ranges() throws {
        let instance = try instance(
            interfaces:
                "[{name: a, masquerade: {}, ports: [{port: 81, name: web}], portRanges: [{start: 80, end: 82, protocol: TCP}, {start: 82, end: 82, protocol: UDP}]}]",
            forwards: "8082:82")
        let forwards = try PortForwardPlan.of(instance)
        #expect(
            forwards.map { $0.text + ($0.isFixed ? " fixed" : "") } == [
                "127.0.0.1:10081 -> 81/tcp", "127.0.0.1:10080 -> 80/tcp", "127.0.0.1:8082 -> 82/tcp fixed",
                "127.0.0.1:8082 -> 82/udp fixed",
            ])
        #expect(forwards.map(\.name) == ["web", nil, nil, nil])
    }

    @Test(
        "more ports than a QEMU forwards are told with both figures",
        arguments: [
            ("[{start: 1000, end: 1255, protocol: TCP}]", nil), ("[{start: 1000, end: 1256, protocol: TCP}]", 257),
            ("[{start: 1, end: 65535, protocol: TCP}, {start: 1, end: 65535, protocol: UDP}]", 131_070),
            ("[{start: -2147483648, end: 2147483647, protocol: TCP}]", 4_294_967_296),
        ] as [(String, Int?)])
    func tooMany(ranges: String, count: Int?) throws {
        let instance = try instance(interfaces: "[{name: a, masquerade: {}, portRanges: \(ranges)}]")
        guard let count else { return #expect(try PortForwardPlan.of(instance).count == PortForwardPlan.limit) }
        let error = #expect(throws: NetworkError.self) { try PortForwardPlan.of(instance) }
        #expect(
            error?.description
                == "spec.domain.devices.interfaces: their ports and portRanges are \(count) ports, and QEMU's user mode forwards at most 256: list fewer"
        )
    }

    @Test("a range that ends before it starts forwards nothing")
    func backwards() throws {
        let instance = try instance(
            interfaces: "[{name: a, masquerade: {}, portRanges: [{start: 9, end: 8, protocol: TCP}]}]")
        #expect(try PortForwardPlan.of(instance).isEmpty)
    }

    @Test("an absent interface forwards nothing")
    func absent() throws {
        let instance = try instance(interfaces: "[{name: a, masquerade: {}, state: absent, ports: [{port: 22}]}]")
        #expect(try PortForwardPlan.of(instance).isEmpty)
    }
}
