import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import NodeAgent
import Testing

private struct PlainContext: RequestContext {
    struct Source: RequestContextSource {
        var logger = Logger(label: "test")
    }

    var coreContext: CoreRequestContextStorage

    init(source: Source) { coreContext = CoreRequestContextStorage(source: source) }
}

@Suite struct MetricsRoutesTests {
    private let health = HealthBoard(now: { .zero })

    private func get(_ path: String) async throws -> (status: Int, type: String?, text: String) {
        let cache = StatisticsCache(now: { .zero }, fetch: { [] })
        let page = MetricsPage(node: "n1", registry: MetricsRegistry(), statistics: cache, instances: { [] })
        let router = Router(context: PlainContext.self)
        MetricsRoutes(page: page, health: health).addRoutes(to: router)
        let head = HTTPRequest(method: .get, scheme: "http", authority: "x", path: path)
        let response = try await router.buildResponder().respond(
            to: Request(head: head, body: RequestBody(buffer: ByteBuffer())), context: PlainContext(source: .init()))
        let collector = Collector()
        try await response.body.write(collector)
        return (response.status.code, response.headers[.contentType], collector.text)
    }

    @Test("health, readiness and metrics answer on their paths")
    func paths() async throws {
        let alive = try await get("/healthz")
        #expect(alive.status == 200 && alive.text == "ok\n")
        let unready = try await get("/readyz")
        #expect(unready.status == 503)
        #expect(unready.text.contains("[-]libvirt failed: not yet\n"))
        for part in HealthBoard.Part.allCases { health.set(part, true) }
        let ready = try await get("/readyz")
        #expect(ready.status == 200)
        #expect(ready.text == "[+]api ok\n[+]libvirt ok\n[+]adoption ok\nok\n")
        let metrics = try await get("/metrics")
        #expect(metrics.status == 200 && metrics.type == "text/plain; version=0.0.4; charset=utf-8")
        #expect(try ExpositionParser(metrics.text).types["process_cpu_seconds_total"] == "counter")
    }
}

private final class Collector: ResponseBodyWriter {
    var text = ""
    func write(_ buffer: ByteBuffer) async throws { text += String(buffer: buffer) }
    func finish(_ trailing: HTTPFields?) async throws {}
}
