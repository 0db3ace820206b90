import Libvirt
import NodeAgent
import Synchronization
import Testing

/// Counts what libvirt is asked, and can hold the answer back.
private final class FakeLibvirt: Sendable {
    let asked = Mutex(0)
    let clock = Mutex(Duration.zero)
    let answers = Mutex(true)
    private let gate: AsyncStream<Void>
    let open: AsyncStream<Void>.Continuation

    init() { (gate, open) = AsyncStream.makeStream(of: Void.self) }

    func fetch() async -> [DomainStatistics]? {
        asked.withLock { $0 += 1 }
        for await _ in gate { break }
        guard answers.withLock({ $0 }) else { return nil }
        return [DomainStatistics(domain: "a_b", uuid: "u", parameters: ["cpu.time": .unsigned(1_000_000_000)])]
    }

    func cache(patience: Duration = .seconds(60)) -> StatisticsCache {
        StatisticsCache(patience: patience, now: { self.clock.withLock { $0 } }, fetch: { await self.fetch() })
    }
}

@Suite struct MetricsPageTests {
    private func page(_ cache: StatisticsCache, _ registry: MetricsRegistry = MetricsRegistry()) -> MetricsPage {
        MetricsPage(
            node: "n1", registry: registry, statistics: cache,
            instances: { [InstanceSample(namespace: "a", name: "b", domain: "a_b", phase: "Running")] })
    }

    @Test("scrapes at once share one question, and three is the limit")
    func shared() async throws {
        let libvirt = FakeLibvirt()
        let cache = libvirt.cache()
        let page = page(cache)
        try await withThrowingTaskGroup(of: String?.self) { group in
            group.addTask {
                await cache.run()
                return "ended"
            }
            for _ in 0..<4 { group.addTask { await page.text() } }
            // The one too many is turned away while the others wait.
            #expect(try await group.next() == .some(nil))
            libvirt.open.yield()
            for _ in 0..<3 {
                let text = try #require(try await group.next() ?? nil)
                let parsed = try ExpositionParser(text)
                let labels = ["node": "n1", "namespace": "a", "name": "b"]
                #expect(parsed.value("kubevirt_vmi_cpu_usage_seconds_total", labels) == 1)
                #expect(parsed.types["process_resident_memory_bytes"] == "gauge")
            }
            group.cancelAll()
        }
        #expect(libvirt.asked.withLock { $0 } == 1)
    }

    @Test("counters are asked for again once they are three seconds old")
    func lifetime() async throws {
        let libvirt = FakeLibvirt()
        let cache = libvirt.cache()
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await cache.run() }
            libvirt.open.yield()
            libvirt.open.yield()
            _ = await cache.reading()
            libvirt.clock.withLock { $0 = .seconds(3) }
            #expect(await cache.reading()?.age == .seconds(3))
            #expect(libvirt.asked.withLock { $0 } == 1)
            libvirt.clock.withLock { $0 = .seconds(4) }
            #expect(await cache.reading()?.age == .zero)
            #expect(libvirt.asked.withLock { $0 } == 2)
            group.cancelAll()
        }
    }

    @Test("a libvirt that hangs costs a scrape its patience, and the page shows the age of what it has")
    func hung() async throws {
        let libvirt = FakeLibvirt()
        let cache = libvirt.cache(patience: .milliseconds(20))
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await cache.run() }
            #expect(await cache.reading() == nil)
            libvirt.open.yield()
            while await cache.reading() == nil {}
            libvirt.clock.withLock { $0 = .seconds(30) }
            let reading = await cache.reading()
            #expect(reading?.age == .seconds(30) && reading?.statistics.count == 1)
            group.cancelAll()
        }
    }

    @Test("a loop that says nothing for too long is dead, and one that ended is not")
    func liveness() {
        let clock = Mutex(Duration.zero)
        let board = HealthBoard(now: { clock.withLock { $0 } })
        board.beat("watch", silence: .seconds(10))
        board.beat("queue", silence: .seconds(30))
        clock.withLock { $0 = .seconds(11) }
        #expect(board.liveness.map(\.isGood) == [true, false])
        #expect(board.liveness.last == .init(name: "watch", isGood: false, detail: "silent for 11 s"))
        board.end("watch")
        #expect(board.liveness.map(\.name) == ["queue"])
    }

    @Test("the agent is ready once API, libvirt and adoption are, and names what is missing")
    func readiness() {
        let board = HealthBoard(now: { .zero })
        #expect(!board.isReady)
        board.set(.api, true)
        board.set(.adoption, true)
        board.set(.libvirt, false, "no answer")
        #expect(board.readiness.filter { !$0.isGood } == [.init(name: "libvirt", isGood: false, detail: "no answer")])
        board.set(.libvirt, true)
        #expect(board.isReady)
    }
}
