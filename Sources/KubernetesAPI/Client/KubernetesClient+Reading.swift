import AsyncHTTPClient
import NIOCore
import NIOHTTP1

extension KubernetesClient {
    /// Sends a request whose answer is no object, such as a log, and gives its bytes as they come.
    ///
    /// - Parameter limit: until the answer begins; what follows may take as long as it likes.
    package func read(
        _ method: String = "GET", path: String, query: [(String, String)] = [], limit: Duration = .seconds(30),
        _ take: (_ bytes: [UInt8]) async -> Void
    ) async throws(APIError) {
        let call = HTTPCall(method: HTTPMethod(rawValue: method), path: path, query: query, limit: limit)
        let body = try await watch(call)
        do {
            for try await bytes in body { await take(Array(bytes.readableBytesView)) }
        } catch is CancellationError {
            throw .cancelled
        } catch {
            if Task.isCancelled { throw .cancelled }
            throw .unreachable(server: server, reason: "the answer to \(path) ended early: \(error)")
        }
    }
}
