/// Which accelerator VMs get, and why: what `doctor` shows, the node reports and a VMI's condition quotes.
package struct AcceleratorVerdict: Sendable, Hashable, Codable {
    package enum Choice: String, Sendable, Hashable, Codable {
        case kvm
        case emulation
    }

    /// Stable names, also the `reason` of conditions.
    package enum Reason: String, Sendable, Hashable, Codable, CaseIterable {
        case kvmWorks = "KVMWorks"
        case kvmAbsent = "KVMAbsent"
        case kvmNotPermitted = "KVMNotPermitted"
        /// `/dev/kvm` is there, but opening it fails in another way.
        case kvmUnavailable = "KVMUnavailable"
        /// QEMU dies with the CPU model that VMs use.
        case kvmAborts = "KVMAborts"
        /// The guest stopped making progress, or never got into 64-bit mode.
        case kvmIncomplete = "KVMIncomplete"
        /// It runs, but is not clearly faster than emulation.
        case kvmTooSlow = "KVMTooSlow"
        case emulationForced = "EmulationForced"
        /// Nothing was probed, since there is no working QEMU.
        case qemuUnusable = "QEMUUnusable"
    }

    /// What was measured; absent where there was no need to.
    package struct Figures: Sendable, Hashable, Codable {
        /// With the CPU model that VMs use.
        package var kvm: GuestRun?
        /// With a plain CPU model, where QEMU failed with the other.
        package var kvmPlainModel: GuestRun?
        package var emulation: GuestRun?
        /// KVM's turns per second over emulation's, by the better of the two runs of KVM.
        package var speedup: Double?

        package init(kvm: GuestRun? = nil, kvmPlainModel: GuestRun? = nil, emulation: GuestRun? = nil) {
            self.kvm = kvm
            self.kvmPlainModel = kvmPlainModel
            self.emulation = emulation
            let rate = max(kvm?.turnsPerSecond ?? 0, kvmPlainModel?.turnsPerSecond ?? 0)
            if rate > 0, let emulated = emulation?.turnsPerSecond, emulated > 0 { speedup = rate / emulated }
        }
    }

    package var verdict: Choice
    package var reason: Reason
    /// A sentence with the figures.
    package var message: String
    /// `nil` where all is well.
    package var remedy: String?
    package var figures: Figures
    package var qemu: QEMUBinary?
    package var kernelRelease: String
    package var bootID: String
    /// What the probe itself took.
    package var probeSeconds: Double

    package init(
        verdict: Choice, reason: Reason, message: String, remedy: String? = nil, figures: Figures = Figures(),
        qemu: QEMUBinary? = nil, kernelRelease: String = "", bootID: String = "", probeSeconds: Double = 0
    ) {
        self.verdict = verdict
        self.reason = reason
        self.message = message
        self.remedy = remedy
        self.figures = figures
        self.qemu = qemu
        self.kernelRelease = kernelRelease
        self.bootID = bootID
        self.probeSeconds = probeSeconds
    }
}

extension AcceleratorVerdict {
    /// What is told where no accelerator could be probed: KVM is certainly not to be counted on.
    package init(unusable error: AcceleratorError) {
        if case .kvmUnusable(let verdict) = error {
            self = verdict
        } else {
            self.init(verdict: .emulation, reason: .qemuUnusable, message: error.description, remedy: error.remedy)
        }
    }
}
