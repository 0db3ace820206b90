import KubernetesModel
import Testing

@testable import KubeVirtModel

@Suite struct FirmwareValidationTests {
    private static let volumes =
        "volumes: [{name: key, secret: {secretName: s}}, {name: scratch, emptyDisk: {capacity: 1Gi}}]"

    @Test(
        "wrong firmware is told, and nothing else",
        arguments: [
            (
                "firmware: {serial: 'a b'}",
                ["firmware.serial: \"a b\" is not supported: write letters, digits, ., -, + and _"]
            ),
            (
                "firmware: {acpi: {}}",
                ["firmware.acpi: names no table: write msdmNameRef or slicNameRef, or remove acpi"]
            ),
            (
                "firmware: {acpi: {slicNameRef: none, msdmNameRef: scratch}}",
                [
                    "firmware.acpi.msdmNameRef: volume \"scratch\" holds no secret: name one that does",
                    "firmware.acpi.slicNameRef: no volume is named \"none\": add one with a secret under spec.volumes",
                ]
            ),
            (
                "firmware: {kernelBoot: {container: {image: 'a b', kernelPath: /../k, initrdPath: /}}}",
                [
                    "firmware.kernelBoot.container.image: \"a b\" is no image: write one such as quay.io/containerdisks/fedora:42",
                    "firmware.kernelBoot.container.kernelPath: \"/../k\" must be absolute and without ..: write the file's full path",
                    "firmware.kernelBoot.container.initrdPath: \"/\" must be absolute and without ..: write the file's full path",
                ]
            ),
            (
                "firmware: {kernelBoot: {container: {image: a, initrdPath: /i}}}",
                ["firmware.kernelBoot.container.kernelPath: is missing: name the kernel's path in the image"]
            ),
            (
                "machine: {type: pc-q35-}",
                [
                    "machine.type: \"pc-q35-\" is not supported: write q35, or one of its versions such as pc-q35-7.2"
                ]
            ),
        ])
    func wrong(domain: String, issues: [String]) {
        let found = Manifests.issues(Manifests.domain(domain, spec: Self.volumes))
        #expect(found == issues.map { "spec.domain.\($0)" })
    }

    @Test(
        "sound firmware is taken",
        arguments: [
            "firmware: {acpi: {slicNameRef: key, msdmNameRef: key}}", "firmware: {serial: ''}",
            "firmware: {serial: a.B-c+d_1}", "firmware: {uuid: 5d307ca9b3ef428c886106e72d69f223}",
            "machine: {type: pc-q35-rhel9.2.0}", "machine: {type: ''}",
        ])
    func sound(domain: String) { #expect(Manifests.issues(Manifests.domain(domain, spec: Self.volumes)) == []) }

    @Test("a command line that Linux cuts is a warning, and one that no process can be given an error")
    func longArguments() {
        let boot = "firmware: {kernelBoot: {container: {image: a, kernelPath: /k}, kernelArgs: ARGS}}"
        func issues(_ length: Int) -> [FieldIssue] {
            let text = boot.replacing("ARGS", with: String(repeating: "x", count: length))
            return Manifests.read(Manifests.domain(text)).issues.map(\.issue)
        }
        #expect(issues(2047).isEmpty)
        #expect(issues(2048).map(\.severity) == [.warning])
        #expect(issues(65_536).map(\.message) == ["is 65536 bytes long: write at most 65535"])
    }
}
