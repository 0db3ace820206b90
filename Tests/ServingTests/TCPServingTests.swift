import AsyncHTTPClient
import Hummingbird
import Logging
import NIOCore
import NIOPosix
import ServiceLifecycle
import Serving
import Synchronization
import Testing

/// Serving plain HTTP on TCP: identities, errors, limits, endings.
@Suite struct TCPServingTests {
    private func endpoint(_ authenticator: Authenticator = .anonymous) -> ServingEndpoint {
        ServingEndpoint(.tcp(host: "127.0.0.1", port: 0), authenticator: authenticator)
    }

    private func base(_ bound: [BoundAddress]) -> String { "http://\(bound.first?.description ?? "")" }

    @Test("the bound port is told, and requests with bodies are answered")
    func echo() async throws {
        try await serving([endpoint()]) { _, bound in
            #expect((bound.first?.port ?? 0) > 0)
            let text = String(repeating: "0123456789", count: 200_000)
            let answer = try await get(base(bound) + "/echo", method: "PUT", body: text)
            #expect(answer.status == 200)
            #expect(answer.body == text)
        }
    }

    @Test("a token makes an identity; without, or with a wrong one, the answer is a Status 401")
    func bearer() async throws {
        let authenticator = Authenticator.bearer { $0 == "secret" ? Identity(name: "admin", how: .token) : nil }
        try await serving([endpoint(authenticator)]) { _, bound in
            let url = base(bound) + "/who"
            #expect(try await get(url, headers: [("Authorization", "Bearer secret")]).body == "admin (token)")
            for headers in [[], [("Authorization", "Bearer wrong")], [("Authorization", "Basic secret")]] {
                let answer = try await get(url, headers: headers)
                #expect(answer.status == 401)
                #expect(answer.body.contains("\"kind\":\"Status\""))
                #expect(answer.body.contains("\"reason\":\"Unauthorized\""))
            }
        }
    }

    @Test("what is not there, and what a handler throws, are Status objects")
    func errors() async throws {
        struct Broken: Error {}
        try await serving(
            [endpoint()],
            routes: { router in
                router.get("/broken") { _, _ -> String in throw Broken() }
                router.get("/conflict") { _, _ -> String in throw StatusError.conflict("a \"quoted\"\nline") }
            }
        ) { _, bound in
            let missing = try await get(base(bound) + "/nothing")
            #expect(missing.status == 404 && missing.body.contains("\"code\":404"))
            let broken = try await get(base(bound) + "/broken")
            #expect(broken.status == 500 && broken.body.contains("\"kind\":\"Status\""))
            let conflict = try await get(base(bound) + "/conflict")
            #expect(conflict.status == 409 && conflict.body.contains(#"a \"quoted\"\nline"#))
        }
    }

    @Test("headers above the limit are refused, and the connection ends")
    func headerLimit() async throws {
        var limits = ServingLimits()
        limits.headerBytes = 4096
        try await serving([endpoint()], limits: limits) { _, bound in
            let long = [("X-Long", String(repeating: "x", count: 10_000))]
            let answer = try? await get(base(bound) + "/who", headers: long)
            #expect(answer.map { $0.status >= 400 } ?? true)
            let short = try await get(base(bound) + "/who")
            #expect(short.status == 200)
        }
    }

    @Test("a connection without a request is closed after the idle timeout, one with a silent response is not")
    func idle() async throws {
        var limits = ServingLimits()
        limits.idleTimeout = .milliseconds(200)
        let (go, signal) = AsyncStream.makeStream(of: Void.self)
        try await serving(
            [endpoint()], limits: limits,
            routes: { router in
                router.get("/watch") { _, _ in
                    Response(
                        status: .ok,
                        body: ResponseBody { writer in
                            try await writer.write(ByteBuffer(string: "begin "))
                            for await _ in go { break }
                            try await writer.write(ByteBuffer(string: "end"))
                            try await writer.finish(nil)
                        })
                }
            }
        ) { service, bound in
            let url = base(bound)
            async let watch = get(url + "/watch")
            let port = bound.first?.port ?? 0
            let idle = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
                .connect(host: "127.0.0.1", port: port).get()
            try await idle.closeFuture.get()
            signal.yield()
            let watched = try await watch.body
            #expect(watched == "begin end")
        }
    }

    @Test("when the other end goes away, a silent watch ends")
    func cancelled() async throws {
        let (ended, didEnd) = AsyncStream.makeStream(of: Void.self)
        try await serving(
            [endpoint()],
            routes: { router in
                router.get("/watch") { _, _ in
                    Response(
                        status: .ok,
                        body: ResponseBody { writer in
                            defer { didEnd.yield() }
                            try await writer.write(ByteBuffer(string: "begin"))
                            try await Task.sleep(for: .seconds(3600))
                            try await writer.finish(nil)
                        })
                }
            }
        ) { service, bound in
            let client = HTTPClient()
            do {
                let response = try await client.execute(
                    HTTPClientRequest(url: base(bound) + "/watch"), timeout: .seconds(120))
                for try await _ in response.body { break }
            } catch {
                try await client.shutdown()
                throw error
            }
            try await client.shutdown()
            for await _ in ended { break }
        }
    }

    @Test("more connections than allowed wait until one closes")
    func connectionLimit() async throws {
        var limits = ServingLimits()
        limits.connections = 1
        try await serving([endpoint()], limits: limits) { service, bound in
            let port = bound.first?.port ?? 0
            let first = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
                .connect(host: "127.0.0.1", port: port).get()
            let url = base(bound) + "/who"
            async let second = get(url)
            try await Task.sleep(for: .milliseconds(100))
            #expect(service.connectionCount <= 1)
            try await first.close()
            let status = try await second.status
            #expect(status == 200)
        }
    }

    @Test("a graceful shutdown lets a request end, and closes what does not end in time")
    func shutdown() async throws {
        var limits = ServingLimits()
        limits.shutdownTimeout = .milliseconds(300)
        let (started, didStart) = AsyncStream.makeStream(of: Void.self)
        let router = Router(context: ServingContext.self)
        router.get("/slow") { _, _ in
            didStart.yield()
            try await Task.sleep(for: .milliseconds(100))
            return "done"
        }
        router.get("/never") { _, _ in
            didStart.yield()
            try await Task.sleep(for: .seconds(3600))
            return "never"
        }
        let (bound, continuation) = AsyncStream.makeStream(of: [BoundAddress].self)
        let service = HTTPService(
            endpoints: [endpoint()], router: router, limits: limits, logger: .init(label: "test"),
            onListening: { continuation.yield($0) })
        let group = ServiceGroup(configuration: .init(services: [service], logger: .init(label: "test")))
        async let run: Void = group.run()
        for await addresses in bound {
            let url = base(addresses)
            async let slow = get(url + "/slow")
            async let never = get(url + "/never")
            var starts = started.makeAsyncIterator()
            for _ in 0..<2 { await starts.next() }
            await group.triggerGracefulShutdown()
            let done = try await slow.body
            #expect(done == "done")
            let late = try? await never
            #expect(late == nil)
            break
        }
        try await run
        #expect(service.connectionCount == 0)
    }
}
