import DomainModel
import KubeVirtModel

/// The guest's clock and timers (`<clock>`).
enum ClockPart {
    static func configure(_ draft: inout DomainDraft, _ request: PlanRequest) {
        if let spec = request.domain.clock {
            draft.domain.clock = clock(spec)
            draft.because(
                "clock", .field(spec.timezone == nil ? "spec.domain.clock.utc" : "spec.domain.clock.timezone"))
            for name in ["rtc", "pit", "hpet"] {
                draft.because("clock/timer[\(name)]", .field("spec.domain.clock.timer.\(name)"))
            }
            draft.because("clock/timer[kvmclock]", .field("spec.domain.clock.timer.kvm"))
            draft.because("clock/timer[hypervclock]", .field("spec.domain.clock.timer.hyperv"))
        }
        addTSC(&draft, request)
        if request.accelerator == .emulation { adaptToEmulation(&draft) }
    }

    private static func clock(_ spec: Clock) -> DomainClock {
        var clock = DomainClock(offset(of: spec))
        let timers = spec.timer
        clock.timers = [
            timer("rtc", timers?.rtc), timer("pit", timers?.pit), timer("kvmclock", timers?.kvm),
            timer("hpet", timers?.hpet), timer("hypervclock", timers?.hyperv),
        ].compactMap { $0 }
        return clock
    }

    private static func offset(of spec: Clock) -> DomainClock.Offset {
        if let seconds = spec.utc?.offsetSeconds { return .variable(seconds) }
        if spec.utc != nil { return .utc }
        if let zone = spec.timezone { return .timezone(zone) }
        return .utc
    }

    private static func timer(_ name: String, _ spec: Timer?) -> DomainClock.Timer? {
        spec.map {
            DomainClock.Timer(name: name, present: $0.present ?? true, tickPolicy: $0.tickPolicy, track: $0.track)
        }
    }

    /// A guest that relies on the time stamp counter keeps its frequency wherever it runs.
    private static func addTSC(_ draft: inout DomainDraft, _ request: PlanRequest) {
        guard let frequency = request.instance.status?.topologyHints?.tscFrequency, request.needsTSC, frequency > 0
        else { return }
        var clock = draft.domain.clock ?? DomainClock(.plainUTC)
        var timer = DomainClock.Timer()
        timer.name = "tsc"
        timer.frequency = UInt64(frequency)
        clock.timers.append(timer)
        draft.domain.clock = clock
        draft.because("clock/timer[tsc]", .field("status.topologyHints.tscFrequency"))
    }

    private static func adaptToEmulation(_ draft: inout DomainDraft) {
        guard let timers = draft.domain.clock?.timers else { return }
        let paravirtual: Set = ["kvmclock", "hypervclock", "tsc"]
        if timers.contains(where: { paravirtual.contains($0.name) && $0.present }) {
            draft.adapt(
                "ParavirtualClockDropped", "spec.domain.clock.timer",
                "software emulation has neither KVM's nor Hyper-V's clock: the guest uses the hardware timers")
        }
        draft.domain.clock?.timers.removeAll { paravirtual.contains($0.name) && $0.present }
    }
}

extension PlanRequest {
    /// Whether the guest was promised a time stamp counter that keeps its frequency.
    fileprivate var needsTSC: Bool {
        domain.features?.hyperv?.reenlightenment?.isOn ?? false
            || domain.cpu?.features.contains { $0.name == "invtsc" && ($0.policy ?? .require) == .require } ?? false
    }
}
