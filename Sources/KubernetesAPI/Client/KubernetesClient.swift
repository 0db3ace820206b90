import AsyncHTTPClient
package import KubernetesModel
package import Logging
import NIOCore
import NIOHTTP1
import Synchronization

/// Speaks to one Kubernetes API: every request of this program goes through it, and is counted.
///
/// Synchronization: the transport is thread-safe; one mutex guards the counts.
package final class KubernetesClient: Sendable {
    private let transport: HTTPTransport
    private let time: TimeSource
    private let random: @Sendable () -> Double
    private let logger: Logger
    private let counted = Mutex(RequestCounts())
    /// The namespace for what names none.
    package let defaultNamespace: String

    /// Objects of one page of a list.
    static let pageLimit = 500
    /// Half a million objects: no cluster has more of any kind.
    static let mostPages = 1000

    package init(
        _ configuration: ServerConfiguration, userAgent: String, logger: Logger, time: TimeSource = .system,
        random: @escaping @Sendable () -> Double = Backoff.systemRandom
    ) throws(APIError) {
        transport = try HTTPTransport(configuration, userAgent: userAgent, time)
        defaultNamespace = configuration.namespace
        self.logger = logger
        self.time = time
        self.random = random
    }

    /// Ends all requests. Without it, they end with the last reference to this client.
    package func close() async { await transport.close() }

    /// How the server is named in messages.
    package var server: String { transport.server }
    package var counts: RequestCounts { counted.withLock { $0 } }

    package func get(
        _ resource: APIResource, namespace: String? = nil, name: String, subresource: String? = nil
    ) async throws(APIError) -> DocumentNode {
        try await object(HTTPCall(method: .GET, path: try path(resource, namespace, name, subresource)))
    }

    package func create(
        _ object: DocumentNode, as resource: APIResource, namespace: String? = nil
    ) async throws(APIError) -> DocumentNode {
        let namespace = namespace ?? object.objectNamespace ?? (resource.isNamespaced ? defaultNamespace : nil)
        var call = HTTPCall(method: .POST, path: try path(resource, namespace, nil, nil))
        call.body = Self.encode(object)
        return try await self.object(call)
    }

    /// Writes the whole object. Where it carries a resourceVersion, the server refuses it (409) if there is a newer one.
    package func replace(
        _ object: DocumentNode, of resource: APIResource, namespace: String? = nil, name: String,
        subresource: String? = nil
    ) async throws(APIError) -> DocumentNode {
        let namespace = namespace ?? object.objectNamespace
        var call = HTTPCall(method: .PUT, path: try path(resource, namespace, name, subresource))
        call.body = Self.encode(object)
        return try await self.object(call)
    }

    package func patch(
        _ resource: APIResource, namespace: String? = nil, name: String, subresource: String? = nil, _ patch: Patch
    ) async throws(APIError) -> DocumentNode {
        var call = HTTPCall(method: .PATCH, path: try path(resource, namespace, name, subresource))
        call.query = patch.query
        call.contentType = patch.contentType
        call.body = Self.encode(patch.body)
        return try await object(call)
    }

    /// Deletes one object; with a uid, only the one that has it.
    package func delete(
        _ resource: APIResource, namespace: String? = nil, name: String, uid: String? = nil,
        gracePeriodSeconds: Int64? = nil
    ) async throws(APIError) {
        var options = DocumentNode.object([
            DocumentMember("apiVersion", .string("v1")), DocumentMember("kind", .string("DeleteOptions")),
        ])
        options[["preconditions", "uid"]] = uid.map { .string($0) }
        options[["gracePeriodSeconds"]] = gracePeriodSeconds.map { .number($0) }
        var call = HTTPCall(method: .DELETE, path: try path(resource, namespace, name, nil))
        call.body = Self.encode(options)
        _ = try await perform(call)
    }

    /// Any request, by its path; nil where the answer has no body.
    package func send(
        _ method: String, path: String, query: [(String, String)] = [], body: DocumentNode? = nil
    ) async throws(APIError) -> DocumentNode? {
        var call = HTTPCall(method: HTTPMethod(rawValue: method), path: path, query: query)
        call.body = body.map { Self.encode($0) }
        return try await perform(call)
    }

    /// Opens a watch: what comes is read as it comes, and no limit of time holds for it.
    func watch(_ call: HTTPCall) async throws(APIError) -> HTTPClientResponse.Body {
        let credentials = try await transport.currentCredentials()
        do throws(APIError) {
            let response = try await transport.open(call, with: credentials)
            count(call, Int(response.status.code))
            if response.status == .ok { return response.body }
            let body = try? await time.within(call.limit) { try await response.body.collect(upTo: 1 << 20) }
            let error = StatusAnswer.error(
                code: Int(response.status.code), headers: response.headers,
                body: body.map { String(buffer: $0) } ?? "")
            if error.isUnauthorized { _ = await transport.refused(credentials) }
            throw error
        } catch {
            if error.code == nil { count(call, 0) }
            throw error
        }
    }

    /// The path below the server, of names that cannot change its meaning.
    func path(
        _ resource: APIResource, _ namespace: String?, _ name: String?, _ subresource: String?
    ) throws(APIError) -> String {
        for part in [namespace, name, subresource].compactMap({ $0 }) {
            guard !part.isEmpty, part != ".", part != "..", !part.contains("/"), PercentEncoding.isSafe(part) else {
                throw .invalidName(resource: resource.plural, name: part.cut(to: 60))
            }
        }
        return resource.path(namespace: namespace, name: name, subresource: subresource)
    }

    private func object(_ call: HTTPCall) async throws(APIError) -> DocumentNode {
        guard let node = try await perform(call), case .object = node.value else {
            throw .unreadable(what: "the answer to \(call.path)", reason: "it is no object")
        }
        return node
    }

    /// Sends a request, and again where that is safe and may help.
    func perform(_ call: HTTPCall) async throws(APIError) -> DocumentNode? {
        var policy = RetryPolicy()
        var hasAskedAnew = false
        while true {
            let credentials = try await transport.currentCredentials()
            do throws(APIError) { return try await once(call, credentials) } catch {
                if error.isUnauthorized, !hasAskedAnew, await transport.refused(credentials) {
                    hasAskedAnew = true
                    continue
                }
                guard let pause = policy.pause(after: error, isSafe: call.isSafe, random) else { throw error }
                logger.debug("a request is sent again", metadata: ["path": "\(call.path)", "problem": "\(error)"])
                do { try await time.sleep(pause) } catch { throw .cancelled }
            }
        }
    }

    private func once(_ call: HTTPCall, _ credentials: Credentials) async throws(APIError) -> DocumentNode? {
        let answer: HTTPTransport.Answer
        do throws(APIError) { answer = try await transport.exchange(call, with: credentials) } catch {
            count(call, 0)
            throw error
        }
        count(call, answer.code)
        let text = String(buffer: answer.body)
        guard (200..<300).contains(answer.code) else {
            throw StatusAnswer.error(code: answer.code, headers: answer.headers, body: text)
        }
        guard text.utf8.contains(where: { $0 > 0x20 }) else { return nil }
        var reader = DocumentReader()
        reader.maximumBytes = HTTPTransport.maximumAnswer
        reader.maximumNodes = 4_000_000
        do throws(DocumentError) { return try reader.read(text).first } catch {
            throw .unreadable(what: "the answer to \(call.path)", reason: "\(error)")
        }
    }

    private func count(_ call: HTTPCall, _ code: Int) { counted.withLock { $0.count(call, code: code) } }

    private static func encode(_ node: DocumentNode) -> ByteBuffer {
        ByteBuffer(string: DocumentWriter.json(node, indent: nil))
    }
}
