extension StructuralSchema {
    /// The schema as OpenAPI v3 writes it, within what a CustomResourceDefinition may say (a structural schema).
    package var openAPI: DocumentNode {
        var members: [DocumentMember] = []
        if !summary.isEmpty { members.append(DocumentMember("description", .string(summary))) }
        members += kindMembers
        return .object(members)
    }

    private var kindMembers: [DocumentMember] {
        switch kind {
        case .string: return [Self.type("string")]
        case .choice(let choices):
            return [DocumentMember("enum", .array(choices.map { .string($0) })), Self.type("string")]
        case .boolean: return [Self.type("boolean")]
        case .integer(let minimum, let maximum): return Self.integer(minimum, maximum)
        case .quantity:
            return [
                DocumentMember(
                    "anyOf", .array([.object([Self.type("integer")]), .object([Self.type("string")])])),
                DocumentMember("x-kubernetes-int-or-string", .bool(true)),
            ]
        case .timestamp: return [DocumentMember("format", .string("date-time")), Self.type("string")]
        case .any: return [DocumentMember("x-kubernetes-preserve-unknown-fields", .bool(true))]
        case .list(let element, let kind):
            return [DocumentMember("items", element.openAPI), Self.type("array")] + Self.listType(kind)
        case .map(let value): return [DocumentMember("additionalProperties", value.openAPI), Self.type("object")]
        case .object(let properties):
            var members: [DocumentMember] = []
            if !properties.isEmpty {
                let sorted = properties.sorted { $0.name < $1.name }
                members.append(
                    DocumentMember(
                        "properties", .object(sorted.map { DocumentMember($0.name, $0.schema.openAPI) })))
            }
            let required = properties.filter(\.isRequired).map(\.name).sorted()
            if !required.isEmpty { members.append(DocumentMember("required", .array(required.map { .string($0) }))) }
            return members + [Self.type("object")]
        }
    }

    private static func type(_ name: String) -> DocumentMember { DocumentMember("type", .string(name)) }

    private static func integer(_ minimum: Int64, _ maximum: Int64) -> [DocumentMember] {
        let isSmall = minimum >= Int64(Int32.min) && maximum <= Int64(Int32.max)
        var members = [DocumentMember("format", .string(isSmall ? "int32" : "int64"))]
        if maximum != .max, maximum != Int64(Int32.max) { members.append(DocumentMember("maximum", .number(maximum))) }
        if minimum != .min, minimum != Int64(Int32.min) { members.append(DocumentMember("minimum", .number(minimum))) }
        return members + [type("integer")]
    }

    private static func listType(_ kind: ListKind) -> [DocumentMember] {
        switch kind {
        case .atomic: [DocumentMember("x-kubernetes-list-type", .string("atomic"))]
        case .set: [DocumentMember("x-kubernetes-list-type", .string("set"))]
        case .map(let keys):
            [
                DocumentMember("x-kubernetes-list-map-keys", .array(keys.map { .string($0) })),
                DocumentMember("x-kubernetes-list-type", .string("map")),
            ]
        }
    }
}
