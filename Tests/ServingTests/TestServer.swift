import AsyncHTTPClient
import Hummingbird
import Logging
import NIOCore
import NIOHTTP1
import Serving

/// Runs a service while `body` runs.
@discardableResult
func serving<Result: Sendable>(
    _ endpoints: [ServingEndpoint], webSockets: [WebSocketRoute] = [], limits: ServingLimits = ServingLimits(),
    routes: (Router<ServingContext>) -> Void = testRoutes,
    _ body: (HTTPService, [BoundAddress]) async throws -> Result
) async throws -> Result {
    let router = Router(context: ServingContext.self)
    routes(router)
    let (bound, continuation) = AsyncStream.makeStream(of: [BoundAddress].self)
    let service = HTTPService(
        endpoints: endpoints, router: router, webSockets: webSockets, limits: limits,
        logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
        onListening: {
            continuation.yield($0)
            continuation.finish()
        })
    return try await withThrowingTaskGroup(of: Void.self) { group in
        group.addTask {
            defer { continuation.finish() }
            try await service.run()
        }
        var addresses: [BoundAddress]?
        for await found in bound { addresses = found }
        guard let addresses else {
            try await group.waitForAll()
            throw CancellationError()
        }
        let result = try await body(service, addresses)
        group.cancelAll()
        try await group.waitForAll()
        return result
    }
}

func testRoutes(_ router: Router<ServingContext>) {
    router.get("/who") { _, context in "\(context.identity)" }
    router.put("/echo") { request, _ in
        Response(status: .ok, body: ResponseBody(byteBuffer: try await request.body.collect(upTo: 1 << 24)))
    }
}

struct Answer: Sendable {
    var status: UInt
    var body: String
    var headers: [String: String]
}

/// One request with a client of its own.
func get(
    _ url: String, method: String = "GET", body: String? = nil, headers: [(String, String)] = [],
    configuration: HTTPClient.Configuration = HTTPClient.Configuration()
) async throws -> Answer {
    let client = HTTPClient(configuration: configuration)
    do {
        var request = HTTPClientRequest(url: url)
        request.method = .init(rawValue: method)
        for header in headers { request.headers.add(name: header.0, value: header.1) }
        if let body { request.body = .bytes(ByteBuffer(string: body)) }
        let response = try await client.execute(request, timeout: .seconds(120))
        let text = String(buffer: try await response.body.collect(upTo: 1 << 24))
        try await client.shutdown()
        return Answer(
            status: response.status.code, body: text,
            headers: Dictionary(response.headers.map { ($0.name.lowercased(), $0.value) }) { first, _ in first })
    } catch {
        try await client.shutdown()
        throw error
    }
}

func url(ofSocket path: String, _ target: String) -> String {
    "http+unix://" + path.replacing("/", with: "%2F") + target
}
