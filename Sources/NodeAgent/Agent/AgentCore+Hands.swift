internal import DomainPlan
internal import HostModel
package import KubernetesModel
internal import Libvirt
internal import Synchronization

extension AgentCore: MachineHands {
    private func owner(_ namespace: String, _ name: String) throws(HandsError) -> MachineOwner {
        guard let owner = owner(ofDomain: DomainName.of(namespace: namespace, name: name)) else {
            throw .notFound(instance: "\(namespace)/\(name)")
        }
        return owner
    }

    package func perform(
        _ command: MachineCommand, namespace: String, name: String
    ) async throws(HandsError) -> DocumentNode? {
        try await owner(namespace, name).perform(command).get()
    }

    package func console(namespace: String, name: String) async throws(HandsError) -> ConsoleHub {
        try owner(namespace, name).hub
    }

    package func vncSocket(namespace: String, name: String) async throws(HandsError) -> String {
        let owner = try owner(namespace, name)
        guard let path = await owner.report()["vncSocket"]?.text, !path.isEmpty else {
            throw .absent(instance: owner.qualifiedName, what: "display that runs")
        }
        return path
    }

    package func report(namespace: String, name: String) async throws(HandsError) -> DocumentNode {
        await (try owner(namespace, name)).report()
    }

    package func overview() async -> DocumentNode {
        let (owners, states, isDrained, isSynced, orphans) = registry.withLock {
            ($0.owners.values.sorted { $0.domain < $1.domain }, $0.states, $0.isDrained, $0.isSynced, $0.orphans)
        }
        return .object([
            DocumentMember("node", .string(environment.nodeName)),
            DocumentMember("accelerator", .string(environment.verdict.verdict.rawValue)),
            DocumentMember(
                "libvirt", .string(environment.libvirt.connection?.endpoint.uri ?? environment.libvirt.problem)),
            DocumentMember("isDrained", .bool(isDrained)),
            DocumentMember("isSynced", .bool(isSynced)),
            DocumentMember("waitingForAStart", .number(await environment.limiter.depth)),
            DocumentMember(
                "machines",
                .array(
                    owners.map { owner in
                        .object([
                            DocumentMember("namespace", .string(owner.namespace)),
                            DocumentMember("name", .string(owner.name)), DocumentMember("uid", .string(owner.uid)),
                            DocumentMember("state", .string(states[owner.uid]?.word ?? "new")),
                            DocumentMember("isOrphan", .bool(orphans.contains(owner.domain))),
                        ])
                    })),
        ])
    }
}

extension OwnerStateMachine.State {
    /// One word, for tables and metrics.
    package var word: String {
        switch self {
        case .idle: "idle"
        case .starting: "starting"
        case .waiting: "waiting"
        case .running: "running"
        case .stopping: "stopping"
        case .killing: "killing"
        case .releasing: "releasing"
        case .unknown: "unknown"
        case .ended: "ended"
        case .gone: "gone"
        }
    }
}
