package import KubernetesAPI
package import KubernetesModel

/// Which nodes have not been heard of for too long. Pure.
///
/// Clocks of nodes differ, so a lease counts as old once it was not seen to change for the limit. One that was old
/// already when first seen is believed sooner, after not changing for a minute: a new leader need not wait the limit
/// again, and a clock that is off makes nobody unresponsive who still renews.
package struct UnresponsiveNodes: Sendable {
    package static let prefix = "virt-node-"
    private static let confirmation = Duration.seconds(60)

    private struct Seen {
        var record: LeaseRecord
        var since: Duration
    }

    private let limit: Duration
    private var seen: [String: Seen] = [:]

    package init(limit: Duration = .seconds(300)) { self.limit = limit }

    /// Takes in all leases as they are; `now` is of a clock that never jumps.
    package mutating func observe(_ leases: [DocumentNode], at now: Duration) {
        var nodes: [String: LeaseRecord] = [:]
        for lease in leases where lease.objectName.hasPrefix(Self.prefix) {
            let node = String(lease.objectName.dropFirst(Self.prefix.count))
            let record = LeaseRecord(lease)
            // Other leases of ours are held by a node's name that is not theirs.
            if record.holder == node { nodes[node] = record }
        }
        seen = seen.filter { nodes[$0.key] != nil }
        for (node, record) in nodes where seen[node]?.record != record {
            seen[node] = Seen(record: record, since: now)
        }
    }

    /// The nodes to call unresponsive. `wall` is what the clock on the wall says.
    package func nodes(at now: Duration, wall: WallTime) -> [String] {
        seen.filter { _, seen in
            let unchanged = now - seen.since
            if unchanged >= limit { return true }
            guard unchanged >= Self.confirmation, let renewed = seen.record.renewed else { return false }
            return renewed.advanced(by: limit) <= wall
        }.keys.sorted()
    }

    /// The conditions that a VMI of such a node gets; nil where it says so already, or has nothing to be unsure of.
    package static func conditions(of instance: DocumentNode, node: String, at now: Timestamp) -> [DocumentNode]? {
        guard ["Scheduled", "Running"].contains(instance["status"]?["phase"]?.text) else { return nil }
        let known = instance["status"]?["conditions"]?.elements ?? []
        let ready = known.first { $0["type"]?.text == "Ready" }
        if ready?["status"]?.text == "Unknown", ready?["reason"]?.text == "NodeUnresponsive" { return nil }
        let message =
            "node \(node) has not been heard of; the VM may well run there, and is started nowhere else: look at the node"
        let condition = DocumentNode.object([
            DocumentMember("type", .string("Ready")), DocumentMember("status", .string("Unknown")),
            DocumentMember("reason", .string("NodeUnresponsive")), DocumentMember("message", .string(message)),
            DocumentMember("lastProbeTime", DocumentNode(.null)),
            DocumentMember("lastTransitionTime", .string(now.text)),
        ])
        return known.filter { $0["type"]?.text != "Ready" } + [condition]
    }
}
