package import NIOCore
import NIOPosix
package import NIOSSL
import Synchronization

/// An HTTP server that does exactly what a test says, wrong things too: it writes bytes, and knows nothing of HTTP but
/// where a request ends.
///
/// Synchronization: one mutex around the requests seen; each connection is served by a task of its own.
package final class ScriptedServer: Sendable {
    package struct Request: Sendable {
        package var method: String
        package var path: String
        package var query: [String: String]
        package var headers: [String: String]
        package var body: String

        package var isWatch: Bool { query["watch"] == "true" }
    }

    /// One request, and the way to answer it.
    package struct Exchange: Sendable {
        /// Counted from 0 over all connections.
        package let number: Int
        package let request: Request
        package let out: NIOAsyncChannelOutboundWriter<ByteBuffer>

        package func answer(_ code: Int, _ body: String, headers: [String: String] = [:]) async throws {
            var head =
                "HTTP/1.1 \(code) Whatever\r\nContent-Type: application/json\r\nContent-Length: \(body.utf8.count)\r\n"
            for (name, value) in headers { head += "\(name): \(value)\r\n" }
            try await raw(head + "\r\n" + body)
        }

        /// Opens an answer that comes in pieces.
        package func begin() async throws {
            try await raw(
                "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n")
        }
        package func piece(_ text: String) async throws {
            try await raw("\(String(text.utf8.count, radix: 16))\r\n\(text)\r\n")
        }
        package func line(_ text: String) async throws { try await piece(text + "\n") }
        package func end() async throws { try await raw("0\r\n\r\n") }
        package func raw(_ text: String) async throws { try await out.write(ByteBuffer(string: text)) }
        /// Says nothing more, until the test is over or the client goes.
        package func hang() async throws { try await Task.sleep(for: .seconds(3600)) }
    }

    /// Thrown by a script to close the connection at once.
    package struct Cut: Error {
        package init() {}
    }

    package enum Place: Sendable {
        case loopback
        case socket(String)
    }

    package typealias Script = @Sendable (Exchange) async throws -> Void

    package let port: Int
    private let channel: NIOAsyncChannel<NIOAsyncChannel<ByteBuffer, ByteBuffer>, Never>
    private let script: Script
    private let seen = Mutex<[Request]>([])

    package var requests: [Request] { seen.withLock { $0 } }
    package var url: String { "http://127.0.0.1:\(port)" }

    private init(_ place: Place, _ tls: TLSConfiguration?, _ script: @escaping Script) async throws {
        self.script = script
        let context = try tls.map { try NIOSSLContext(configuration: $0) }
        let bootstrap = ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
        let wrap: @Sendable (any Channel) -> EventLoopFuture<NIOAsyncChannel<ByteBuffer, ByteBuffer>> = { channel in
            channel.eventLoop.makeCompletedFuture {
                if let context { try channel.pipeline.syncOperations.addHandler(NIOSSLServerHandler(context: context)) }
                return try NIOAsyncChannel(
                    wrappingChannelSynchronously: channel, configuration: .init(isOutboundHalfClosureEnabled: false))
            }
        }
        switch place {
        case .loopback: channel = try await bootstrap.bind(host: "127.0.0.1", port: 0, childChannelInitializer: wrap)
        case .socket(let path):
            channel = try await bootstrap.bind(
                unixDomainSocketPath: path, cleanupExistingSocketFile: true, childChannelInitializer: wrap)
        }
        port = channel.channel.localAddress?.port ?? 0
    }

    /// Serves by `script` while `body` runs.
    package static func serving<Value: Sendable>(
        at place: Place = .loopback, tls: TLSConfiguration? = nil, _ script: @escaping Script,
        _ body: (ScriptedServer) async throws -> Value
    ) async throws -> Value {
        let server = try await ScriptedServer(place, tls, script)
        let task = Task { await server.run() }
        do {
            let value = try await body(server)
            task.cancel()
            await task.value
            return value
        } catch {
            task.cancel()
            await task.value
            throw error
        }
    }

    private func run() async {
        do {
            try await channel.executeThenClose { connections in
                try await withThrowingDiscardingTaskGroup { group in
                    for try await connection in connections {
                        group.addTask { await self.serve(connection) }
                    }
                }
            }
        } catch {
            // Cancelled: the test is over.
        }
    }

    private func serve(_ connection: NIOAsyncChannel<ByteBuffer, ByteBuffer>) async {
        do {
            try await connection.executeThenClose { inbound, outbound in
                var pending = ""
                for try await bytes in inbound {
                    pending += String(buffer: bytes)
                    while let request = Self.take(&pending) {
                        let number = seen.withLock { seen in
                            seen.append(request)
                            return seen.count - 1
                        }
                        try await script(Exchange(number: number, request: request, out: outbound))
                    }
                }
            }
        } catch {
            // The script or the client cut it.
        }
    }

    private static func take(_ text: inout String) -> Request? {
        guard let end = text.firstRange(of: "\r\n\r\n") else { return nil }
        let lines = text[..<end.lowerBound].split(separator: "\r\n")
        let words = lines.first?.split(separator: " ") ?? []
        guard words.count == 3 else { return nil }
        var headers: [String: String] = [:]
        for line in lines.dropFirst() {
            let parts = line.split(separator: ":", maxSplits: 1)
            headers[parts[0].lowercased()] = parts.count > 1 ? String(parts[1].drop { $0 == " " }) : ""
        }
        let length = headers["content-length"].flatMap { Int($0) } ?? 0
        let rest = text[end.upperBound...]
        guard rest.utf8.count >= length else { return nil }
        let body = String(decoding: rest.utf8.prefix(length), as: UTF8.self)
        text = String(decoding: rest.utf8.dropFirst(length), as: UTF8.self)
        let target = words[1].split(separator: "?", maxSplits: 1)
        var query: [String: String] = [:]
        for item in target.count > 1 ? target[1].split(separator: "&") : [] {
            let parts = item.split(separator: "=", maxSplits: 1)
            query[String(parts[0])] = parts.count > 1 ? String(parts[1]) : ""
        }
        return Request(
            method: String(words[0]), path: String(target[0]), query: query, headers: headers, body: body)
    }
}
