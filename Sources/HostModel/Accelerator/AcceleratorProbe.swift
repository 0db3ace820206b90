package import SystemPackage

/// Finds out whether KVM is worth using, by running one guest under QEMU with both accelerators.
///
/// Takes under half a second on good hardware, about 1.4 s where QEMU aborts and KVM interprets its guest, and some 4 s
/// where KVM hangs before its guest does anything.
package struct AcceleratorProbe: Sendable {
    /// CPU models as libvirt would give them: `host` stands for host-passthrough and host-model.
    static let kvmModel = "host"
    static let plainModel = "qemu64"
    static let emulatedModel = "max"

    package var root: HostRoot
    /// Where the payload is written for the time of the probe; an existing folder.
    package var temporaryFolder: FilePath
    package var qemuCandidates: [String]

    package init(
        root: HostRoot = HostRoot(), temporaryFolder: FilePath,
        qemuCandidates: [String] = QEMUBinary.candidates
    ) {
        self.root = root
        self.temporaryFolder = temporaryFolder
        self.qemuCandidates = qemuCandidates
    }

    /// The verdict of `auto`. Its evidence is kept by `AcceleratorVerdictCache`.
    package func run() async throws(AcceleratorError) -> AcceleratorVerdict {
        let clock = ContinuousClock()
        let start = clock.now
        let qemu = try await QEMUBinary.find(root, among: qemuCandidates).withVersion(root)
        var decision = AcceleratorDecision(
            device: KVMDevice(probing: root), support: VirtualizationSupport(probing: root), figures: .init())
        if decision.device == .opens {
            decision.figures = try await measure(qemu)
        }
        var verdict = decision.verdict
        let kernel = Kernel(probing: root)
        verdict.qemu = qemu
        verdict.kernelRelease = kernel.release
        verdict.bootID = kernel.bootID
        verdict.probeSeconds = (clock.now - start) / .seconds(1)
        return verdict
    }

    private func measure(_ qemu: QEMUBinary) async throws(AcceleratorError) -> AcceleratorVerdict.Figures {
        let image = try PayloadFile(in: temporaryFolder)
        defer { image.remove() }
        let runner = GuestRunner(qemu: root.resolve(qemu.path), image: image.path)
        var figures = try await compare(runner)
        // A busy machine can slow one of the two runs: what is bad but not hopeless has to be seen twice.
        if let speedup = figures.speedup, (0.1..<AcceleratorDecision.clearly).contains(speedup) {
            let again = try await compare(runner)
            if (again.speedup ?? 0) > (figures.speedup ?? 0) { figures = again }
        }
        return figures
    }

    /// One after the other, so that neither takes the other's CPU time.
    private func compare(_ runner: GuestRunner) async throws(AcceleratorError) -> AcceleratorVerdict.Figures {
        let emulated = try await runner.run(
            .tcg, cpuModel: Self.emulatedModel, limits: .init(start: 45, run: 10, enough: 0.4))
        guard emulated.turnsPerSecond > 0 else { throw .emulationFails(emulated) }
        let limits = Self.limits(after: emulated)
        let kvm = try await runner.run(.kvm, cpuModel: Self.kvmModel, limits: limits)
        guard [.aborted, .exited].contains(kvm.ending) else { return .init(kvm: kvm, emulation: emulated) }
        let plain = try await runner.run(.kvm, cpuModel: Self.plainModel, limits: limits)
        return .init(kvm: kvm, kvmPlainModel: plain, emulation: emulated)
    }

    /// KVM has lost once it takes longer than emulation would for all turns. A second at least, so that a slow KVM
    /// leaves figures and a hiccup of the host does not count; QEMU starts about as fast with either accelerator.
    static func limits(after emulated: GuestRun) -> GuestRunner.Limits {
        let allTurns = Double(AcceleratorPayload.turns) / emulated.turnsPerSecond
        let start = emulated.startupSeconds ?? 0
        return .init(start: max(3, start * 4), run: min(max(1, allTurns * 1.2), 10), enough: nil)
    }
}
