internal import DomainModel
internal import DomainPlan
internal import FoundationEssentials
package import KubeVirtModel
internal import KubernetesModel
package import Libvirt
internal import SystemPackage

/// One VM and its owner: one task, one queue of inputs.
///
/// Owns the VM's intent, folders, domain and console from `run`'s begin to its end, and gives all back whatever happens.
/// The rules are `MachineStateMachine`'s; this performs their actions.
///
/// Synchronization: everything mutable lives in `MachineDriver`, inside the task that `run` is; others only send inputs.
package final class VirtualMachine: Sendable {
    package let instance: VirtualMachineInstance
    /// The domain's UUID: libvirt's events name it.
    package let uuid: String
    let environment: MachineEnvironment
    let report: @Sendable (MachineReport) -> Void
    private let inputs: AsyncStream<MachineInput>
    private let continuation: AsyncStream<MachineInput>.Continuation

    package init(
        _ instance: VirtualMachineInstance, _ environment: MachineEnvironment,
        report: @escaping @Sendable (MachineReport) -> Void
    ) {
        var instance = instance
        let uid = (instance.metadata.uid ?? UUID().uuidString).lowercased()
        instance.metadata.uid = uid
        if instance.metadata.creationTimestamp == nil { instance.metadata.creationTimestamp = .now }
        instance.status = nil
        self.instance = instance
        uuid = (instance.spec.domain.firmware?.uuid ?? uid).lowercased()
        self.environment = environment
        self.report = report
        (inputs, continuation) = AsyncStream.makeStream(of: MachineInput.self)
    }

    /// Asks for a graceful stop; a second call kills.
    package func stop() { continuation.yield(.lifecycle(.stopRequested)) }

    /// Hands on an event of libvirt about this domain.
    package func take(_ event: DomainEvent) { continuation.yield(.event(event.kind)) }

    /// Types into the serial console.
    package func type(_ bytes: [UInt8]) { continuation.yield(.typed(bytes)) }

    func send(_ input: MachineInput) { continuation.yield(input) }

    /// Starts the VM, stays with it to its end, and leaves nothing behind.
    package func run() async -> MachineStateMachine.Ending {
        let driver = MachineDriver(self)
        return await driver.run(inputs)
    }
}

/// What reaches a VM's owner.
enum MachineInput: Sendable {
    case lifecycle(MachineStateMachine.Input)
    case event(DomainEvent.Kind)
    /// All volumes are ready.
    case prepared
    case started(Result<StartedMachine, AgentError>)
    case console([UInt8])
    case agentObserved(AgentObservation)
    case typed([UInt8])
}

extension Timestamp {
    static var now: Timestamp { Timestamp(seconds: Int64(Date().timeIntervalSince1970)) }
}
