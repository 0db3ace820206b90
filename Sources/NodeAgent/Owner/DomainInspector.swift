internal import DomainPlan
internal import Libvirt

/// Finds out what became of a VM's domain. libvirt alone is not believed: after its own restart it calls a dead QEMU
/// running for a while, and a QEMU that it lost may live on.
struct DomainInspector: Sendable {
    let connection: Connection
    let bootID: String

    struct Finding: Sendable {
        var truth: OwnerStateMachine.DomainTruth
        var domain: DomainHandle?
        var qemu: ProcessIdentity?
        var isPaused = false

        init(_ truth: OwnerStateMachine.DomainTruth) { self.truth = truth }
    }

    func find(_ intent: Intent) async throws(LibvirtError) -> Finding {
        let domain = try await connection.domain(named: intent.domain)
        let qemu = process(of: intent)
        guard let domain, domain.uuid == intent.domainUUID else { return Finding(absent(intent, qemu)) }
        var finding = Finding(.unknown)
        finding.domain = domain
        finding.qemu = qemu
        switch try await domain.state() {
        case .running, .blocked, .shuttingDown, .suspended: finding.truth = qemu != nil || isFake ? .alive : .unknown
        case .paused:
            finding.truth = paused(intent, qemu)
            finding.isPaused = true
        case .shutOff(let reason): finding.truth = qemu == nil ? off(intent, reason) : .unknown
        case .crashed: finding.truth = qemu == nil ? off(intent, .crashed) : .unknown
        case .other: break
        }
        return finding
    }

    /// libvirt's fake driver runs no QEMU.
    private var isFake: Bool { connection.endpoint.isFake }

    /// The QEMU that runs the domain: the one that the intent names, or, where the intent was not written any more, the
    /// one whose command line names the domain.
    private func process(of intent: Intent) -> ProcessIdentity? {
        if let qemu = intent.qemu, intent.bootID == bootID, qemu.isAlive { return qemu }
        return ProcessScan.qemu(guest: intent.domain, uuid: intent.domainUUID)
    }

    private func absent(_ intent: Intent, _ qemu: ProcessIdentity?) -> OwnerStateMachine.DomainTruth {
        if qemu != nil { return .unknown }
        if intent.bootID != bootID { return intent.qemu == nil ? .neverRan : .rebooted }
        return intent.qemu == nil ? .neverRan : .stopped(.vanished)
    }

    /// A start that was not confirmed leaves a guest that has not run yet, or, in libvirt's embedded driver, the word that
    /// it starts, for ever, without any QEMU: both are done with, and the start begins anew.
    private func paused(_ intent: Intent, _ qemu: ProcessIdentity?) -> OwnerStateMachine.DomainTruth {
        if isFake { return .alive }
        if intent.qemu == nil, intent.bootID == bootID { return .neverRan }
        return qemu != nil ? .alive : .unknown
    }

    private func off(_ intent: Intent, _ reason: DomainState.ShutOffReason) -> OwnerStateMachine.DomainTruth {
        // A boot ended every QEMU; libvirt, which kept files of before it, calls that a crash.
        if intent.bootID != bootID, reason != .shutdown { return intent.qemu == nil ? .neverRan : .rebooted }
        switch reason {
        case .shutdown: return .stopped(.shutdown)
        case .destroyed: return .stopped(.destroyed)
        // A start that nobody confirmed did not succeed: the VM never ran.
        case .crashed: return intent.qemu == nil ? .neverRan : .stopped(.crashed)
        case .failed: return intent.qemu == nil ? .neverRan : .stopped(.failed)
        case .other: return intent.qemu == nil ? .neverRan : .stopped(.unknown)
        }
    }
}
