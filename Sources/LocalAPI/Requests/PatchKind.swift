import KubernetesModel

/// The four kinds of patches, by content type.
enum PatchKind: Sendable {
    case json
    case merge
    case strategic(StrategicMergePatch)
    case apply

    init(_ request: APIRequest, _ definition: ResourceDefinition) throws(APIStatus) {
        switch request.mediaType {
        case "application/json-patch+json": self = .json
        case "application/merge-patch+json": self = .merge
        case "application/strategic-merge-patch+json" where definition.isBuiltin:
            self = .strategic(StrategicMergePatch(schema: definition.schema))
        case "application/apply-patch+yaml": self = .apply
        default:
            var types = ["application/json-patch+json", "application/merge-patch+json", "application/apply-patch+yaml"]
            if definition.isBuiltin { types.append("application/strategic-merge-patch+json") }
            throw APIStatus(
                415, "UnsupportedMediaType",
                "the body of the request was in an unknown format - accepted media types include: \(types.joined(separator: ", "))"
            )
        }
    }

    func apply(_ patch: DocumentNode, to object: DocumentNode) throws(PatchError) -> DocumentNode {
        switch self {
        case .json: return try JSONPatch(patch).apply(to: object)
        case .merge: return MergePatch.apply(patch, to: object)
        case .strategic(let strategic): return try strategic.apply(patch, to: object)
        case .apply: return patch
        }
    }
}
