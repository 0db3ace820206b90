import DomainModel
import KubeVirtModel
import Testing

@testable import DomainPlan

@Suite struct DomainPlanTests {
    @Test("equal requests give equal domains, byte by byte")
    func deterministic() throws {
        let domain = "resources: {limits: {cpu: 2, memory: 1Gi}, requests: {memory: 64Mi}}"
        #expect(try Plans.plan(domain).domain.xml().bytes == Plans.plan(domain).domain.xml().bytes)
    }

    /// All that software emulation cannot give, with the field and the reason of its warning.
    private static let adapted: [(domain: String, field: String, reason: String)] = [
        ("cpu: {model: host-passthrough}", "cpu.model", "HostPassthroughEmulated"),
        ("cpu: {features: [{name: vmx}]}", "cpu.features", "NestedVirtualizationDropped"),
        ("features: {pvspinlock: {}}", "features.pvspinlock", "SpinLocksDropped"),
        ("features: {hyperv: {relaxed: {}}}", "features.hyperv", "HyperVDropped"),
        ("clock: {utc: {}, timer: {kvm: {}}}", "clock.timer", "ParavirtualClockDropped"),
        ("devices: {panicDevices: [{model: hyperv}]}", "devices.panicDevices[0].model", "HyperVPanicDropped"),
        (
            "firmware: {bootloader: {efi: {secureBoot: false}}}\nlaunchSecurity: {sev: {}}", "launchSecurity",
            "LaunchSecurityDropped"
        ),
    ]

    @Test("what emulation cannot give is left out with a warning, or refused by its field", arguments: adapted)
    func exact(domain: String, field: String, reason: String) throws {
        let warnings = try Plans.plan(domain, .emulation).warnings
        #expect(warnings.map(\.reason) == [reason] && warnings.map(\.field) == ["spec.domain.\(field)"])
        let message = try #require(warnings.first?.message)
        let error = #expect(throws: DomainPlanError.self) {
            try Plans.plan(domain, .emulation, emulation: .exact)
        }
        #expect(
            error?.description
                == "default/web: spec.domain.\(field): \(message); and the configuration forbids to start it otherwise")
        // KVM gives it.
        #expect(try Plans.plan(domain, .kvm, emulation: .exact).warnings.isEmpty)
    }

    @Test("the first thing that emulation cannot give is the one that is told")
    func first() {
        let error = #expect(throws: DomainPlanError.self) {
            try Plans.plan(
                "features: {pvspinlock: {}}\ncpu: {model: host-passthrough}", .emulation, emulation: .exact)
        }
        #expect(error?.description.hasPrefix("default/web: spec.domain.cpu.model: ") == true)
    }

    @Test(
        "warnings of other kinds are no reason to refuse a VMI under exact emulation",
        arguments: [
            ("devices: {panicDevices: [{model: pvpanic}]}", "PanicModelReplaced", false),
            ("cpu: {cores: 256}", "TooManyVCPUs", true),
        ])
    func otherWarnings(domain: String, reason: String, isBlocking: Bool) throws {
        let warnings = try Plans.plan(domain, .emulation, emulation: .exact).warnings
        #expect(warnings.map(\.reason) == [reason] && warnings.map(\.isBlocking) == [isBlocking])
    }

    @Test("a Windows guest that asks for all of it starts under emulation, with a warning for each loss")
    func windows() throws {
        let plan = try Plans.plan(
            """
            cpu: {model: host-passthrough}
            clock: {utc: {}, timer: {hyperv: {}, hpet: {present: false}}}
            features: {hyperv: {relaxed: {}, evmcs: {}}, pvspinlock: {}, kvm: {hidden: true}}
            devices: {panicDevices: [{model: hyperv}]}
            """, .emulation)
        #expect(
            plan.reasons == [
                "HostPassthroughEmulated", "NestedVirtualizationDropped", "SpinLocksDropped", "HyperVDropped",
                "ParavirtualClockDropped", "HyperVPanicDropped",
            ])
        #expect(!plan.warnings.contains { $0.isBlocking })
    }

    @Test("causes are noted only for whoever asks")
    func causes() throws {
        let request = Plans.request(try Plans.instance(""))
        #expect(try DomainPlan(request).causes.isEmpty)
        let explaining = PlanRequest(
            instance: request.instance, accelerator: .kvm, resources: request.resources, isExplaining: true)
        #expect(try DomainPlan(explaining).causes.contains(PlanCause(element: "name", reason: .field("metadata.name"))))
    }
}
