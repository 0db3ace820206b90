package import KubernetesModel
import NIOCore

/// A change to an object, in one of the four ways that Kubernetes knows.
package enum Patch: Sendable, Equatable {
    /// Members replace members, null removes, lists are replaced whole (RFC 7386).
    case merge(DocumentNode)
    /// A list of operations (RFC 6902); a `test` among them guards it.
    case json(DocumentNode)
    /// As merge, but lists are merged by their keys. Custom resources do not know it.
    case strategic(DocumentNode)
    /// Server-side apply: the fields that this manager wants, and owns.
    case apply(DocumentNode, fieldManager: String, force: Bool)

    var contentType: String {
        switch self {
        case .merge: "application/merge-patch+json"
        case .json: "application/json-patch+json"
        case .strategic: "application/strategic-merge-patch+json"
        case .apply: "application/apply-patch+yaml"
        }
    }

    var body: DocumentNode {
        switch self {
        case .merge(let body), .json(let body), .strategic(let body), .apply(let body, _, _): body
        }
    }

    var query: [(String, String)] {
        guard case .apply(_, let manager, let force) = self else { return [] }
        return [("fieldManager", manager)] + (force ? [("force", "true")] : [])
    }
}
