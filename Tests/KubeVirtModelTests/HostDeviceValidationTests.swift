import KubernetesModel
import Testing

@testable import KubeVirtModel

@Suite struct HostDeviceValidationTests {
    private static let claims = "resourceClaims: [{name: c, resourceClaimName: x}]"

    @Test(
        "devices of the host and those of the machine are told, and nothing else",
        arguments: [
            ("gpus: [{name: g}]", ["gpus[0]: names no device: write deviceName, or claimName and requestName"]),
            (
                "gpus: [{name: g, deviceName: x/y, claimName: c}]",
                ["gpus[0]: deviceName and claimName exclude each other: keep one"]
            ),
            (
                "gpus: [{name: g, deviceName: 'x y'}]",
                ["gpus[0].deviceName: \"x y\" is no resource: write one such as nvidia.com/A100"]
            ),
            (
                "gpus: [{name: g, claimName: d, requestName: r}]",
                ["gpus[0].claimName: no claim is named \"d\": add one under spec.resourceClaims"]
            ),
            (
                "hostDevices: [{name: h, claimName: c}]",
                ["hostDevices[0].requestName: is missing: name the request within the claim"]
            ),
            (
                "hostDevices: [{name: h, requestName: r}]",
                ["hostDevices[0].claimName: is missing: name an entry of spec.resourceClaims"]
            ),
            (
                "gpus: [{name: g, deviceName: x, virtualGPUOptions: {display: {}}}, {name: h, deviceName: x, virtualGPUOptions: {display: {}}}]",
                [
                    "gpus[1].virtualGPUOptions.display.ramFB: another GPU draws the screen before the guest's driver does: write enabled: false in all but one"
                ]
            ),
            (
                "gpus: [{name: g, deviceName: x}, {name: g, deviceName: x}]",
                [
                    "gpus[1].name: \"g\" is the name of spec.domain.devices.gpus[0] too: give each device a name of its own"
                ]
            ),
            (
                "gpus: [{name: 'a.b', deviceName: x}]",
                ["gpus[0].name: \"a.b\" is no name: write at most 63 letters, digits, - and _"]
            ),
            (
                "gpus: [{name: t, deviceName: x}], inputs: [{name: gpu-t, type: tablet}]",
                [
                    "inputs[0].name: \"gpu-t\" gets the alias ua-gpu-t, which spec.domain.devices.gpus[0] has: give each device a name of its own"
                ]
            ),
            ("watchdog: {name: w, diag288: {}}", ["watchdog.diag288: is a device of s390x: write i6300esb"]),
            (
                "video: {type: vga}, autoattachGraphicsDevice: false",
                ["video: there is no screen with autoattachGraphicsDevice: false: remove one of the two"]
            ),
            (
                "panicDevices: [{}, {model: hyperv}, {model: isa}]",
                ["panicDevices[2].model: isa is used twice: a machine has one of each model; remove one"]
            ),
            ("sound: {name: ''}", ["sound.name: \"\" is no name: write at most 63 letters, digits, - and _"]),
        ])
    func wrong(devices: String, issues: [String]) {
        let found = Manifests.issues(Manifests.domain("devices: {\(devices)}", spec: Self.claims))
        #expect(found == issues.map { "spec.domain.devices.\($0)" })
    }

    @Test(
        "sound devices are taken",
        arguments: [
            "gpus: [{name: a, deviceName: nvidia.com/GRID_T4-1Q}], hostDevices: [{name: a, deviceName: intel.com/x:y}]",
            "gpus: [{name: default, claimName: c, requestName: r}]",
            "gpus: [{name: a, deviceName: x, virtualGPUOptions: {display: {}}}, {name: b, deviceName: x, virtualGPUOptions: {display: {ramFB: {enabled: false}}}}]",
            "panicDevices: [{}, {model: hyperv}], sound: {name: s}, watchdog: {name: w}",
            "inputs: [{name: a, type: tablet, bus: virtio}, {name: b, type: tablet}]",
        ])
    func sound(devices: String) {
        #expect(Manifests.issues(Manifests.domain("devices: {\(devices)}", spec: Self.claims)) == [])
    }

    @Test(
        "a claim has a name of its own, and names one claim or template",
        arguments: [
            (
                "[{name: C, resourceClaimName: x}]",
                [
                    "[0].name: \"C\" is no name: write at most 63 lower-case letters, digits and -, with a letter or digit at both ends"
                ]
            ),
            ("[{name: c}]", ["[0]: names no claim: write resourceClaimName or resourceClaimTemplateName"]),
            (
                "[{name: c, resourceClaimName: x, resourceClaimTemplateName: z}]",
                ["[0]: resourceClaimName and resourceClaimTemplateName exclude each other: keep one"]
            ),
            (
                "[{name: c, resourceClaimName: x}, {name: c, resourceClaimName: z}]",
                ["[1].name: \"c\" is used twice: give each claim a name of its own"]
            ),
        ])
    func claims(list: String, issues: [String]) {
        let found = Manifests.issues(Manifests.domain("", spec: "resourceClaims: \(list)"))
        #expect(found == issues.map { "spec.resourceClaims\($0)" })
    }
}
