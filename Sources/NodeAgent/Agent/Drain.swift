internal import FoundationEssentials
internal import HostModel
internal import KubernetesModel
internal import Synchronization
internal import SystemPackage

/// The mark that this node is drained. It holds until it is taken away, or the host boots.
struct DrainMark: Sendable {
    private let file: FilePath
    private let bootID: String

    init(_ folders: SessionFolders, bootID: String) {
        file = folders.node.state.appending("drained")
        self.bootID = bootID
    }

    var isSet: Bool { Files.read(file) == Data(bootID.utf8) }

    func set() throws(AgentError) { try Files.writeAtomically(Data(bootID.utf8), to: file) }
    func remove() throws(AgentError) { try Files.remove(file) }
}

extension AgentCore {
    /// Stops all VMs gracefully, the least urgent first, and keeps them from starting until ``undrain()`` or the next
    /// boot. Returns how many were stopped, once none runs.
    package func drain() async throws(AgentError) -> Int {
        try DrainMark(environment.folders, bootID: environment.bootID).set()
        let tiers = registry.withLock { registry in
            registry.isDrained = true
            return Dictionary(grouping: registry.owners.values) { registry.priorities[$0.uid] ?? 0 }
        }
        drains.advance()
        var count = 0
        for (_, tier) in tiers.sorted(by: { $0.key < $1.key }) {
            count += running(tier).count
            for owner in tier { owner.send(.held(true)) }
            await waitUntilStopped(tier)
        }
        return count
    }

    package func undrain() throws(AgentError) {
        try DrainMark(environment.folders, bootID: environment.bootID).remove()
        let owners = registry.withLock { registry in
            registry.isDrained = false
            return Array(registry.owners.values)
        }
        drains.advance()
        for owner in owners { owner.send(.held(false)) }
    }

    private func running(_ owners: [MachineOwner]) -> [MachineOwner] {
        let states = registry.withLock { $0.states }
        return owners.filter { owner in
            switch states[owner.uid] {
            case .running, .stopping, .killing, .starting, .releasing, .unknown: true
            case .idle, .waiting, .ended, .gone, nil: false
            }
        }
    }

    private func waitUntilStopped(_ owners: [MachineOwner]) async {
        while !Task.isCancelled {
            let mark = changes.value
            if running(owners).isEmpty { return }
            await changes.pass(mark)
        }
    }
}
