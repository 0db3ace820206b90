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
        /// A VMI entered a phase, so long after its creation.
        case phase(String, seconds: Double)
        case waited(queue: String, seconds: Double)
        /// The API was told of a change, so long after it.
        case statusTold(seconds: Double)
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

    func didEnter(_ phase: String, seconds: Double) { sink(.phase(phase, seconds: seconds)) }
    func didWait(for queue: String, _ duration: Duration) { sink(.waited(queue: queue, seconds: duration.inSeconds)) }
    func didTell(after seconds: Double) { sink(.statusTold(seconds: seconds)) }

    func didEnter(
        _ state: OwnerStateMachine.State, from before: OwnerStateMachine.State, _ owner: MachineOwner
    ) {
        switch (before, state) {
        // From elsewhere it is a VM that ran before: adopted, or found again.
        case (.starting, .running): sink(.started)
        case (_, .waiting(let failure)): sink(.startFailed(reason: failure.reason))
        default: break
        }
    }

    func forget(_ owner: MachineOwner) { sink(.forgotten(namespace: owner.namespace, name: owner.name)) }
}

extension APIError {
    /// A label for metrics: the status' code, or what failed before there was one.
    var codeText: String {
        if case .status(let code, _, _, _) = self { "\(code)" } else { "none" }
    }
}
