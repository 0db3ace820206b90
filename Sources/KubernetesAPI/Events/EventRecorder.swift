import KubernetesModel
package import Logging
import Synchronization

/// Tells users what happens to their objects, by events beside them.
///
/// `record` never waits. What it takes goes into a queue of bounded length; when the API is gone for long, the oldest
/// are dropped and counted, since the newest say what is the matter now.
///
/// Synchronization: the queue is a stream; `run` alone owns the correlator. One mutex guards the count of drops,
/// another the number of the last event.
package final class EventRecorder: Sendable {
    private let client: KubernetesClient
    private let source: EventSource
    private let logger: Logger
    private let time: TimeSource
    private let random: @Sendable () -> Double
    private let queue: AsyncStream<EventRecord>
    private let input: AsyncStream<EventRecord>.Continuation
    private let drops = Mutex(0)
    /// Names of events are made of the time in nanoseconds, as client-go makes them; no two are the same.
    private let lastNumber = Mutex<Int64>(0)

    package static let queueLimit = 1000

    package init(
        _ client: KubernetesClient, component: String, host: String, logger: Logger, time: TimeSource = .system,
        random: @escaping @Sendable () -> Double = Backoff.systemRandom
    ) {
        self.client = client
        source = EventSource(component: component, host: host)
        self.logger = logger
        self.time = time
        self.random = random
        (queue, input) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(Self.queueLimit))
    }

    /// Events that nobody will see, since the API was gone for too long.
    package var dropped: Int { drops.withLock { $0 } }

    package func record(_ type: EventType, reason: String, _ message: String, about: ObjectReference) {
        let now = time.wall()
        let number = lastNumber.withLock { last in
            last = max(last + 1, now.microseconds * 1000)
            return last
        }
        let event = EventRecord(
            type, reason: reason, message: message.cut(to: 1024), about: about, at: now, number: number)
        if case .dropped = input.yield(event) { drops.withLock { $0 += 1 } }
    }

    /// Delivers until the task is cancelled.
    package func run() async {
        var correlator = EventCorrelator()
        for await event in queue {
            await deliver(correlator.correlate(event), &correlator)
            if Task.isCancelled { return }
        }
    }

    /// Tries until the server has it, or refuses it.
    private func deliver(_ outcome: EventCorrelator.Outcome, _ correlator: inout EventCorrelator) async {
        var backoff = Backoff(initial: .seconds(1), limit: .seconds(30))
        while !Task.isCancelled {
            do throws(APIError) {
                switch outcome {
                case .create(let event): try await create(event)
                case .update(let event): try await update(event)
                case .spam: break
                }
                return
            } catch {
                guard error.isRetryable else {
                    logger.warning("an event was refused", metadata: ["problem": "\(error)"])
                    if case .create(let event) = outcome { correlator.forget(event) }
                    return
                }
                let pause = max(backoff.next(random), error.retryAfter ?? .zero)
                do { try await time.sleep(pause) } catch { return }
            }
        }
    }

    private func create(_ event: EventRecord) async throws(APIError) {
        do throws(APIError) {
            _ = try await client.create(event.document(from: source), as: .events, namespace: event.namespace)
        } catch {
            // An earlier try got through, and its answer was lost.
            guard error.isAlreadyExists else { throw error }
        }
    }

    private func update(_ event: EventRecord) async throws(APIError) {
        do throws(APIError) {
            _ = try await client.patch(.events, namespace: event.namespace, name: event.name, .merge(event.again))
        } catch {
            // Servers forget events after an hour.
            guard error.isNotFound else { throw error }
            try await create(event)
        }
    }
}
