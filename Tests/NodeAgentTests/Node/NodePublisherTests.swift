import KubernetesAPI
import KubernetesModel
import Logging
import NodeAgent
import Synchronization
import Testing

/// A server with one Node, which tells what it was asked.
private final class FakeNodes: NodeWriting {
    struct State {
        var node: DocumentNode?
        var failures = 0
        var schedulable: [String] = []
    }

    let state: Mutex<State>
    let writes: AsyncStream<String>
    private let told: AsyncStream<String>.Continuation

    init(_ node: DocumentNode?, failures: Int = 0) {
        state = Mutex(State(node: node, failures: failures))
        (writes, told) = AsyncStream.makeStream(of: String.self)
    }

    func node(_ name: String) async throws(APIError) -> DocumentNode? {
        let isDown = state.withLock { state in
            defer { state.failures -= 1 }
            return state.failures > 0
        }
        if isDown {
            told.yield("down")
            throw .unreachable(server: "fake", reason: "down")
        }
        return state.withLock { $0.node }
    }

    func create(_ node: DocumentNode) async throws(APIError) {
        state.withLock { $0.node = node }
        told.yield("create")
    }

    func patch(_ name: String, metadata: DocumentNode) async throws(APIError) {
        let label = metadata["metadata"]?["labels"]?[NodeLabels.schedulable]?.text
        if let label { state.withLock { $0.node?[["metadata", "labels", NodeLabels.schedulable]] = .string(label) } }
        told.yield("metadata \(label ?? "-")")
    }

    func patch(_ name: String, status: DocumentNode) async throws(APIError) { told.yield("status") }

    func patch(_ name: String, conditions: [DocumentNode]) async throws(APIError) {
        state.withLock { $0.node?[["status", "conditions"]] = .array(conditions) }
        told.yield("conditions")
    }
}

@Suite struct NodePublisherTests {
    /// A clock that stands still until the task is cancelled, or whose waits take no time.
    private func time(waits: Bool) -> TimeSource {
        TimeSource(
            monotonic: { .zero }, wall: { WallTime(seconds: 1_700_000_000) },
            sleep: { _ in if waits { try await Task.sleep(for: .seconds(3600)) } else { await Task.yield() } })
    }

    private func publisher(_ nodes: FakeNodes, isLocal: Bool, waits: Bool = true) throws -> NodePublisher {
        let facts = try NodeFixtures.facts()
        return NodePublisher(
            nodes, isLocal: isLocal, facts: { facts }, isSchedulable: { true }, logger: Logger(label: "test"),
            time: time(waits: waits))
    }

    /// Runs the publisher until `count` writes were made, and returns them with those of its end.
    private func run(
        _ publisher: NodePublisher, _ nodes: FakeNodes, until count: Int, _ each: @Sendable (Int) -> Void = { _ in }
    ) async -> [String] {
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await publisher.run() }
            var writes: [String] = []
            for await write in nodes.writes {
                writes.append(write)
                each(writes.count)
                if writes.count == count { group.cancelAll() }
                if writes.count > count, write.hasPrefix("metadata false") { break }
            }
            return writes
        }
    }

    @Test("a cluster's Node is labelled, told of the accelerator once, and taken out of scheduling at the end")
    func cluster() async throws {
        let nodes = FakeNodes(.object([]))
        let publisher = try publisher(nodes, isLocal: false)
        let writes = await run(publisher, nodes, until: 3) { count in if count == 2 { publisher.changed() } }
        #expect(writes == ["metadata true", "conditions", "metadata -", "metadata false"])
    }

    @Test("a host without a kubelet makes its own Node")
    func local() async throws {
        let nodes = FakeNodes(nil)
        let publisher = try publisher(nodes, isLocal: true)
        let writes = await run(publisher, nodes, until: 1)
        #expect(writes == ["create", "metadata false"])
    }

    @Test("a cluster's Node that is not there yet is not made")
    func absent() async throws {
        let nodes = FakeNodes(nil, failures: 1)
        let publisher = try publisher(nodes, isLocal: false)
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await publisher.run() }
            for await _ in nodes.writes { break }
            publisher.changed()
            group.cancelAll()
        }
        #expect(nodes.state.withLock { $0.node } == nil)
    }

    @Test("an API that is away is tried again")
    func retries() async throws {
        let nodes = FakeNodes(.object([]), failures: 3)
        let publisher = try publisher(nodes, isLocal: false, waits: false)
        let writes = await run(publisher, nodes, until: 4)
        #expect(writes.prefix(4) == ["down", "down", "down", "metadata true"])
    }
}
