package import KubernetesAPI
import KubernetesModel
package import Logging
import Synchronization

/// Keeps the Node object true: labels, heartbeat, conditions.
///
/// Owns nothing but the wish to write. On a host without a cluster it makes the Node, since no kubelet does; elsewhere it
/// writes labels, annotations and one condition of a Node that is another's.
///
///     run ─▶ write ─▶ wait for a minute, or for `changed()` ─▶ write … ─▶ cancelled ─▶ not schedulable
///
/// Synchronization: `run()` alone writes; `changed()` wakes it through a count.
package final class NodePublisher: Sendable {
    private let nodes: any NodeWriting
    private let isLocal: Bool
    private let facts: @Sendable () async -> NodeFacts
    private let isSchedulable: @Sendable () -> Bool
    private let logger: Logger
    private let time: TimeSource
    private let random: @Sendable () -> Double
    private let wakes = Counter()

    private static let period = Duration.seconds(60)

    /// `facts` and `isSchedulable` are asked anew for each write. `isLocal`: the API is this process's own.
    package init(
        _ nodes: any NodeWriting, isLocal: Bool, facts: @escaping @Sendable () async -> NodeFacts,
        isSchedulable: @escaping @Sendable () -> Bool, logger: Logger, time: TimeSource = .system,
        random: @escaping @Sendable () -> Double = Backoff.systemRandom
    ) {
        self.nodes = nodes
        self.isLocal = isLocal
        self.facts = facts
        self.isSchedulable = isSchedulable
        self.logger = logger
        self.time = time
        self.random = random
    }

    /// Has the Node written at once, such as when the accelerator's verdict is there.
    package func changed() { wakes.advance() }

    /// Writes until the task is cancelled, and then takes the node out of scheduling.
    package func run() async {
        var backoff = Backoff(initial: .seconds(1), limit: .seconds(30))
        while !Task.isCancelled {
            let mark = wakes.value
            var pause = Self.period * (0.9 + 0.2 * random())
            do throws(APIError) {
                try await write(isSchedulable: isSchedulable())
                backoff.reset()
            } catch {
                pause = max(backoff.next(random), error.retryAfter ?? .zero)
                if error != .cancelled { logger.warning("the node was not written", metadata: ["problem": "\(error)"]) }
            }
            await rest(pause, unlessPast: mark)
        }
        await withdraw()
    }

    /// Returns after the pause, or when something changed.
    private func rest(_ pause: Duration, unlessPast mark: Int) async {
        await withTaskGroup(of: Void.self) { group in
            group.addTask { try? await self.time.sleep(pause) }
            group.addTask { await self.wakes.pass(mark) }
            await group.next()
            group.cancelAll()
        }
    }

    private func write(isSchedulable: Bool) async throws(APIError) {
        let facts = await facts()
        let now = Timestamp(seconds: time.wall().seconds)
        guard let node = try await nodes.node(facts.name) else {
            // A kubelet that did not come yet will make its own.
            guard isLocal else {
                return logger.debug("no Node object to label yet", metadata: ["node": "\(facts.name)"])
            }
            return try await nodes.create(NodeObject.make(facts, isSchedulable: isSchedulable, at: now))
        }
        let metadata = NodePatch.metadata(of: node, facts, isSchedulable: isSchedulable, at: now)
        try await nodes.patch(facts.name, metadata: metadata)
        let isReady = isLocal ? isSchedulable : nil
        let conditions = NodePatch.conditions(of: node, facts, isReady: isReady, at: now)
        if isLocal {
            let status = NodeObject.status(facts, of: node, isReady: isSchedulable, at: now)
            try await nodes.patch(facts.name, status: status)
        } else if NodePatch.differ(conditions, from: node) {
            try await nodes.patch(facts.name, conditions: conditions)
        }
    }

    /// The task is cancelled already, and its requests with it: this one runs in a task that is not, and is waited for,
    /// though not for long.
    private func withdraw() async {
        await Task {
            await withTaskGroup(of: Void.self) { group in
                group.addTask {
                    do throws(APIError) { try await self.write(isSchedulable: false) } catch {
                        self.logger.debug("the node stays schedulable", metadata: ["problem": "\(error)"])
                    }
                }
                group.addTask { try? await self.time.sleep(.seconds(5)) }
                await group.next()
                group.cancelAll()
            }
        }.value
    }
}
