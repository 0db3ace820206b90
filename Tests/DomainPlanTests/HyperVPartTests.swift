import DomainModel
import Testing

@testable import DomainPlan

@Suite struct HyperVPartTests {
    @Test(
        "each enlightenment is as asked, and brings those that it stands on",
        arguments: [
            ("relaxed: {}", "{relaxed state=on}"), ("relaxed: {enabled: false}", "{relaxed state=off}"),
            ("vapic: {}", "{vapic state=on}"), ("runtime: {}", "{runtime state=on}"), ("reset: {}", "{reset state=on}"),
            ("frequencies: {}", "{frequencies state=on}"), ("reenlightenment: {}", "{reenlightenment state=on}"),
            ("spinlocks: {}", "{spinlocks retries=4096 state=on}"),
            ("spinlocks: {spinlocks: 8191}", "{spinlocks retries=8191 state=on}"),
            ("spinlocks: {enabled: false}", "{spinlocks state=off}"),
            ("vendorid: {vendorid: virtual}", "{vendor_id state=on value=virtual}"),
            ("synic: {}", "{vpindex state=on} {synic state=on}"),
            ("synictimer: {}", "{vpindex state=on} {synic state=on} {stimer state=on}"),
            (
                "synictimer: {direct: {}}",
                "{vpindex state=on} {synic state=on} {stimer state=on {direct state=on}}"
            ),
            ("tlbflush: {}", "{vpindex state=on} {tlbflush state=on}"),
            ("ipi: {}", "{vpindex state=on} {ipi state=on}"),
            ("evmcs: {}", "{vapic state=on} {evmcs state=on}"),
        ])
    func enlightenments(hyperv: String, children: String) throws {
        let plan = try Plans.plan("features: {hyperv: {\(hyperv)}}")
        #expect(try plan.line("features/hyperv") == "hyperv \(children)")
        #expect(plan.warnings.isEmpty)
    }

    @Test("nested Hyper-V needs Intel's virtualization in the guest")
    func nested() throws {
        let plan = try Plans.plan("features: {hyperv: {evmcs: {}}}")
        #expect(try plan.lines("cpu/feature") == ["feature name=vmx policy=require"])
    }

    @Test(
        "all that the host has is passed on where the VMI says so",
        arguments: [("{}", "hyperv mode=passthrough"), ("{enabled: false}", nil)] as [(String, String?)])
    func passthrough(state: String, line: String?) throws {
        #expect(try Plans.plan("features: {hypervPassthrough: \(state)}").line("features/hyperv") == line)
    }

    @Test(
        "kinds of TLB flushes that libvirt 9 does not know are left out with a warning",
        arguments: ["direct: {}", "extended: {enabled: true}", "direct: {}, extended: {}"])
    func flushes(kind: String) throws {
        let plan = try Plans.plan("features: {hyperv: {tlbflush: {\(kind)}}}")
        #expect(try plan.line("features/hyperv") == "hyperv {vpindex state=on} {tlbflush state=on}")
        #expect(plan.reasons == ["TLBFlushKindsDropped"])
        let off = try Plans.plan("features: {hyperv: {tlbflush: {direct: {enabled: false}}}}")
        #expect(off.warnings.isEmpty)
    }

    @Test(
        "software emulation drops them all with one warning",
        arguments: ["hyperv: {relaxed: {}, vapic: {}}", "hypervPassthrough: {}"])
    func emulation(features: String) throws {
        let plan = try Plans.plan("features: {\(features)}", .emulation)
        #expect(try plan.line("features/hyperv") == nil)
        #expect(plan.reasons == ["HyperVDropped"])
        #expect(plan.warnings.first?.field == "spec.domain.features.hyperv")
    }
}
