/// Why a WebSocket cannot be used.
package enum WebSocketError: Error, Equatable {
    /// Either end has closed it.
    case closed
    case cannotConnect(address: String, reason: String)
    /// The server answered with an HTTP status instead; the message is its body's.
    case refused(path: String, code: Int, message: String)
    case certificate(reason: String)
}

extension WebSocketError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .closed: "the connection is closed"
        case .cannotConnect(let address, let reason): "cannot connect to \(address): \(reason)"
        case .refused(let path, let code, let message): "the server refused \(path) (\(code)): \(message)"
        case .certificate(let reason): "a certificate or key for the server cannot be used: \(reason)"
        }
    }
}
