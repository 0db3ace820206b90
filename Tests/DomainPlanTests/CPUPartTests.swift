import DomainModel
import Testing

@testable import DomainPlan

@Suite struct CPUPartTests {
    @Test(
        "sockets, cores and threads are the user's; without any, the CPUs that are asked for are sockets",
        arguments: [
            ("cpu: {sockets: 2, cores: 3, threads: 2}", "2x3x2", 12), ("cpu: {cores: 4}", "1x4x1", 4),
            ("cpu: {threads: 2}", "1x1x2", 2), ("", "1x1x1", 1), ("resources: {limits: {cpu: 3}}", "3x1x1", 3),
            ("resources: {requests: {cpu: 1500m}}", "2x1x1", 2),
            ("resources: {requests: {cpu: 1}, limits: {cpu: 4}}", "4x1x1", 4),
            ("cpu: {cores: 2}\nresources: {requests: {cpu: 8}}", "1x2x1", 2),
        ])
    func topology(domain: String, topology: String, vcpus: Int) throws {
        let domain = try Plans.plan(domain).domain
        let cpu = try #require(domain.cpu)
        #expect("\(cpu.sockets)x\(cpu.cores)x\(cpu.threads)" == topology)
        #expect(domain.vcpu == VCPUCount(count: vcpus, placement: "static"))
        #expect(domain.vcpus.isEmpty)
    }

    @Test("with room for more sockets, all vCPUs are listed: those that run, and the first socket, which stays")
    func hotplug() throws {
        let plan = try Plans.plan("cpu: {sockets: 2, threads: 2, maxSockets: 4}")
        #expect(plan.domain.vcpu.count == 8 && plan.domain.cpu?.sockets == 4)
        #expect(plan.domain.vcpus.map(\.id) == Array(0..<8))
        #expect(plan.domain.vcpus.map(\.enabled) == [true, true, true, true, false, false, false, false])
        #expect(plan.domain.vcpus.map(\.hotpluggable) == [false, false, true, true, true, true, true, true])
        #expect(try plan.lines("vcpus/vcpu").last == "vcpu enabled=no hotpluggable=yes id=7")
    }

    @Test(
        "the CPU is as asked, and under emulation what emulation can give",
        arguments: [
            ("{}", PlanAccelerator.kvm, DomainCPU.Mode.hostModel, false), ("{}", .emulation, .hostModel, false),
            ("{model: host-model}", .emulation, .hostModel, false),
            ("{model: host-passthrough}", .kvm, .hostPassthrough, false),
            ("{model: host-passthrough}", .emulation, .maximum, true),
            ("{model: EPYC}", .kvm, .custom(model: "EPYC"), false),
            ("{model: EPYC}", .emulation, .custom(model: "EPYC"), false),
        ])
    func model(cpu: String, accelerator: PlanAccelerator, mode: DomainCPU.Mode, warns: Bool) throws {
        let plan = try Plans.plan("cpu: \(cpu)", accelerator)
        #expect(plan.domain.cpu?.mode == mode)
        #expect(plan.reasons == (warns ? ["HostPassthroughEmulated"] : []))
        #expect(plan.warnings.allSatisfy { $0.field == "spec.domain.cpu.model" && !$0.isBlocking })
    }

    @Test(
        "a named model leaves mpx out unless the user speaks of it",
        arguments: [
            ("{model: Skylake-Client}", ["mpx disable"]),
            ("{model: Skylake-Client, features: [{name: aes}]}", ["aes require", "mpx disable"]),
            ("{model: Skylake-Client, features: [{name: mpx}]}", ["mpx require"]), ("{model: host-model}", []),
            ("{features: [{name: vmx, policy: force}, {name: apic}]}", ["vmx force", "apic require"]),
        ])
    func features(cpu: String, features: [String]) throws {
        #expect(try Plans.plan("cpu: \(cpu)").domain.cpu?.features.map { "\($0.name) \($0.policy)" } == features)
    }

    @Test(
        "nested virtualization is dropped under emulation where it is insisted on",
        arguments: [
            ("{name: vmx}", [], ["NestedVirtualizationDropped"]),
            ("{name: vmx, policy: require}", [], ["NestedVirtualizationDropped"]),
            ("{name: vmx, policy: force}", [], ["NestedVirtualizationDropped"]),
            ("{name: vmx, policy: optional}", ["vmx optional"], []),
            ("{name: vmx, policy: disable}", ["vmx disable"], []), ("{name: svm}", ["svm require"], []),
        ] as [(String, [String], [String])])
    func nested(feature: String, features: [String], reasons: [String]) throws {
        let plan = try Plans.plan("cpu: {features: [\(feature)]}", .emulation)
        #expect(plan.domain.cpu?.features.map { "\($0.name) \($0.policy)" } == features)
        #expect(plan.reasons == reasons)
        #expect(try Plans.plan("cpu: {features: [\(feature)]}").domain.cpu?.features.count == 1)
    }

    @Test(
        "more than 255 vCPUs, sockets to be plugged counted, get an IOMMU that remaps interrupts",
        arguments: [
            ("{cores: 255}", false), ("{cores: 256}", true), ("{sockets: 63, maxSockets: 252}", false),
            ("{sockets: 64, maxSockets: 256}", true),
        ])
    func interruptRemapping(cpu: String, isRemapped: Bool) throws {
        let plan = try Plans.plan("cpu: \(cpu)")
        let iommu = "iommu model=intel {driver eim=on intremap=on}"
        #expect(try plan.line("devices/iommu") == (isRemapped ? iommu : nil))
        #expect(try plan.line("features/ioapic") == (isRemapped ? "ioapic driver=qemu" : nil))
        #expect(plan.warnings.isEmpty)
    }

    @Test("more than 255 vCPUs cannot start under emulation, and the warning that says so blocks the start")
    func tooMany() throws {
        #expect(try Plans.plan("cpu: {cores: 255}", .emulation).warnings.isEmpty)
        let warning = try #require(try Plans.plan("cpu: {cores: 256}", .emulation).warnings.first)
        #expect(warning.reason == "TooManyVCPUs" && warning.field == "spec.domain.cpu" && warning.isBlocking)
        #expect(warning.message.contains("at most 255 vCPUs, and these are 256"))
    }
}
