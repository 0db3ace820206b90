package import Libvirt
internal import Logging
internal import Synchronization

/// The daemon's connection to libvirt, kept for life: opened, watched, and opened again when it is lost.
///
/// Owns the connection and the subscription to its events. Whoever needs libvirt asks for `connection` at that moment.
///
///     absent ──opened──▶ present ──closed──▶ absent ─ … after 0.2 to 5 s
///                        │     ▲
///                        └silent┘   nobody is given a connection that does not answer; its calls go on once it does
///
/// Synchronization: `run` is the one writer; readers see the connection through a mutex.
package final class LibvirtKeeper: Sendable {
    enum Change: Sendable {
        case found(Connection)
        case lost(reason: String)
        case event(DomainEvent)
    }

    /// How connections end, for those who count.
    enum Loss: String, Sendable {
        case closed, silent
    }

    private struct State {
        var connection: Connection?
        var problem = "libvirt is being connected to"
        var wasAsked = false
        var losses: [Loss: Int] = [:]
    }

    let changes: AsyncStream<Change>
    /// Moves with each connection that is made or lost.
    let moves = Counter()
    private let continuation: AsyncStream<Change>.Continuation
    private let state = Mutex(State())
    private let open: @Sendable () async throws(AgentError) -> Connection
    private let logger: Logger

    init(logger: Logger, open: @escaping @Sendable () async throws(AgentError) -> Connection) {
        self.open = open
        self.logger = logger
        (changes, continuation) = AsyncStream.makeStream(of: Change.self)
    }

    /// The connection, where there is one.
    package var connection: Connection? { state.withLock { $0.connection } }
    /// Whether it has been there, or was looked for in vain.
    var wasAsked: Bool { state.withLock { $0.wasAsked } }
    /// How often it was lost since the process began.
    var losses: [Loss: Int] { state.withLock { $0.losses } }
    /// Why there is none.
    package var problem: String { state.withLock { $0.problem } }

    /// Keeps the connection until cancelled.
    func run() async {
        var attempt = 0
        while !Task.isCancelled {
            let connection: Connection
            let events: EventSubscription
            do {
                connection = try await open()
                events = try EventSubscription(connection)
            } catch {
                attempt += 1
                report(error, isFirst: attempt == 1)
                guard (try? await Task.sleep(for: .milliseconds(min(5000, 200 << min(attempt, 5))))) != nil else {
                    break
                }
                continue
            }
            attempt = 0
            logger.info("connected to libvirt at \(connection.endpoint.uri)")
            found(connection)
            let reason = await relay(events, of: connection)
            guard !Task.isCancelled else { break }
            lost(connection, .closed, reason)
        }
    }

    private func found(_ connection: Connection) {
        state.withLock { state in
            state.connection = connection
            state.wasAsked = true
        }
        continuation.yield(.found(connection))
        moves.advance()
    }

    private func lost(_ connection: Connection, _ loss: Loss, _ reason: String) {
        state.withLock { state in
            state.losses[loss, default: 0] += 1
            state.connection = nil
            state.problem = "libvirt at \(connection.endpoint.uri) does not answer: \(reason)"
        }
        logger.warning("libvirt is lost: \(reason)")
        continuation.yield(.lost(reason: problem))
        moves.advance()
    }

    private func report(_ error: any Error, isFirst: Bool) {
        let text = (error as? AgentError).map(ErrorText.line) ?? "\(error)"
        state.withLock { state in
            state.problem = text
            state.wasAsked = true
        }
        guard isFirst else { return }
        logger.warning("libvirt cannot be reached: \(text)")
        continuation.yield(.lost(reason: text))
    }

    /// Hands on events until the connection ends, and says why it did.
    private func relay(_ subscription: EventSubscription, of connection: Connection) async -> String {
        await withTaskGroup(of: String?.self) { group in
            group.addTask { [continuation] in
                for await event in subscription.events { continuation.yield(.event(event)) }
                return nil
            }
            group.addTask {
                for await reason in connection.closed { return "\(reason)" }
                return nil
            }
            if connection.endpoint.isRemote {
                group.addTask { [self] in
                    await watch(connection)
                    return nil
                }
            }
            var reason = "it ended"
            while let ended = await group.next() {
                if let ended { reason = ended }
                // The stream of events never ends by itself while the connection lives.
                if ended != nil || Task.isCancelled { break }
            }
            group.cancelAll()
            return reason
        }
    }

    /// Tells of a daemon that falls silent, and of one that answers again.
    private func watch(_ connection: Connection) async {
        while (try? await Task.sleep(for: Self.signInterval)) != nil {
            await withTaskGroup(of: Bool.self) { group in
                group.addTask {
                    await connection.sign()
                    return true
                }
                group.addTask {
                    try? await Task.sleep(for: Self.longestSilence)
                    return false
                }
                if await group.next() == false, !Task.isCancelled {
                    lost(connection, .silent, "it has been silent for \(Self.longestSilence)")
                    _ = await group.next()
                    guard !Task.isCancelled else { return }
                    logger.info("libvirt at \(connection.endpoint.uri) answers again")
                    found(connection)
                }
                group.cancelAll()
            }
        }
    }

    private static let signInterval = Duration.seconds(5)
    private static let longestSilence = Duration.seconds(5)
}
