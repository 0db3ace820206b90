package import KubernetesModel

/// All objects of a list, and the moment it is true for.
package struct ObjectList: Sendable, Equatable {
    /// A watch from here misses nothing.
    package var resourceVersion: String
    package var items: [DocumentNode]

    package init(resourceVersion: String, items: [DocumentNode]) {
        self.resourceVersion = resourceVersion
        self.items = items
    }
}

/// One page of a list, as the server gave it.
struct ListPage {
    var resourceVersion: String
    var items: [DocumentNode]
    /// Where the next page starts; nil on the last.
    var next: String?

    /// That there is nothing counts only from an answer that is a list: whatever else answers 200 says nothing.
    init(_ node: DocumentNode?, of resource: APIResource) throws(APIError) {
        let what = "the list of \(resource.plural)"
        guard let node, let kind = node["kind"]?.text, kind.hasSuffix("List") else {
            throw .unreadable(what: what, reason: "the answer is no list: does a proxy answer in the server's place?")
        }
        guard let version = node["metadata"]?["resourceVersion"]?.text, !version.isEmpty else {
            throw .unreadable(what: what, reason: "it has no resourceVersion")
        }
        resourceVersion = version
        next = node["metadata"]?["continue"]?.text.flatMap { $0.isEmpty ? nil : $0 }
        let itemKind = kind == "List" ? resource.kind : String(kind.dropLast("List".count))
        switch node["items"]?.value {
        case .array(let elements):
            // Lists of built-in kinds leave both out of their items.
            items = try elements.map { element throws(APIError) in
                // Who is missing from a list counts as gone, so each must be there by name.
                guard !element.objectName.isEmpty else {
                    throw .unreadable(what: what, reason: "one of its items has no name")
                }
                guard case .object(let members) = element.value, element["kind"] == nil else { return element }
                let head = [
                    DocumentMember("apiVersion", node["apiVersion"] ?? .string(resource.apiVersion)),
                    DocumentMember("kind", .string(itemKind)),
                ]
                return .object(head + members.filter { $0.name != "apiVersion" && $0.name != "kind" })
            }
        case nil where node.members.contains { $0.name == "items" }: items = []
        default: throw .unreadable(what: what, reason: "its items are no list")
        }
    }
}
