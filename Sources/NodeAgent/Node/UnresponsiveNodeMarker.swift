package import KubernetesAPI
import KubernetesModel
package import Logging

/// Marks the VMIs of nodes that are not heard of. Only the agent that leads does so, and it starts nothing.
///
/// Synchronization: `run()` alone holds the state.
package final class UnresponsiveNodeMarker: Sendable {
    private let client: KubernetesClient
    private let leaseNamespace: String
    private let ownNode: String
    private let limit: Duration
    private let hasStatusSubresource: Bool
    private let isLeader: @Sendable () -> Bool
    private let logger: Logger
    private let time: TimeSource

    private static let period = Duration.seconds(20)

    /// `hasStatusSubresource`: whether VMIs take their status through `…/status`.
    package init(
        _ client: KubernetesClient, leaseNamespace: String, ownNode: String, limit: Duration,
        hasStatusSubresource: Bool,
        isLeader: @escaping @Sendable () -> Bool, logger: Logger, time: TimeSource = .system
    ) {
        self.client = client
        self.leaseNamespace = leaseNamespace
        self.ownNode = ownNode
        self.limit = limit
        self.hasStatusSubresource = hasStatusSubresource
        self.isLeader = isLeader
        self.logger = logger
        self.time = time
    }

    /// Looks until the task is cancelled.
    package func run() async {
        var rule = UnresponsiveNodes(limit: limit)
        while !Task.isCancelled {
            do throws(APIError) {
                if isLeader() { try await look(&rule) } else { rule = UnresponsiveNodes(limit: limit) }
            } catch {
                // What was not seen while the API was away says nothing of the nodes.
                rule = UnresponsiveNodes(limit: limit)
                if error != .cancelled { logger.warning("no word of the nodes", metadata: ["problem": "\(error)"]) }
            }
            do { try await time.sleep(Self.period) } catch { return }
        }
    }

    private func look(_ rule: inout UnresponsiveNodes) async throws(APIError) {
        let leases = try await client.list(.leases, namespace: leaseNamespace)
        let now = time.monotonic()
        rule.observe(leases.items, at: now)
        for node in rule.nodes(at: now, wall: time.wall()) where node != ownNode {
            try await mark(node)
        }
    }

    private func mark(_ node: String) async throws(APIError) {
        let instances = try await client.list(.instances, labelSelector: "kubevirt.io/nodeName=\(node)")
        for instance in instances.items {
            let now = Timestamp(seconds: time.wall().seconds)
            guard isLeader(), let conditions = UnresponsiveNodes.conditions(of: instance, node: node, at: now) else {
                continue
            }
            var body = DocumentNode.object([])
            // Of two who write, the other knows better.
            body[["metadata", "resourceVersion"]] = .string(instance.resourceVersion ?? "")
            body[["status", "conditions"]] = .array(conditions)
            do throws(APIError) {
                _ = try await client.patch(
                    .instances, namespace: instance.objectNamespace, name: instance.objectName,
                    subresource: hasStatusSubresource ? "status" : nil, .merge(body))
                logger.warning(
                    "a VMI's node is not heard of",
                    metadata: ["vmi": "\(instance.objectNamespace ?? "")/\(instance.objectName)", "node": "\(node)"])
            } catch {
                guard error.isConflict || error.isNotFound else { throw error }
            }
        }
    }
}
