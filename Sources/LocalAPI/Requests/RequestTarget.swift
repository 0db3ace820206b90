import KubernetesModel

/// What a path below `/api` or `/apis` names.
struct RequestTarget: Sendable {
    var definition: ResourceDefinition
    /// Nil for all namespaces, and for kinds that have none.
    var namespace: String?
    /// Nil for the collection.
    var name: String?
    var subresource: String?

    /// Nil where the path names nothing that is served.
    init?(path: [String], in catalog: ResourceCatalog) {
        var rest = path[...]
        let group: String
        switch rest.popFirst() {
        case "api": group = ""
        case "apis":
            guard let name = rest.popFirst() else { return nil }
            group = name
        default: return nil
        }
        guard let version = rest.popFirst(), let first = rest.first else { return nil }
        // `namespaces/NAME/PLURAL` leads into a namespace, save for what belongs to the namespace itself.
        if first == "namespaces", rest.count >= 3 {
            let plural = rest[rest.startIndex + 2]
            let isOwn = group.isEmpty && (plural == "status" || plural == "finalize")
            if !isOwn {
                namespace = rest[rest.startIndex + 1]
                rest = rest.dropFirst(2)
            }
        }
        guard let plural = rest.popFirst(), let definition = catalog.find(group, version, plural) else { return nil }
        guard namespace == nil || definition.resource.isNamespaced else { return nil }
        self.definition = definition
        name = rest.popFirst()
        subresource = rest.popFirst()
        guard rest.isEmpty else { return nil }
        if name != nil, definition.resource.isNamespaced, namespace == nil { return nil }
        if let subresource, !(subresource == "status" && definition.hasStatus) { return nil }
    }

    var resource: String { definition.key }

    var subject: APIStatus.Subject {
        APIStatus.Subject(group: definition.resource.group, kind: definition.resource.plural, name: name ?? "")
    }
}
