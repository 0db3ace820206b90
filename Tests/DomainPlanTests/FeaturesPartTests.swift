import DomainModel
import Testing

@testable import DomainPlan

@Suite struct FeaturesPartTests {
    @Test(
        "what the user turns on or off is so; ACPI is on without a word, and VMware's port always off",
        arguments: [
            ("", "features {acpi} {vmport state=off}"),
            ("features: {acpi: {enabled: false}}", "features {vmport state=off}"),
            ("features: {apic: {}}", "features {acpi} {apic} {vmport state=off}"),
            ("features: {apic: {endOfInterrupt: true}}", "features {acpi} {apic eoi=on} {vmport state=off}"),
            ("features: {apic: {enabled: false, endOfInterrupt: true}}", "features {acpi} {vmport state=off}"),
            ("features: {smm: {}}", "features {acpi} {smm} {vmport state=off}"),
            ("features: {smm: {enabled: false}}", "features {acpi} {vmport state=off}"),
            ("features: {kvm: {hidden: true}}", "features {acpi} {kvm {hidden state=on}} {vmport state=off}"),
            ("features: {kvm: {}}", "features {acpi} {kvm {hidden state=off}} {vmport state=off}"),
            ("features: {pvspinlock: {}}", "features {acpi} {pvspinlock state=on} {vmport state=off}"),
            (
                "features: {pvspinlock: {enabled: false}}",
                "features {acpi} {pvspinlock state=off} {vmport state=off}"
            ),
            (
                "cpu: {dedicatedCpuPlacement: true}",
                "features {acpi} {kvm {hint-dedicated state=on}} {vmport state=off}"
            ),
        ])
    func features(domain: String, line: String) throws {
        let plan = try Plans.plan(domain)
        #expect(try plan.line("features") == line)
        #expect(plan.warnings.isEmpty)
    }

    @Test("a realtime guest goes without a PMU, whose interrupts it would feel")
    func realtime() throws {
        let plan = try Plans.placed(
            """
            cpu: {dedicatedCpuPlacement: true, numa: {guestMappingPassthrough: {}}, realtime: {}}
            memory: {guest: 64Mi, hugepages: {pageSize: 2Mi}}
            """
        )
        #expect(try plan.line("features/pmu") == "pmu state=off")
    }

    @Test(
        "KVM's spin locks are dropped under emulation where they are wanted, and nothing else is",
        arguments: [
            ("{pvspinlock: {}}", "features {acpi} {vmport state=off}", ["SpinLocksDropped"]),
            ("{pvspinlock: {enabled: false}}", "features {acpi} {pvspinlock state=off} {vmport state=off}", []),
            ("{kvm: {hidden: true}}", "features {acpi} {kvm {hidden state=on}} {vmport state=off}", []),
        ] as [(String, String, [String])])
    func emulation(features: String, line: String, reasons: [String]) throws {
        let plan = try Plans.plan("features: \(features)", .emulation)
        #expect(try plan.line("features") == line)
        #expect(plan.reasons == reasons)
        #expect(plan.warnings.allSatisfy { $0.field == "spec.domain.features.pvspinlock" && !$0.isBlocking })
    }
}
