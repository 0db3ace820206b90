import NIOHTTP1

/// How many requests were made, and how they ended.
package struct RequestCounts: Sendable, Equatable {
    package struct Key: Sendable, Hashable {
        /// Kubernetes' word: `get`, `list`, `watch`, `create`, `update`, `patch`, `delete`.
        package var verb: String
        /// The name in paths, with the subresource if there is one; `other` for what is no resource.
        package var resource: String
        /// The HTTP status; 0 where there was no answer.
        package var code: Int
    }

    package private(set) var entries: [Key: Int] = [:]

    package init() {}

    package var total: Int { entries.values.reduce(0, +) }

    /// Of a verb, or of all; of a resource, or of all.
    package func total(verb: String? = nil, resource: String? = nil) -> Int {
        entries.filter { (verb == nil || $0.key.verb == verb) && (resource == nil || $0.key.resource == resource) }
            .values.reduce(0, +)
    }

    mutating func count(_ call: HTTPCall, code: Int) {
        let (resource, isNamed) = Self.resource(call.path)
        let isWatch = call.query.contains { $0.0 == "watch" }
        entries[Key(verb: Self.verb(call.method, isNamed, isWatch), resource: resource, code: code), default: 0] += 1
    }

    private static func verb(_ method: HTTPMethod, _ isNamed: Bool, _ isWatch: Bool) -> String {
        switch method {
        case .GET: isWatch ? "watch" : isNamed ? "get" : "list"
        case .POST: "create"
        case .PUT: "update"
        case .PATCH: "patch"
        case .DELETE: "delete"
        default: method.rawValue.lowercased()
        }
    }

    /// `/apis/GROUP/VERSION/namespaces/NAMESPACE/PLURAL/NAME/SUBRESOURCE`, and what is shorter.
    private static func resource(_ path: String) -> (name: String, isNamed: Bool) {
        var parts = path.split(separator: "/")
        switch parts.first {
        case "api" where parts.count > 2: parts.removeFirst(2)
        case "apis" where parts.count > 3: parts.removeFirst(3)
        default: return ("other", true)
        }
        if parts.first == "namespaces", parts.count > 2 { parts.removeFirst(2) }
        guard let plural = parts.first else { return ("other", true) }
        return (parts.count > 2 ? "\(plural)/\(parts[2])" : String(plural), parts.count > 1)
    }
}
