/// Why the Kubernetes API did not do what it was asked.
package enum APIError: Error, Equatable {
    /// The server's own answer. `reason` is the machine's word (`NotFound`, `Conflict`), `message` the sentence.
    case status(code: Int, reason: String, message: String, retryAfter: Duration?)
    /// No connection, or one that ended before the answer did.
    case unreachable(server: String, reason: String)
    case timedOut(server: String, after: Duration)
    /// An answer, or a file, that is not what it should be.
    case unreadable(what: String, reason: String)
    case configuration(file: String, reason: String)
    /// A token, certificate or plugin that gives no credentials.
    case credentials(source: String, reason: String)
    /// A name that would change the meaning of a path.
    case invalidName(resource: String, name: String)
    /// The task that asked was cancelled.
    case cancelled
}

extension APIError {
    /// The HTTP status, where the server gave one.
    package var code: Int? { if case .status(let code, _, _, _) = self { code } else { nil } }

    package var isNotFound: Bool { code == 404 }
    package var isForbidden: Bool { code == 403 }
    /// The object changed meanwhile, or exists already: read it, and decide anew.
    package var isConflict: Bool { code == 409 }
    package var isAlreadyExists: Bool {
        if case .status(409, "AlreadyExists", _, _) = self { true } else { false }
    }
    /// The resourceVersion is too old, or unknown to the server: only a new list helps.
    package var isGone: Bool {
        switch self {
        case .status(410, _, _, _): true
        // A server that was restored from a backup knows only older ones.
        case .status(504, _, let message, _): message.contains("Too large resource version")
        default: false
        }
    }
    package var isUnauthorized: Bool { code == 401 }
    package var isTooManyRequests: Bool { code == 429 }

    /// Whether the same request may succeed later, without a change by anybody.
    package var isRetryable: Bool {
        switch self {
        case .status(let code, _, _, _): code == 429 || code == 408 || code >= 500
        case .unreachable, .timedOut: true
        case .unreadable, .configuration, .credentials, .invalidName, .cancelled: false
        }
    }

    package var retryAfter: Duration? { if case .status(_, _, _, let after) = self { after } else { nil } }
}

extension APIError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .status(let code, let reason, let message, _):
            "the API server answered \(code) \(reason)" + (message.isEmpty ? "" : ": \(message)")
        case .unreachable(let server, let reason):
            "the API server \(server) cannot be reached (\(reason)): check that it runs and that the address is right"
        case .timedOut(let server, let after):
            "the API server \(server) did not answer within \(after.components.seconds) s: look at its load and network"
        case .unreadable(let what, let reason): "\(what) cannot be read: \(reason)"
        case .configuration(let file, let reason): "\(file): \(reason)"
        case .credentials(let source, let reason): "no credentials from \(source): \(reason)"
        case .invalidName(let resource, let name):
            "\"\(name)\" is no name for one of \(resource): use letters, digits, '-' and '.'"
        case .cancelled: "the request was cancelled"
        }
    }
}
