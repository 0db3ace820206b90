import KubernetesModel
package import Logging
import Synchronization

/// Shows that its holder lives: renews a lease that nobody else may hold, as a kubelet does for its node.
///
/// Synchronization: `run` alone speaks of the lease; one mutex guards what others ask of it.
package final class LeaseKeeper: Sendable {
    private struct State {
        var renewed: Duration?
        var otherHolder: String?
    }

    private let client: KubernetesClient
    private let name: String
    private let namespace: String
    private let holder: String
    private let duration: Duration
    private let interval: Duration
    private let owner: ObjectReference?
    private let logger: Logger
    private let time: TimeSource
    private let random: @Sendable () -> Double
    private let state = Mutex(State())

    /// - Parameters:
    ///   - duration: How long the lease counts without being renewed.
    ///   - interval: How often it is renewed; a quarter of `duration` leaves room for failures.
    ///   - owner: The object that the lease goes with when it is deleted, such as the node.
    package init(
        _ client: KubernetesClient, name: String, namespace: String, holder: String, duration: Duration = .seconds(40),
        interval: Duration = .seconds(10), owner: ObjectReference? = nil, logger: Logger, time: TimeSource = .system,
        random: @escaping @Sendable () -> Double = Backoff.systemRandom
    ) {
        self.client = client
        self.name = name
        self.namespace = namespace
        self.holder = holder
        self.duration = duration
        self.interval = interval
        self.owner = owner
        self.logger = logger
        self.time = time
        self.random = random
    }

    /// How long ago the server took the last renewal; nil before the first.
    package var age: Duration? {
        let now = time.monotonic()
        return state.withLock { $0.renewed.map { now - $0 } }
    }

    /// Somebody else who wrote himself into the lease after us: two programs that think they are the same.
    package var otherHolder: String? { state.withLock { $0.otherHolder } }

    /// Renews until the task is cancelled. The lease stays, and runs out.
    package func run() async {
        var lease: DocumentNode?
        var backoff = Backoff(initial: .milliseconds(200), limit: min(interval, .seconds(7)))
        while !Task.isCancelled {
            var pause = interval
            do throws(APIError) {
                lease = try await renew(lease)
                backoff.reset()
            } catch {
                // What was read may be old.
                lease = nil
                pause = max(backoff.next(random), error.retryAfter ?? .zero)
                if error.isConflict {
                    // Somebody wrote in between: read, and write again.
                    pause = .milliseconds(50)
                } else if error != .cancelled {
                    logger.warning("the lease was not renewed", metadata: ["lease": "\(name)", "problem": "\(error)"])
                }
            }
            do { try await time.sleep(pause) } catch { return }
        }
    }

    /// Writes the lease as it is known, or reads it first.
    private func renew(_ known: DocumentNode?) async throws(APIError) -> DocumentNode {
        var lease = known
        if lease == nil {
            do throws(APIError) { lease = try await client.get(.leases, namespace: namespace, name: name) } catch {
                guard error.isNotFound else { throw error }
            }
            if let lease { note(LeaseRecord(lease)) }
        }
        let now = time.wall()
        var record =
            lease.map { LeaseRecord($0) } ?? LeaseRecord(holder: "", durationSeconds: 0, acquired: nil, renewed: nil)
        if record.holder != holder {
            if !record.holder.isEmpty { record.transitions += 1 }
            record.holder = holder
            record.acquired = now
        }
        record.renewed = now
        record.durationSeconds = duration.components.seconds
        var written = record.written(into: lease ?? LeaseRecord.empty(name: name, namespace: namespace))
        if let owner { written[["metadata", "ownerReferences"]] = .array([Self.reference(owner)]) }
        let answer =
            lease == nil
            ? try await client.create(written, as: .leases, namespace: namespace)
            : try await client.replace(written, of: .leases, namespace: namespace, name: name)
        let done = time.monotonic()
        state.withLock { state in
            state.renewed = done
            // Nobody wrote since our last renewal.
            if known != nil { state.otherHolder = nil }
        }
        return answer
    }

    private func note(_ record: LeaseRecord) {
        let other = record.holder.isEmpty || record.holder == holder ? nil : record.holder
        let isNew = state.withLock { state in
            defer { state.otherHolder = state.renewed == nil ? nil : other }
            return other != nil && state.renewed != nil && state.otherHolder != other
        }
        guard isNew, let other else { return }
        logger.error(
            "another program renews the same lease: give each node a name of its own",
            metadata: ["lease": "\(name)", "holder": "\(other)"])
    }

    private static func reference(_ owner: ObjectReference) -> DocumentNode {
        .object([
            DocumentMember("apiVersion", .string(owner.apiVersion)), DocumentMember("kind", .string(owner.kind)),
            DocumentMember("name", .string(owner.name)), DocumentMember("uid", .string(owner.uid ?? "")),
        ])
    }
}
