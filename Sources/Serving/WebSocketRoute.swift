package import HTTPTypes
package import Logging

/// A request for a WebSocket.
package struct WebSocketRequest: Sendable {
    /// The path, without the query, as it was sent.
    package let path: String
    /// The named segments of the path.
    package let parameters: [String: String]
    package let query: [(name: String, value: String)]
    package let headers: HTTPFields
    package let identity: Identity
    package let peer: Peer
    package let logger: Logger

    /// The value of a query parameter; empty for one without.
    package func query(_ name: String) -> String? { query.first { $0.name == name }?.value }

    /// Whether a query parameter says yes.
    package func isTrue(_ name: String) -> Bool { ["true", "1"].contains(query(name)?.lowercased()) }
}

/// A path at which WebSockets are opened.
package struct WebSocketRoute: Sendable {
    /// Serves the connection; it is closed when this returns (1000) or throws (1011).
    package typealias Handler = @Sendable (WebSocketConnection) async throws -> Void
    /// Accepts the request, or refuses it with an HTTP status before anything is upgraded.
    package typealias Accept = @Sendable (WebSocketRequest) async throws(StatusError) -> Handler

    let pattern: PathPattern
    let subprotocols: [String]
    let maximumMessageBytes: Int
    let accept: Accept

    /// - Parameters:
    ///   - path: its segments that begin with a colon are parameters.
    ///   - subprotocols: the first of the client's that is among these is chosen; none is also accepted.
    ///   - maximumMessageBytes: a longer message ends the connection with 1009.
    package init(
        _ path: String, subprotocols: [String] = [], maximumMessageBytes: Int = 1 << 20, accept: @escaping Accept
    ) {
        pattern = PathPattern(path)
        self.subprotocols = subprotocols
        self.maximumMessageBytes = maximumMessageBytes
        self.accept = accept
    }
}
