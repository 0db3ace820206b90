import DomainModel
import KubeVirtModel

/// The guest's clock and timers.
enum ClockPart {
    static func configure(_ draft: inout DomainDraft, _ request: PlanRequest) {
        guard let spec = request.domain.clock else { return }
        var clock = DomainClock(offset(of: spec))
        let timers = spec.timer
        clock.timers = [
            timer("rtc", timers?.rtc), timer("pit", timers?.pit), timer("kvmclock", timers?.kvm),
            timer("hpet", timers?.hpet), timer("hypervclock", timers?.hyperv),
        ].compactMap { $0 }
        if request.accelerator == .emulation {
            let isParavirtual = { (timer: DomainClock.Timer) in timer.name == "kvmclock" || timer.name == "hypervclock"
            }
            if clock.timers.contains(where: { isParavirtual($0) && $0.present }) {
                draft.warn(
                    "ParavirtualClockDropped", "spec.domain.clock.timer",
                    "software emulation has neither KVM's nor Hyper-V's clock: the guest uses the hardware timers")
            }
            clock.timers.removeAll(where: isParavirtual)
        }
        draft.domain.clock = clock
    }

    private static func offset(of spec: Clock) -> DomainClock.Offset {
        if let zone = spec.timezone { return .timezone(zone) }
        if let seconds = spec.utc?.offsetSeconds { return .variable(seconds) }
        return .utc
    }

    private static func timer(_ name: String, _ spec: Timer?) -> DomainClock.Timer? {
        spec.map {
            DomainClock.Timer(name: name, present: $0.present ?? true, tickPolicy: $0.tickPolicy, track: $0.track)
        }
    }
}
