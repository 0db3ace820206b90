package import KubernetesModel

/// Lists the field paths of an OpenAPI schema, such as the one in KubeVirt's CustomResourceDefinition.
package enum SchemaPaths {
    /// The paths below `spec` in the schema's order, each such as `spec.domain.devices.disks[].name`.
    ///
    /// `document` is a CustomResourceDefinition, of which the version `v1` counts where there are several, or an object
    /// whose `openAPIV3Schema` is the schema.
    package static func spec(of document: DocumentNode) throws(FieldInventoryError) -> [String] {
        try paths(of: document, below: "spec")
    }

    /// The paths below `status`, likewise.
    package static func status(of document: DocumentNode) throws(FieldInventoryError) -> [String] {
        try paths(of: document, below: "status")
    }

    private static func paths(of document: DocumentNode, below root: String) throws(FieldInventoryError) -> [String] {
        let schema = document["openAPIV3Schema"] ?? version(of: document)?["schema"]?["openAPIV3Schema"]
        guard let part = schema?["properties"]?[root] else { throw .noSchema(of: root) }
        var paths: [String] = []
        walk(part, root, into: &paths)
        return paths
    }

    private static func version(of document: DocumentNode) -> DocumentNode? {
        guard case .array(let versions) = document["spec"]?["versions"]?.value else { return nil }
        return versions.first { $0["name"]?.text == "v1" } ?? versions.first
    }

    /// Adds what stands below `path`; a list's elements are `path[]`, and a map's values `path{}`.
    private static func walk(_ schema: DocumentNode, _ path: String, into paths: inout [String]) {
        if let items = schema["items"] { walk(items, "\(path)[]", into: &paths) }
        if let values = schema["additionalProperties"] { walk(values, "\(path){}", into: &paths) }
        guard case .object(let members) = schema["properties"]?.value else { return }
        for member in members {
            let inner = "\(path).\(member.name)"
            paths.append(inner)
            walk(member.value, inner, into: &paths)
        }
    }
}
