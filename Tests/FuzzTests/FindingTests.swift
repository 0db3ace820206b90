import KubeVirtModel
import KubernetesModel
import Testing

/// Texts that broke something once, each as small as it gets.
@Suite struct FindingTests {
    private static func manifest(_ spec: String, name: String = "case", domain: String = "") -> String {
        """
        {"apiVersion": "kubevirt.io/v1", "kind": "VirtualMachineInstance", "metadata": {"name": "\(name)"}, "spec": {\(spec)
        "domain": {"memory": {"guest": "64Mi"}, "devices": {} \(domain)}}}
        """
    }

    private static func list(_ count: Int, _ element: (Int) -> String) -> String {
        (0..<count).map(element).joined(separator: ",")
    }

    private static let long = String(repeating: "9", count: 100_000)

    private static let longValues = [
        Specimen("a number", manifest("\"terminationGracePeriodSeconds\": \(long),")),
        Specimen("a quantity", manifest("", domain: ", \"resources\": {\"limits\": {\"memory\": \(long)}}")),
        Specimen(
            "a letter with many accents",
            manifest("\"architecture\": \"a\(String(repeating: "\u{301}", count: 50_000))\",")),
        Specimen("the name of a field", manifest("\"x\(long)\": 1,")),
        Specimen("the name of an amount", manifest("", domain: ", \"resources\": {\"limits\": {\"\(long)\": -1}}")),
        Specimen("a key that stands twice", "{\"\(long)\": 1, \"\(long)\": 2}"),
        Specimen("a key that stands twice in YAML", "{'\(long)': 1, '\(long)': 2}"),
        Specimen(
            "a mask of vCPUs", manifest("", domain: ", \"cpu\": {\"realtime\": {\"mask\": \"\(long.prefix(3000))x\"}}")),
        Specimen(
            "a name that stands twice",
            manifest("", name: "x\(long)") + "\n---\n" + manifest("", name: "x\(long)")),
        Specimen("a kind", "{\"apiVersion\": \"v1\", \"kind\": \"x\(long)\"}"),
        Specimen("a version", "{\"apiVersion\": \"v\(long)\", \"kind\": \"VirtualMachineInstance\"}"),
    ]

    @Test("a message shows no more of a value than finds it again", arguments: longValues)
    func messages(specimen: Specimen) {
        let reading = Pipeline.read(specimen.text)
        #expect(!reading.issues.isEmpty)
        let faults = Cases.messageFaults(reading.issues)
        #expect(faults.isEmpty, "\(faults)")
    }

    private static let faulty = [
        Specimen(
            "disks that cannot be read",
            manifest(
                "\"volumes\": [],"
            ).replacing(
                "\"devices\": {}",
                with: "\"devices\": {\"disks\": [\(list(12_000) { _ in "{\"name\": \"\", \"cache\": 7}" })]}")),
        Specimen(
            "negative amounts",
            manifest("", domain: ", \"resources\": {\"limits\": {\(list(24_000) { "\"\($0)\": -1" })}}")),
    ]

    @Test("thousands of faults take no longer than thousands of times one", .timeLimit(.minutes(10)), arguments: faulty)
    func manyFaults(specimen: Specimen) {
        let reading = Pipeline.read(specimen.text)
        #expect(reading.errors.count > 10_000)
    }

    @Test("a mask of vCPUs that is longer than any guest needs is not worked out")
    func longMask() {
        let mask = Array(repeating: "0-287", count: 5_000).joined(separator: ",")
        let cpu = "{\"cores\": 288, \"dedicatedCpuPlacement\": true, \"realtime\": {\"mask\": \"\(mask)\"}}"
        let issues = Pipeline.read(Self.manifest("", domain: ", \"cpu\": \(cpu)")).errors
        let about = issues.filter { $0.path == "spec.domain.cpu.realtime.mask" }
        #expect(about.map(\.message) == ["is 29999 bytes long: write ranges, in at most 4096"])
    }

    @Test(
        "base64 has no line breaks but those of ASCII: others would reach the domain",
        arguments: ["\u{B}", "\u{C}", "\u{85}", "\u{2028}", "\u{2029}"])
    func lineBreaks(character: String) {
        let firmware = ", \"firmware\": {\"bootloader\": {\"efi\": {\"secureBoot\": false}}}"
        let security = ", \"launchSecurity\": {\"sev\": {\"session\": \"QUJD\(character)\"}}"
        let escaped = character.unicodeScalars.map { "\\u" + String(0x10000 + $0.value, radix: 16).dropFirst() }
            .joined()
        let text = Self.manifest("", domain: firmware + security).replacing(character, with: escaped)
        #expect(Pipeline.read(text).errors.map(\.path) == ["spec.domain.launchSecurity.sev.session"])
    }
}
