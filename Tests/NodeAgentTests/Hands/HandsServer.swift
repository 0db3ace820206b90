import Foundation
import Hummingbird
import Logging
import NodeAgent
import Serving
import Subprocess
import SystemPackage

/// The routes of the hands on a Unix socket and on loopback, while `body` runs.
func servingHands<Result: Sendable>(
    _ hands: FakeHands, logger: Logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
    _ body: (FilePath, Int) async throws -> Result
) async throws -> Result {
    let path = FilePath("/tmp/hands-\(UInt32.random(in: 0 ... .max))")
    defer { try? FileManager.default.removeItem(atPath: path.string) }
    let router = Router(context: ServingContext.self)
    let routes = SubresourceRoutes(
        hands, sessions: StreamSessions(), prefixes: SubresourceRoutes.Prefix.allCases, logger: logger)
    routes.addRoutes(to: router)
    ReportRoutes(hands, logger: logger).addRoutes(to: router)
    let (bound, continuation) = AsyncStream.makeStream(of: [BoundAddress].self)
    let service = HTTPService(
        endpoints: [
            ServingEndpoint(.unix(path: path), authenticator: .socketPeer),
            ServingEndpoint(.tcp(host: "127.0.0.1", port: 0), authenticator: .anonymous),
        ], router: router, webSockets: routes.webSockets, logger: logger,
        onListening: {
            continuation.yield($0)
            continuation.finish()
        })
    return try await withThrowingTaskGroup(of: Void.self) { group in
        group.addTask {
            defer { continuation.finish() }
            try await service.run()
        }
        var port = 0
        for await addresses in bound { port = addresses.last?.port ?? 0 }
        let result = try await body(path, port)
        group.cancelAll()
        try await group.waitForAll()
        return result
    }
}

/// What curl says: the body, and the status in the last line.
func curl(_ socket: FilePath, _ path: String, _ options: String...) async throws -> (status: String, body: String) {
    let arguments =
        ["-sS", "-w", "\n%{http_code} %{content_type}", "--unix-socket", socket.string] + options + [
            "http://localhost" + path
        ]
    let result = try await Subprocess.run(
        .name("curl"), arguments: Arguments(arguments), output: .string(limit: 1 << 20), error: .discarded)
    let lines = result.standardOutput.split(separator: "\n", omittingEmptySubsequences: false)
    return (String(lines.last ?? ""), lines.dropLast().joined(separator: "\n"))
}
