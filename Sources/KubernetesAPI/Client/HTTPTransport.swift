import AsyncHTTPClient
import NIOCore
import NIOHTTP1
import NIOSSL
import Synchronization

/// One request to the API, as this module's parts put it.
struct HTTPCall: Sendable {
    var method: HTTPMethod
    var path: String
    var query: [(String, String)] = []
    var body: ByteBuffer?
    var contentType = "application/json"
    /// For the whole exchange; of a watch, for its beginning.
    var limit: Duration = .seconds(30)

    /// Reading changes nothing, however often it is done.
    var isSafe: Bool { method == .GET }
}

/// Carries requests to one server: owns the HTTP client, its connections and what they trust.
///
/// HTTP/1.1 alone is spoken: each watch then has a connection of its own, and one that died does not take with it all
/// requests that share it. Each TCP connection is probed by the kernel, so that a peer that vanished without a word is
/// noticed within a minute also between two bookmarks.
///
/// Synchronization: the HTTP client is thread-safe; one mutex guards the TLS settings made last.
final class HTTPTransport: Sendable {
    struct Answer: Sendable {
        var code: Int
        var headers: HTTPHeaders
        var body: ByteBuffer
    }

    /// How errors name the server.
    let server: String
    private let base: String
    private let userAgent: String
    private let client: HTTPClient
    private let credentials: CredentialSource
    private let tls: TLSSettings?
    private let time: TimeSource
    private let isSocket: Bool

    /// A list of 500 big VMIs has about 10 MiB.
    static let maximumAnswer = 64 << 20

    init(_ configuration: ServerConfiguration, userAgent: String, _ time: TimeSource) throws(APIError) {
        self.userAgent = userAgent
        self.time = time
        credentials = CredentialSource(configuration.user, time)
        server = configuration.socket ?? configuration.server
        isSocket = configuration.socket != nil
        var settings = HTTPClient.Configuration()
        if let socket = configuration.socket {
            base = "http+unix://" + PercentEncoding.encode(socket)
            tls = nil
        } else {
            let address = try ServerAddress(configuration.server)
            base = address.base(as: configuration.tlsServerName)
            if let name = configuration.tlsServerName { settings.dnsOverride = [name: address.host] }
            tls = address.isSecure ? try TLSSettings(configuration.trust) : nil
        }
        settings.httpVersion = .http1Only
        settings.redirectConfiguration = .disallow
        settings.timeout.connect = .seconds(10)
        settings.connectionPool.idleTimeout = .seconds(30)
        // Each watch holds one.
        settings.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = 256
        // A server that is not there is said at once; who may wait does so with a back-off.
        settings.connectionPool.retryConnectionEstablishment = false
        settings.http1_1ConnectionDebugInitializer = isSocket ? nil : TCPProbing.enable
        client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: settings)
    }

    deinit {
        // One that was closed already says so, which is of no interest here.
        client.shutdown { _ in }
    }

    func close() async {
        do { try await client.shutdown() } catch {
            // Closed already.
        }
    }

    /// Sends, and takes the whole answer.
    func exchange(_ call: HTTPCall, with credentials: Credentials) async throws(APIError) -> Answer {
        do {
            let request = try request(call, credentials)
            return try await time.within(call.limit) {
                let response = try await self.client.execute(request, timeout: TimeAmount(call.limit))
                let body = try await response.body.collect(upTo: Self.maximumAnswer)
                return Answer(code: Int(response.status.code), headers: response.headers, body: body)
            }
        } catch { throw problem(error, call) }
    }

    /// Sends, and leaves the answer's body to be read as it comes. Only the beginning has a limit.
    func open(_ call: HTTPCall, with credentials: Credentials) async throws(APIError) -> HTTPClientResponse {
        do { return try await client.execute(try request(call, credentials), timeout: TimeAmount(call.limit)) } catch {
            throw problem(error, call)
        }
    }

    func currentCredentials() async throws(APIError) -> Credentials { try await credentials.current() }
    func refused(_ shown: Credentials) async -> Bool { await credentials.refused(shown) }

    private func request(_ call: HTTPCall, _ credentials: Credentials) throws(APIError) -> HTTPClientRequest {
        var request = HTTPClientRequest(url: base + call.path + PercentEncoding.query(call.query))
        request.method = call.method
        if isSocket { request.headers.add(name: "Host", value: "localhost") }
        request.headers.add(name: "User-Agent", value: userAgent)
        request.headers.add(name: "Accept", value: "application/json")
        if let token = credentials.token { request.headers.add(name: "Authorization", value: "Bearer \(token)") }
        if let body = call.body {
            request.headers.add(name: "Content-Type", value: call.contentType)
            request.body = .bytes(body)
        }
        request.tlsConfiguration = try tls?.current(credentials.identity)
        return request
    }

    private func problem(_ error: any Error, _ call: HTTPCall) -> APIError {
        switch error {
        case let error as APIError: error
        case is Overdue: .timedOut(server: server, after: call.limit)
        case is CancellationError: .cancelled
        case is NIOTooManyBytesError:
            .unreadable(what: "the answer to \(call.path)", reason: "it has more than \(Self.maximumAnswer) bytes")
        case let error as HTTPClientError where error == .cancelled: .cancelled
        case let error as HTTPClientError where error == .deadlineExceeded || error == .connectTimeout:
            .timedOut(server: server, after: call.limit)
        default: .unreachable(server: server, reason: "\(error)")
        }
    }
}
