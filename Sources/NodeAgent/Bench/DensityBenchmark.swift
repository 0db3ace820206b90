package import KubernetesAPI
package import KubernetesModel
package import Logging

/// Creates many VMIs through an API, watches them run, and deletes them: what KubeVirt measures in its density test.
///
/// Leaves nothing behind: whatever it created it deletes, also when it gives up.
package struct DensityBenchmark: Sendable {
    /// The label by which the VMIs of a run are told apart from all others.
    package static let label = "virt-node.io/bench"

    private let client: KubernetesClient
    private let template: DocumentNode
    private let namespace: String
    private let run: String
    private let count: Int
    private let gap: Duration
    private let width: Int
    private let patience: Duration
    private let counters: @Sendable () async -> DensityCounters?
    private let logger: Logger
    private let ledger = DensityLedger()

    /// - Parameters:
    ///   - template: the VMI; each copy gets a name and a label of its own.
    ///   - width: creations and deletions that are under way at a time.
    ///   - patience: how long all VMs may take to run, and again to go.
    ///   - counters: asks the daemon for its costs.
    package init(
        _ client: KubernetesClient, template: DocumentNode, namespace: String, run: String, count: Int,
        gap: Duration, width: Int, patience: Duration, logger: Logger,
        counters: @escaping @Sendable () async -> DensityCounters?
    ) {
        self.client = client
        self.template = template
        self.namespace = namespace
        self.run = run
        self.count = count
        self.gap = gap
        self.width = width
        self.patience = patience
        self.logger = logger
        self.counters = counters
    }

    /// Creates no more, waits for none, and deletes what is there.
    package func stop() { ledger.stop() }

    /// Once only.
    ///
    /// - Parameter progress: is told how many run, and how many are gone.
    package func measure(progress: @escaping @Sendable (_ running: Int, _ gone: Int) -> Void) async -> DensityFigures {
        let ledger = ledger
        let reflector = Reflector(
            client, .instances, namespace: namespace, labelSelector: "\(Self.label)=\(run)", logger: logger)
        return await withTaskGroup(of: Void.self) { group in
            group.addTask { await reflector.run() }
            group.addTask { for await event in reflector.events { ledger.take(event) } }
            group.addTask {
                while !Task.isCancelled {
                    let mark = ledger.changes.value
                    progress(ledger.count { $0.running != nil }, ledger.count { $0.gone != nil })
                    await ledger.changes.pass(mark)
                }
            }
            defer { group.cancelAll() }
            return await measure()
        }
    }

    private func measure() async -> DensityFigures {
        await wait { ledger.isSynced || ledger.isStopped }
        let before = await counters()
        let begin = ContinuousClock.now
        await create()
        await wait { ledger.isStopped || ledger.count { $0.running != nil || $0.failure != nil } == count }
        let running = await counters()
        await delete()
        await wait { ledger.all.values.allSatisfy { $0.gone != nil || $0.deleted == nil } }
        let after = await counters()
        let entries = ledger.all
        let last = entries.values.compactMap(\.running).max() ?? begin
        func spread(
            _ from: KeyPath<DensityLedger.Entry, ContinuousClock.Instant?>,
            _ to: KeyPath<DensityLedger.Entry, ContinuousClock.Instant?>
        ) -> DensityFigures.Spread {
            DensityFigures.Spread(
                entries.values.compactMap { entry in
                    guard let start = entry[keyPath: from], let end = entry[keyPath: to] else { return nil }
                    return start.duration(to: end).inSeconds
                })
        }
        return DensityFigures(
            count: count, gap: gap.inSeconds, creationToRunning: spread(\.created, \.running),
            scheduledToRunning: spread(\.scheduled, \.running), deletionToGone: spread(\.deleted, \.gone),
            secondsUntilAllRun: begin.duration(to: last).inSeconds, failures: Self.failures(entries), before: before,
            running: running, after: after)
    }

    private static func failures(_ entries: [String: DensityLedger.Entry]) -> [String] {
        entries.sorted { $0.key < $1.key }.compactMap { name, entry in
            if let failure = entry.failure { return "\(name): \(failure)" }
            if entry.running == nil { return "\(name) did not run in time: \(entry.lastWord)" }
            return entry.gone == nil ? "\(name) ran, and did not go in time: \(entry.lastWord)" : nil
        }
    }

    private func name(_ index: Int) -> String { "density-\(run)-\(index)" }

    private func create() async {
        let start = ContinuousClock.now
        await each { index in
            // By the clock, so that slow answers do not stretch the gaps.
            if gap > .zero { try? await Task.sleep(until: start + gap * index, clock: .continuous) }
        } work: { index in
            guard !ledger.isStopped else { return }
            let name = name(index)
            ledger.willCreate(name)
            do throws(APIError) { _ = try await client.create(copy(name), as: .instances, namespace: namespace) } catch
            {
                ledger.didFail(name, "it could not be created: \(error)")
            }
        }
    }

    private func delete() async {
        let created = ledger.all
        await each { _ in
        } work: { index in
            let name = name(index)
            guard created[name] != nil else { return }
            ledger.willDelete(name)
            do throws(APIError) { try await client.delete(.instances, namespace: namespace, name: name) } catch {
                if error.isNotFound { return ledger.wasNeverThere(name) }
                ledger.didFail(name, "it could not be deleted: \(error)")
            }
        }
    }

    private func copy(_ name: String) -> DocumentNode {
        var object = template
        object[["metadata", "name"]] = .string(name)
        object[["metadata", "namespace"]] = .string(namespace)
        object[["metadata", "labels", Self.label]] = .string(run)
        return object
    }

    /// Does the work for each VMI, `width` at a time, in their order.
    private func each(
        pace: (Int) async -> Void, work: @escaping @Sendable (Int) async -> Void
    ) async {
        await withTaskGroup(of: Void.self) { group in
            for index in 0..<count {
                if index >= width { await group.next() }
                await pace(index)
                group.addTask { await work(index) }
            }
        }
    }

    /// Until the condition holds, or patience ends.
    private func wait(until isDone: () -> Bool) async {
        let end = ContinuousClock.now + patience
        while true {
            let mark = ledger.changes.value
            let left = ContinuousClock.now.duration(to: end)
            if isDone() || left <= .zero { return }
            await ledger.changes.pass(mark, orAfter: left)
            if Task.isCancelled { return }
        }
    }
}
