import HostModel
package import KubernetesModel

/// What is written to a Node that exists: labels and annotations, and one condition.
package enum NodePatch {
    /// The merge patch that brings a Node's labels and heartbeat up to date. Labels of ours that no longer hold are
    /// removed; all others are let be.
    package static func metadata(
        of node: DocumentNode, _ facts: NodeFacts, isSchedulable: Bool, at now: Timestamp
    ) -> DocumentNode {
        let known = node["metadata"]?["labels"]?.members.map { ($0.name, $0.value.text) } ?? []
        let isSkipped = node["metadata"]?["annotations"]?[NodeLabels.skip]?.text == "true"
        let wanted =
            isSkipped
            ? NodeLabels.state(isSchedulable: isSchedulable, facts)
            : NodeLabels.all(isSchedulable: isSchedulable, facts)
        let present = Dictionary(known.map { ($0.0, $0.1) }) { first, _ in first }
        var labels = wanted.filter { present[$0.key] != .some($0.value) }
            .map { DocumentMember($0.key, .string($0.value)) }
        if !isSkipped {
            let stale = known.map(\.0).filter { NodeLabels.isOurs($0) && wanted[$0] == nil }
            labels += stale.map { DocumentMember($0, DocumentNode(.null)) }
        }
        var metadata = [
            DocumentMember(
                "annotations", .object([DocumentMember(NodeLabels.heartbeat, .string(now.text))]))
        ]
        if !labels.isEmpty {
            metadata.append(DocumentMember("labels", .object(labels.sorted { $0.name < $1.name })))
        }
        return .object([DocumentMember("metadata", .object(metadata))])
    }

    package static let acceleratorCondition = "virt-node.io/HardwareVirtualization"

    /// The conditions that we answer for, with the times of their last change as the Node has them.
    package static func conditions(
        of node: DocumentNode?, _ facts: NodeFacts, isReady: Bool?, at now: Timestamp
    ) -> [DocumentNode] {
        let known = node?["status"]?["conditions"]?.elements ?? []
        func condition(_ type: String, _ status: String, _ reason: String, _ message: String) -> DocumentNode {
            let before = known.first { $0["type"]?.text == type }
            let changed = before?["status"]?.text == status ? before?["lastTransitionTime"]?.text : nil
            return .object([
                DocumentMember("type", .string(type)), DocumentMember("status", .string(status)),
                DocumentMember("reason", .string(reason)), DocumentMember("message", .string(message)),
                DocumentMember("lastHeartbeatTime", .string(now.text)),
                DocumentMember("lastTransitionTime", .string(changed ?? now.text)),
            ])
        }
        var result: [DocumentNode] = []
        if let isReady {
            result.append(
                isReady
                    ? condition("Ready", "True", "VirtNodeReady", "virt-node runs VMs here")
                    : condition("Ready", "False", "VirtNodeNotReady", "virt-node starts or ends"))
        }
        if let verdict = facts.verdict {
            let message = [verdict.message, verdict.remedy].compactMap { $0 }.joined(separator: ": ")
            result.append(
                condition(
                    acceleratorCondition, verdict.verdict == .kvm ? "True" : "False", verdict.reason.rawValue, message))
        }
        return result
    }

    /// Whether conditions say something else than the Node does, their times left aside.
    package static func differ(_ conditions: [DocumentNode], from node: DocumentNode) -> Bool {
        let known = node["status"]?["conditions"]?.elements ?? []
        return conditions.contains { condition in
            let before = known.first { $0["type"]?.text == condition["type"]?.text }
            return ["status", "reason", "message"].contains { before?[$0]?.text != condition[$0]?.text }
        }
    }
}
