/// From what was found to the verdict: pure, so that every case is a row of a table in the tests.
struct AcceleratorDecision: Sendable {
    /// KVM must beat emulation by this factor. Real hardware does by 3 to 20, a nested host under TCG by 3 to 5.
    static let clearly = 1.5

    var device: KVMDevice
    var support: VirtualizationSupport
    var figures: AcceleratorVerdict.Figures

    var verdict: AcceleratorVerdict {
        switch device {
        case .absent:
            emulation(
                .kvmAbsent,
                "There is no /dev/kvm\(support.moduleIsLoaded ? ", although the KVM module is loaded" : "").",
                support.moduleIsLoaded
                    ? "Give this process the device /dev/kvm (a container needs it passed in)."
                    : support.remedyForAbsence)
        case .notPermitted:
            emulation(
                .kvmNotPermitted, "/dev/kvm is there, but this process may not open it for reading and writing.",
                "chgrp kvm /dev/kvm && chmod 0660 /dev/kvm, and add the user of virt-node to the group kvm")
        case .failing(let errno):
            emulation(
                .kvmUnavailable, "/dev/kvm is there, but opening it fails: \(errno).", support.remedyForAbsence)
        case .opens: measured
        }
    }

    private var measured: AcceleratorVerdict {
        guard let kvm = figures.kvm, let emulated = figures.emulation else {
            return emulation(.kvmIncomplete, "/dev/kvm opens, but KVM was not measured.", "virt-node doctor --refresh")
        }
        guard kvm.isComplete else { return incomplete(kvm, emulated) }
        let speedup = figures.speedup ?? 0
        let comparison =
            "KVM ran \(kvm.figures) with -cpu \(kvm.cpuModel), \(ratio(speedup)) than emulation: \(emulated.figures)"
        guard speedup >= Self.clearly else {
            return emulation(
                .kvmTooSlow, "\(comparison). Hardware would be clearly faster.", Self.hardwareRemedy)
        }
        return AcceleratorVerdict(verdict: .kvm, reason: .kvmWorks, message: "\(comparison).", figures: figures)
    }

    private func incomplete(_ kvm: GuestRun, _ emulated: GuestRun) -> AcceleratorVerdict {
        var message = "/dev/kvm opens, but \(kvm.account)"
        var remedy = Self.hardwareRemedy
        if let plain = figures.kvmPlainModel {
            message += "; with -cpu \(plain.cpuModel) KVM ran \(plain.figures)"
            if plain.isComplete, (figures.speedup ?? 0) >= Self.clearly {
                remedy = "KVM itself works: upgrade QEMU or the kernel until -cpu \(kvm.cpuModel) works too."
            }
        }
        message += ", where emulation ran \(emulated.figures)"
        if let speedup = figures.speedup { message += ": \(ratio(speedup))" }
        let slow = kvm.ending == .timedOut && kvm.turns > 0
        let dead = kvm.ending == .aborted || kvm.ending == .exited && kvm.startupSeconds == nil
        return emulation(dead ? .kvmAborts : slow ? .kvmTooSlow : .kvmIncomplete, "\(message).", remedy)
    }

    private func emulation(
        _ reason: AcceleratorVerdict.Reason, _ message: String, _ remedy: String
    ) -> AcceleratorVerdict {
        AcceleratorVerdict(verdict: .emulation, reason: reason, message: message, remedy: remedy, figures: figures)
    }

    /// `3.4 times faster`, or `1600 times slower`, to two digits.
    private func ratio(_ speedup: Double) -> String {
        func times(_ factor: Double) -> String {
            factor < 100 ? significant(factor) : fixed((factor / 100).rounded() * 100, digits: 0)
        }
        return speedup >= 1 ? "\(times(speedup)) times faster" : "\(times(1 / max(speedup, 1e-9))) times slower"
    }

    private static let hardwareRemedy =
        "VMs run emulated on this node, slowly. For KVM use bare metal, or a virtual machine whose host gives it "
        + "hardware-assisted nested virtualisation."
}

extension GuestRun {
    /// How it went, as the rest of a sentence: `QEMU aborts with -cpu host (signal 6: …)`.
    var account: String {
        let said = complaint.map { ": \($0)" } ?? ""
        let reached =
            reachedLongMode
            ? "ran \(figures)" : startupSeconds == nil ? "ran no instruction" : "never reached 64-bit mode"
        return switch ending {
        case .completed: "the guest completed \(figures)"
        case .stopped: "the guest was stopped after \(figures)"
        case .timedOut:
            "with -cpu \(cpuModel) the guest \(reached) and was given up after \(significant(wallSeconds)) s\(said)"
        case .exited: "QEMU ends with status \(code ?? 0) with -cpu \(cpuModel), the guest \(reached)\(said)"
        case .aborted: "QEMU aborts with -cpu \(cpuModel) (signal \(code ?? 0)\(said))"
        }
    }
}
