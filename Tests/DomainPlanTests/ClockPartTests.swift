import DomainModel
import KubeVirtModel
import Testing

@testable import DomainPlan

@Suite struct ClockPartTests {
    @Test(
        "a clock is where it was asked to be",
        arguments: [
            ("", nil), ("clock: {utc: {}}", "clock adjustment=reset offset=utc"),
            ("clock: {utc: {offsetSeconds: -60}}", "clock adjustment=-60 offset=utc"),
            ("clock: {utc: {offsetSeconds: 0}}", "clock adjustment=0 offset=utc"),
            ("clock: {timezone: Asia/Tokyo}", "clock offset=timezone timezone=Asia/Tokyo"),
        ] as [(String, String?)])
    func offset(domain: String, line: String?) throws { #expect(try Plans.plan(domain).line("clock") == line) }

    @Test(
        "timers are as asked, and present unless they are declined",
        arguments: [
            ("rtc: {tickPolicy: catchup, track: guest}", "timer name=rtc present=yes tickpolicy=catchup track=guest"),
            ("pit: {tickPolicy: delay}", "timer name=pit present=yes tickpolicy=delay"),
            ("hpet: {present: false}", "timer name=hpet present=no"), ("kvm: {}", "timer name=kvmclock present=yes"),
            ("hyperv: {present: true}", "timer name=hypervclock present=yes"),
        ])
    func timer(timer: String, line: String) throws {
        #expect(try Plans.plan("clock: {utc: {}, timer: {\(timer)}}").lines("clock/timer") == [line])
    }

    @Test("timers are dropped under emulation where they are KVM's or Hyper-V's and wanted, with a warning")
    func emulation() throws {
        let clock =
            """
            clock: {utc: {}, timer: {rtc: {tickPolicy: catchup}, kvm: {}, hyperv: {present: false}, hpet: \
            {present: false}}}
            """
        let kvm = try Plans.plan(clock)
        #expect(kvm.domain.clock?.timers.map(\.name) == ["rtc", "kvmclock", "hpet", "hypervclock"])
        #expect(kvm.warnings.isEmpty)
        let emulated = try Plans.plan(clock, .emulation)
        // What is declined stays declined.
        #expect(emulated.domain.clock?.timers.map(\.name) == ["rtc", "hpet", "hypervclock"])
        #expect(emulated.reasons == ["ParavirtualClockDropped"])
        #expect(emulated.warnings.first?.field == "spec.domain.clock.timer")
        let hyperv = try Plans.plan("clock: {utc: {}, timer: {hyperv: {}}}", .emulation)
        #expect(hyperv.domain.clock?.timers.isEmpty == true && hyperv.reasons == ["ParavirtualClockDropped"])
        let declined = try Plans.plan("clock: {utc: {}, timer: {kvm: {present: false}}}", .emulation)
        #expect(declined.domain.clock?.timers.map(\.present) == [false] && declined.warnings.isEmpty)
    }

    @Test(
        "a guest that relies on the time stamp counter keeps the frequency that its status holds",
        arguments: [
            ("cpu: {features: [{name: invtsc}]}", true), ("cpu: {features: [{name: invtsc, policy: require}]}", true),
            ("cpu: {features: [{name: invtsc, policy: disable}]}", false),
            ("features: {hyperv: {reenlightenment: {}}}", true),
            ("features: {hyperv: {reenlightenment: {enabled: false}}}", false), ("", false),
        ])
    func tsc(domain: String, isKept: Bool) throws {
        var instance = try Plans.instance(domain)
        var hints = TopologyHints()
        hints.tscFrequency = 2_995_200_000
        var status = VirtualMachineInstanceStatus()
        status.topologyHints = hints
        instance.status = status
        let plan = try DomainPlan(Plans.request(instance))
        #expect(
            try plan.line("clock")
                == (isKept ? "clock offset=utc {timer frequency=2995200000 name=tsc present=yes}" : nil))
        instance.status = nil
        #expect(try DomainPlan(Plans.request(instance)).domain.clock == nil)
    }
}
