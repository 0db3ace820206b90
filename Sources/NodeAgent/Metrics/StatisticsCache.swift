package import Libvirt
import Synchronization

/// The counters of all VMs, asked of libvirt once for all scrapes of a few seconds.
///
/// Owns the last answer and who waits for the next:
///
///     fresh ── lifetime over, a scrape comes ──▶ asked ── answer ──▶ fresh
///                                                  │ (a scrape's patience ends: it gets the last answer and its age)
///
/// Synchronization: a mutex guards the state. `run()` alone asks; scrapes wake it through a stream and wait on
/// continuations, which an answer, a cancellation or their patience ends. A libvirt that hangs holds up `run()` only.
package final class StatisticsCache: Sendable {
    /// An answer and how old it is.
    package struct Reading: Sendable {
        package var statistics: [DomainStatistics]
        package var age: Duration
    }

    private struct State {
        var statistics: [DomainStatistics] = []
        var takenAt: Duration?
        var isAsked = false
        var waiters: [Int: CheckedContinuation<Void, Never>] = [:]
        var nextWaiter = 0
    }

    private let state = Mutex(State())
    private let requests: AsyncStream<Void>
    private let wake: AsyncStream<Void>.Continuation
    private let lifetime: Duration
    private let patience: Duration
    private let now: @Sendable () -> Duration
    private let fetch: @Sendable () async -> [DomainStatistics]?

    /// `fetch` gives nil where libvirt gives no answer; `now` is a clock that never jumps.
    package init(
        lifetime: Duration = .seconds(3), patience: Duration = .seconds(4), now: @escaping @Sendable () -> Duration,
        fetch: @escaping @Sendable () async -> [DomainStatistics]?
    ) {
        self.lifetime = lifetime
        self.patience = patience
        self.now = now
        self.fetch = fetch
        (requests, wake) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
    }

    /// Asks libvirt when scrapes want to know, until cancelled.
    package func run() async {
        for await _ in requests {
            let statistics = await fetch()
            let waiters = state.withLock { state in
                if let statistics {
                    state.statistics = statistics
                    state.takenAt = now()
                }
                state.isAsked = false
                defer { state.waiters = [:] }
                return state.waiters
            }
            for waiter in waiters.values { waiter.resume() }
        }
    }

    /// The counters, at most as old as the lifetime where libvirt answers in time; nil where it never did.
    package func reading() async -> Reading? {
        let age = age()
        if age == nil || age.map({ $0 > lifetime }) == true { await refresh() }
        return state.withLock { state in
            state.takenAt.map { Reading(statistics: state.statistics, age: now() - $0) }
        }
    }

    private func age() -> Duration? { state.withLock { state in state.takenAt.map { now() - $0 } } }

    private func refresh() async {
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await self.answer() }
            group.addTask { try? await Task.sleep(for: self.patience) }
            await group.next()
            group.cancelAll()
        }
    }

    private func answer() async {
        let id = state.withLock { state in
            defer { state.nextWaiter += 1 }
            return state.nextWaiter
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isAsked = state.withLock { state in
                    state.waiters[id] = continuation
                    defer { state.isAsked = true }
                    return state.isAsked
                }
                if !isAsked { wake.yield() }
                if Task.isCancelled { leave(id) }
            }
        } onCancel: {
            leave(id)
        }
    }

    private func leave(_ id: Int) {
        state.withLock { $0.waiters.removeValue(forKey: id) }?.resume()
    }
}
