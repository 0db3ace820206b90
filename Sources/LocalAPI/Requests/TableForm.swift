import KubernetesModel

/// A Table, which clients that show objects to people ask for.
struct TableForm: Sendable {
    private enum Included: Sendable {
        case none, metadata, object
    }

    private let version: String
    private let included: Included

    /// Nil where the request does not ask for a table, or for one of a version that does not exist.
    init?(_ request: APIRequest) {
        let ranges = request.accept.split(separator: ",").map { $0.filter { $0 != " " } }
        let table = ranges.first { $0.contains("as=Table") && $0.contains("g=meta.k8s.io") }
        guard let table, let first = ranges.first, first == table || first.contains("as=Table") else { return nil }
        version = table.contains("v=v1beta1") ? "v1beta1" : "v1"
        switch request["includeObject"] {
        case "None": included = .none
        case "Object": included = .object
        default: included = .metadata
        }
    }

    func response(
        _ objects: [StoredObject], _ definition: ResourceDefinition, version: Int64?, now: Timestamp,
        next: String? = nil, remaining: Int = 0
    ) -> APIResponse {
        var metadata: DocumentNode = .object([])
        if let version {
            metadata = ListPage(objects: [], version: version, next: next, remaining: remaining).metadata
        } else if let object = objects.first {
            metadata = .object([DocumentMember("resourceVersion", .string("\(object.version)"))])
        }
        return APIResponse(200, table(objects, definition, metadata: metadata, now: now))
    }

    /// The table of one changed object; the columns are told once.
    func table(of object: StoredObject, _ definition: ResourceDefinition, isFirst: Bool, now: Timestamp)
        -> DocumentNode
    {
        let metadata = DocumentNode.object([DocumentMember("resourceVersion", .string("\(object.version)"))])
        return table([object], definition, metadata: metadata, now: now, withColumns: isFirst)
    }

    private func table(
        _ objects: [StoredObject], _ definition: ResourceDefinition, metadata: DocumentNode, now: Timestamp,
        withColumns: Bool = true
    ) -> DocumentNode {
        let rows = objects.map { stored -> DocumentNode in
            let object = stored.document
            let cells = definition.table.cells(object, now)
            return .object([
                DocumentMember("cells", .array(cells)), DocumentMember("object", embedded(object)),
            ])
        }
        return .object([
            DocumentMember("kind", .string("Table")),
            DocumentMember("apiVersion", .string("meta.k8s.io/\(version)")),
            DocumentMember("metadata", metadata),
            DocumentMember("columnDefinitions", withColumns ? definition.table.definitions : DocumentNode(.null)),
            DocumentMember("rows", .array(rows)),
        ])
    }

    private func embedded(_ object: DocumentNode) -> DocumentNode {
        switch included {
        case .none: DocumentNode(.null)
        case .object: object
        case .metadata:
            .object([
                DocumentMember("kind", .string("PartialObjectMetadata")),
                DocumentMember("apiVersion", .string("meta.k8s.io/\(version)")),
                DocumentMember("metadata", object["metadata"] ?? .object([])),
            ])
        }
    }
}
