import KubernetesModel
import Synchronization

/// The OpenAPI v3 documents of the server, one a group, made from the kinds' schemas when somebody asks.
///
/// Synchronization: documents that were made are behind a lock.
final class OpenAPIDocuments: Sendable {
    private let catalog: ResourceCatalog
    private let made = Mutex<[String: [UInt8]]>([:])

    init(_ catalog: ResourceCatalog) { self.catalog = catalog }

    /// The document at a path below `openapi`; nil where there is none.
    func answer(_ path: [String]) -> APIResponse? {
        switch path {
        case ["v3"]: return APIResponse(200, index)
        case ["v2"]: return APIResponse(200, Self.minimal)
        case let path where path.first == "v3": return group(path.dropFirst().joined(separator: "/"))
        default: return nil
        }
    }

    private static func path(_ group: String, _ version: String) -> String {
        group.isEmpty ? "api/\(version)" : "apis/\(group)/\(version)"
    }

    private var index: DocumentNode {
        let paths = catalog.groups.map { group -> DocumentMember in
            let path = Self.path(group.group, group.version)
            // A client keeps a document as long as its address is the same.
            let url = "/openapi/v3/\(path)?hash=\(hash(path))"
            return DocumentMember(path, .object([DocumentMember("serverRelativeURL", .string(url))]))
        }
        return .object([DocumentMember("paths", .object(paths))])
    }

    private func hash(_ path: String) -> String {
        let hash = (bytes(path) ?? []).reduce(UInt64(14_695_981_039_346_656_037)) {
            ($0 ^ UInt64($1)) &* 1_099_511_628_211
        }
        return String(hash, radix: 16, uppercase: true)
    }

    private func group(_ path: String) -> APIResponse? { bytes(path).map { APIResponse(200, .bytes($0)) } }

    private func bytes(_ path: String) -> [UInt8]? {
        if let bytes = made.withLock({ $0[path] }) { return bytes }
        guard let group = catalog.groups.first(where: { Self.path($0.group, $0.version) == path }) else { return nil }
        let bytes = DocumentWriter.jsonBytes(Self.document(group.definitions))
        made.withLock { $0[path] = bytes }
        return bytes
    }

    /// OpenAPI v2 without definitions: clients that know v3 do not need them.
    private static let minimal = DocumentNode.object([
        DocumentMember("swagger", .string("2.0")),
        DocumentMember("info", info), DocumentMember("paths", .object([])), DocumentMember("definitions", .object([])),
    ])

    private static let info = DocumentNode.object([
        DocumentMember("title", .string("virt-node")), DocumentMember("version", .string(ServerVersion.git)),
    ])

    private static func document(_ definitions: [ResourceDefinition]) -> DocumentNode {
        let schemas = definitions.map { DocumentMember($0.schemaName, schema($0)) }
        return .object([
            DocumentMember("openapi", .string("3.0.0")), DocumentMember("info", info),
            DocumentMember("paths", .object(definitions.flatMap(paths))),
            DocumentMember("components", .object([DocumentMember("schemas", .object(schemas))])),
        ])
    }

    private static func kind(_ definition: ResourceDefinition) -> DocumentNode {
        .object([
            DocumentMember("group", .string(definition.resource.group)),
            DocumentMember("kind", .string(definition.resource.kind)),
            DocumentMember("version", .string(definition.resource.version)),
        ])
    }

    private static func schema(_ definition: ResourceDefinition) -> DocumentNode {
        var schema = definition.schema.openAPI
        schema.setMember("x-kubernetes-group-version-kind", .array([kind(definition)]))
        return schema
    }

    // MARK: Paths

    private static func paths(_ definition: ResourceDefinition) -> [DocumentMember] {
        let resource = definition.resource
        let namespace = resource.isNamespaced ? "{namespace}" : nil
        let collection = resource.path(namespace: namespace)
        let object = resource.path(namespace: namespace, name: "{name}")
        var paths = [
            DocumentMember(
                collection,
                .object([
                    operation("get", "list", definition), operation("post", "post", definition),
                    operation("delete", "deletecollection", definition),
                ])),
            DocumentMember(
                object,
                .object([
                    operation("get", "get", definition), operation("put", "put", definition),
                    operation("patch", "patch", definition), operation("delete", "delete", definition),
                ])),
        ]
        if definition.hasStatus {
            paths.append(
                DocumentMember(
                    "\(object)/status",
                    .object([
                        operation("get", "get", definition), operation("put", "put", definition),
                        operation("patch", "patch", definition),
                    ])))
        }
        return paths
    }

    private static func operation(_ method: String, _ action: String, _ definition: ResourceDefinition)
        -> DocumentMember
    {
        let reference = DocumentNode.object([
            DocumentMember("$ref", .string("#/components/schemas/\(definition.schemaName)"))
        ])
        func content(_ types: [String]) -> DocumentMember {
            let media = DocumentNode.object([DocumentMember("schema", reference)])
            return DocumentMember("content", .object(types.map { DocumentMember($0, media) }))
        }
        let response = DocumentNode.object([
            DocumentMember("description", .string("OK")), content(["application/json"]),
        ])
        var members = [
            DocumentMember("responses", .object([DocumentMember("200", response)])),
            DocumentMember("x-kubernetes-action", .string(action)),
            DocumentMember("x-kubernetes-group-version-kind", kind(definition)),
        ]
        if ["post", "put", "patch"].contains(method) {
            let types =
                method == "patch"
                ? ["application/apply-patch+yaml", "application/json-patch+json", "application/merge-patch+json"]
                    + (definition.isBuiltin ? ["application/strategic-merge-patch+json"] : []) : ["application/json"]
            members.insert(DocumentMember("requestBody", .object([content(types)])), at: 0)
            members.insert(
                DocumentMember("parameters", .array(["dryRun", "fieldManager", "fieldValidation"].map(parameter))),
                at: 0)
        }
        return DocumentMember(method, .object(members))
    }

    private static func parameter(_ name: String) -> DocumentNode {
        let schema = DocumentNode.object([
            DocumentMember("type", .string("string")), DocumentMember("uniqueItems", .bool(true)),
        ])
        return .object([
            DocumentMember("in", .string("query")), DocumentMember("name", .string(name)),
            DocumentMember("schema", schema),
        ])
    }
}

extension ResourceDefinition {
    /// The name of the schema in OpenAPI documents: the group backwards, the version and the kind.
    var schemaName: String {
        let version = resource.version
        switch resource.group {
        case "": return "io.k8s.api.core.\(version).\(resource.kind)"
        case "coordination.k8s.io": return "io.k8s.api.coordination.\(version).\(resource.kind)"
        default:
            let group = resource.group.split(separator: ".").reversed().joined(separator: ".")
            return "\(group).\(version).\(resource.kind)"
        }
    }
}
