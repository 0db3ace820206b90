import KubernetesModel
import Testing

@testable import KubeVirtModel

@Suite struct AnnotationValidationTests {
    private static func issues(_ annotations: String) -> [FieldIssue] {
        let text = Manifests.domain(
            "devices: {interfaces: [{name: net, masquerade: {}, ports: [{port: 22}, {port: 80}]}]}",
            spec: "networks: [{name: net, pod: {}}]")
        let metadata = "{name: web, annotations: {\(annotations)}}"
        return Manifests.read(text.replacing("{name: web}", with: metadata)).issues.map(\.issue)
    }

    @Test(
        "an annotation that says neither true nor false is a warning",
        arguments: [
            "kubevirt.io/memfd", "kubevirt.io/free-page-reporting-disabled", "kubevirt.io/disablePCIHole64",
            "kubevirt.io/placePCIDevicesOnRootComplex", "alpha.kubevirt.io/EmulatorThreadCompleteToEvenParity",
        ])
    func switches(name: String) {
        let issues = Self.issues("\(name): 'yes'")
        #expect(issues.map(\.severity) == [.warning])
        #expect(
            issues.map { "\($0)" } == [
                "metadata.annotations[\(name)]: \"yes\" is neither: write \"true\" or \"false\""
            ])
        for value in ["true", "false"] { #expect(Self.issues("\(name): '\(value)'").isEmpty) }
    }

    @Test("only where capitals count are they a warning")
    func capitals() {
        #expect(Self.issues("kubevirt.io/disablePCIHole64: 'TRUE'").isEmpty)
        #expect(Self.issues("kubevirt.io/memfd: 'FALSE'").count == 1)
        #expect(Self.issues("alpha.kubevirt.io/EmulatorThreadCompleteToEvenParity: 'False'").count == 1)
    }

    @Test("an empty annotation is a switch where KubeVirt has it so")
    func empty() {
        #expect(Self.issues("alpha.kubevirt.io/EmulatorThreadCompleteToEvenParity: ''").isEmpty)
        #expect(Self.issues("kubevirt.io/memfd: ''").count == 1)
    }

    @Test(
        "Ignition is a JSON object",
        arguments: [
            (#"{"ignition":{"version":"3.4.0"}}"#, true), ("[1]", false), ("a: 1", false), ("{", false), ("", false),
        ])
    func ignition(text: String, isSound: Bool) {
        let issues = Self.issues("kubevirt.io/ignitiondata: '\(text)'")
        #expect(issues.isEmpty == isSound)
        #expect(issues.allSatisfy { $0.severity == .warning && $0.message.hasPrefix("is no JSON object: ") })
    }

    @Test(
        "ports that are forwarded are told where they lead nowhere",
        arguments: [
            ("2222:22,8080:80", []), (" 2222:22 , 8080:80 ", []), ("", []),
            ("22", ["\"22\" is no forward: write HOST_PORT:GUEST_PORT, such as 2222:22"]),
            ("0:22", ["\"0:22\" is no forward: write HOST_PORT:GUEST_PORT, such as 2222:22"]),
            ("2222:22;rm", ["\"2222:22;rm\" is no forward: write HOST_PORT:GUEST_PORT, such as 2222:22"]),
            ("2222:22,2222:80", ["a port of 2222:80 stands in another entry too: name each port once"]),
            ("2222:443", ["no interface lists port 443: add it under an interface's ports"]),
        ] as [(String, [String])])
    func forwards(text: String, messages: [String]) {
        let issues = Self.issues("virt-node.io/port-forwards: '\(text)'")
        #expect(issues.map(\.message) == messages)
        #expect(
            issues.allSatisfy { $0.severity == .error && $0.path == "metadata.annotations[virt-node.io/port-forwards]" }
        )
    }

    @Test("other annotations are nobody's business")
    func others() { #expect(Self.issues("example.com/x: \"\\u0001\"").isEmpty) }
}
