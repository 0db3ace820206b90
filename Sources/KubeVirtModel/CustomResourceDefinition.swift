package import KubernetesModel

/// The definitions of KubeVirt's kinds for a cluster that has none, made from our own tables.
package enum CustomResourceDefinition {
    /// A VMI's; KubeVirt's own has no status subresource.
    package static func instances(statusSubresource: Bool) -> DocumentNode {
        definition(
            of: .instances, shortNames: ["vmi", "vmis"], columns: PrinterColumn.instance,
            schema: KubeVirtSchemas.instance, statusSubresource: statusSubresource)
    }

    /// A migration's, with a status subresource like KubeVirt's.
    package static func migrations() -> DocumentNode {
        definition(
            of: .migrations, shortNames: ["vmim", "vmims"], columns: PrinterColumn.migration,
            schema: KubeVirtSchemas.migration, statusSubresource: true)
    }

    private static func definition(
        of resource: APIResource, shortNames: [String], columns: [PrinterColumn], schema: StructuralSchema,
        statusSubresource: Bool
    ) -> DocumentNode {
        // A definition may say nothing about metadata but that it is an object.
        let structural = schema.replacing(["metadata": StructuralSchema(.object([]))])
        var version: [DocumentMember] = [
            DocumentMember("additionalPrinterColumns", .array(columns.map(column))),
            DocumentMember("name", .string(resource.version)),
            DocumentMember("schema", .object([DocumentMember("openAPIV3Schema", structural.openAPI)])),
            DocumentMember("served", .bool(true)),
            DocumentMember("storage", .bool(true)),
        ]
        if statusSubresource {
            version.append(DocumentMember("subresources", .object([DocumentMember("status", .object([]))])))
        }
        let names: [DocumentMember] = [
            DocumentMember("categories", .array([.string("all")])),
            DocumentMember("kind", .string(resource.kind)),
            DocumentMember("listKind", .string("\(resource.kind)List")),
            DocumentMember("plural", .string(resource.plural)),
            DocumentMember("shortNames", .array(shortNames.map { .string($0) })),
            DocumentMember("singular", .string(resource.kind.lowercased())),
        ]
        let spec: [DocumentMember] = [
            DocumentMember("group", .string(resource.group)),
            DocumentMember("names", .object(names)),
            DocumentMember("scope", .string("Namespaced")),
            DocumentMember("versions", .array([.object(version)])),
        ]
        let name = DocumentNode.string("\(resource.plural).\(resource.group)")
        return .object([
            DocumentMember("apiVersion", .string("apiextensions.k8s.io/v1")),
            DocumentMember("kind", .string("CustomResourceDefinition")),
            DocumentMember("metadata", .object([DocumentMember("name", name)])),
            DocumentMember("spec", .object(spec)),
        ])
    }

    private static func column(_ column: PrinterColumn) -> DocumentNode {
        var members: [DocumentMember] = []
        if !column.summary.isEmpty { members.append(DocumentMember("description", .string(column.summary))) }
        members.append(DocumentMember("jsonPath", .string(column.path)))
        members.append(DocumentMember("name", .string(column.name)))
        if column.isWide { members.append(DocumentMember("priority", .number(1))) }
        members.append(DocumentMember("type", .string(column.type)))
        return .object(members)
    }
}
