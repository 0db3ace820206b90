internal import DomainPlan
internal import KubeVirtModel
internal import KubernetesAPI
internal import KubernetesModel
internal import Libvirt

/// What reaches a VMI's owner.
enum OwnerInput: Sendable {
    /// The VMI as the API has it.
    case object(DocumentNode)
    /// The API has no such VMI any more.
    case removed
    case held(Bool)
    case machine(OwnerStateMachine.Input)
    case event(DomainEvent.Kind)
    case libvirtLost(reason: String)
    case libvirtFound
    case found(DomainInspector.Finding, LiveDomain?)
    case findingFailed(LibvirtError)
    case verifyDue
    /// CPUs became somebody's own, or are nobody's any more.
    case sharedCPUsChanged
    /// The QEMU of the domain is gone, says the kernel.
    case qemuExited(ProcessIdentity)
    case exitUnconfirmed(ProcessIdentity)
    case started(Result<StartedMachine, AgentError>)
    case didRelease([AgentError])
    case agentObserved(AgentObservation)
    case diskErrors([String])
    case resumeDue
    case thawDue
    case step(MachineStep, seconds: Double, detail: String)
    case planned(xml: String, PlanRequest)
    case command(MachineCommand, reply: CommandReply)
    case commandDone(MachineCommand, Result<DocumentNode?, HandsError>, reply: CommandReply)
    case reportWanted(CheckedContinuation<DocumentNode, Never>)
    case writeDone(Result<DocumentNode, APIError>)
    case writeDue
    case apiResumed
    /// The last bits of the VM are gone from this host.
    case forgotten
    /// The API had its time to tell what should become of an adopted VM.
    case apiWaitOver
}

/// Where a command's answer goes, once.
typealias CommandReply = CheckedContinuation<Result<DocumentNode?, HandsError>, Never>
