import KubernetesModel
package import Logging
import Synchronization

/// Lets one of several programs lead, by a lease that they all try to hold.
///
/// A leader that cannot renew stops leading after `renewDeadline`, before the others may take the lease at `duration`:
/// there are never two.
///
/// Synchronization: one mutex guards the election; `run` and its watchdog use it.
package final class LeaderElector: Sendable {
    package struct Settings: Sendable {
        /// How long the lease counts without being renewed. Whole seconds.
        package var duration: Duration = .seconds(15)
        /// When a leader that cannot renew stops leading: less than `duration`.
        package var renewDeadline: Duration = .seconds(10)
        /// Between two tries.
        package var interval: Duration = .seconds(2)

        package init() {}
    }

    /// Each change: true when we begin to lead, false when we no longer do. For one reader.
    package let changes: AsyncStream<Bool>

    private let client: KubernetesClient
    private let name: String
    private let namespace: String
    private let identity: String
    private let settings: Settings
    private let logger: Logger
    private let time: TimeSource
    private let random: @Sendable () -> Double
    private let output: AsyncStream<Bool>.Continuation
    private let election: Mutex<LeaderElection>
    private let told = Mutex(false)

    package init(
        _ client: KubernetesClient, name: String, namespace: String, identity: String,
        settings: Settings = Settings(), logger: Logger, time: TimeSource = .system,
        random: @escaping @Sendable () -> Double = Backoff.systemRandom
    ) {
        self.client = client
        self.name = name
        self.namespace = namespace
        self.identity = identity
        self.settings = settings
        self.logger = logger
        self.time = time
        self.random = random
        (changes, output) = AsyncStream.makeStream()
        election = Mutex(LeaderElection(identity: identity, renewDeadline: settings.renewDeadline))
    }

    /// Whether we lead now: asked of the clock, so that it is true also when nothing runs.
    package var isLeader: Bool {
        let now = time.monotonic()
        return election.withLock { election in
            election.expire(at: now)
            return election.isLeader
        }
    }

    /// Tries until the task is cancelled, and gives the lease back then.
    package func run() async {
        while !Task.isCancelled {
            // A request that hangs must not outlive the leadership that it renews.
            let now = time.monotonic()
            let limit = election.withLock { $0.isLeader ? $0.remaining(at: now) : settings.renewDeadline }
            do {
                try await time.within(max(limit, .milliseconds(100))) { try await self.attempt() }
            } catch {
                let now = time.monotonic()
                election.withLock { $0.failed(at: now) }
                if let error = error as? APIError, !error.isConflict, error != .cancelled {
                    logger.warning("no word of the lease", metadata: ["lease": "\(name)", "problem": "\(error)"])
                }
            }
            tell()
            let isLeader = isLeader
            // Followers come at different times.
            let pause = settings.interval * (isLeader ? 1 : 1 + 0.2 * random())
            do { try await time.sleep(pause) } catch { break }
            tell()
        }
        await giveBack()
        output.finish()
    }

    private func attempt() async throws(APIError) {
        var lease: DocumentNode?
        do throws(APIError) { lease = try await client.get(.leases, namespace: namespace, name: name) } catch {
            guard error.isNotFound else { throw error }
        }
        let found = lease.map { LeaseRecord($0) }
        let now = time.monotonic()
        guard case .acquire(let transitions, let acquired) = election.withLock({ $0.observed(found, at: now) }) else {
            return
        }
        let wall = time.wall()
        let record = LeaseRecord(
            holder: identity, durationSeconds: max(1, settings.duration.components.seconds), acquired: acquired ?? wall,
            renewed: wall, transitions: transitions)
        let written = record.written(into: lease ?? LeaseRecord.empty(name: name, namespace: namespace))
        // With the resourceVersion that was read: of two who try, one gets a 409.
        let answer =
            lease == nil
            ? try await client.create(written, as: .leases, namespace: namespace)
            : try await client.replace(written, of: .leases, namespace: namespace, name: name)
        election.withLock { $0.written(LeaseRecord(answer), sent: now) }
    }

    private func tell() {
        let isLeader = isLeader
        let isNews = told.withLock { told in
            defer { told = isLeader }
            return told != isLeader
        }
        guard isNews else { return }
        logger.info(isLeader ? "this program leads" : "this program no longer leads", metadata: ["lease": "\(name)"])
        output.yield(isLeader)
    }

    /// So that the next leader need not wait. Our task is cancelled already, and its requests with it: this one runs in
    /// a task that is not, and is waited for.
    private func giveBack() async {
        guard isLeader else { return }
        election.withLock { $0.resign() }
        tell()
        await Task {
            do {
                try await time.within(.seconds(5)) { try await self.clear() }
            } catch {
                logger.debug("the lease was not given back", metadata: ["lease": "\(name)", "problem": "\(error)"])
            }
        }.value
    }

    private func clear() async throws(APIError) {
        let lease = try await client.get(.leases, namespace: namespace, name: name)
        var record = LeaseRecord(lease)
        guard record.holder == identity else { return }
        record.holder = ""
        record.durationSeconds = 1
        _ = try await client.replace(record.written(into: lease), of: .leases, namespace: namespace, name: name)
    }
}
