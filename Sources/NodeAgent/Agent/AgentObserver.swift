internal import KubernetesAPI

/// What the agent counts. It is handed to whoever exposes it.
package struct AgentObserver: Sendable {
    package enum Event: Sendable {
        case step(MachineStep, seconds: Double)
        case ended(OwnerStateMachine.Ending)
        case startFailed(reason: String)
        case started
        /// A part of the agent is ready, or is not.
        case part(HealthBoard.Part, isGood: Bool, String)
        /// The agent's loop turns.
        case beat
        case adopted
        case panicked(namespace: String, name: String)
        case statusWritten
        case statusWriteFailed(code: String)
        case state(OwnerStateMachine.State, namespace: String, name: String)
        case forgotten(namespace: String, name: String)
    }

    private let sink: @Sendable (Event) -> Void

    package init(_ sink: @escaping @Sendable (Event) -> Void) { self.sink = sink }

    func didStep(_ step: MachineStep, _ seconds: Double) { sink(.step(step, seconds: seconds)) }
    func didEnd(_ ending: OwnerStateMachine.Ending) { sink(.ended(ending)) }
    func didPanic(_ owner: MachineOwner) { sink(.panicked(namespace: owner.namespace, name: owner.name)) }
    func part(_ part: HealthBoard.Part, _ isGood: Bool, _ detail: String = "") {
        sink(.part(part, isGood: isGood, detail))
    }
    func beat() { sink(.beat) }
    func didAdopt() { sink(.adopted) }
    func didWriteStatus() { sink(.statusWritten) }
    func didFailToWrite(_ error: APIError) { sink(.statusWriteFailed(code: error.codeText)) }

    func didEnter(_ state: OwnerStateMachine.State, _ owner: MachineOwner) {
        switch state {
        case .running: sink(.started)
        case .waiting(let failure): sink(.startFailed(reason: failure.reason))
        default: break
        }
        sink(.state(state, namespace: owner.namespace, name: owner.name))
    }

    func forget(_ owner: MachineOwner) { sink(.forgotten(namespace: owner.namespace, name: owner.name)) }
}

extension APIError {
    /// A label for metrics: the status' code, or what failed before there was one.
    var codeText: String {
        if case .status(let code, _, _, _) = self { "\(code)" } else { "none" }
    }
}
