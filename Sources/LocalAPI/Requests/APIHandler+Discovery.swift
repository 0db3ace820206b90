import KubernetesModel

/// What the server says it is: 1.32 is what kubectl on Debian and its contemporaries expect.
enum ServerVersion {
    static let git = "v1.32.0+virt-node"

    static let document = DocumentNode.object([
        DocumentMember("major", .string("1")), DocumentMember("minor", .string("32")),
        DocumentMember("gitVersion", .string(git)), DocumentMember("gitCommit", .string("")),
        DocumentMember("gitTreeState", .string("clean")), DocumentMember("buildDate", .string("1970-01-01T00:00:00Z")),
        DocumentMember("goVersion", .string("")), DocumentMember("compiler", .string("swift")),
        DocumentMember("platform", .string("linux/amd64")),
    ])
}

/// KubeVirt's subresources, which other routes serve: discovery lists them.
private enum Subresources {
    static let group = "subresources.kubevirt.io"
    static let version = "v1"
    static let names = [
        "console", "filesystemlist", "freeze", "guestosinfo", "pause", "portforward", "reset", "softreboot",
        "unfreeze", "unpause", "userlist", "vnc",
    ]
    static let read: Set<String> = ["console", "filesystemlist", "guestosinfo", "portforward", "userlist", "vnc"]

    static func verbs(_ name: String) -> DocumentNode { .array([.string(read.contains(name) ? "get" : "update")]) }
}

extension APIHandler {
    /// The answers that depend on no object: discovery, OpenAPI, version and health.
    func fixedDocument(_ request: APIRequest) throws(APIStatus) -> APIResponse? {
        let path = request.path
        let isDiscovery = path.first == "api" || path.first == "apis"
        switch path.count {
        case 0: return APIResponse(200, Self.paths)
        case 1:
            switch path[0] {
            case "api", "apis": return discovery(request, isCore: path[0] == "api")
            case "version": return APIResponse(200, ServerVersion.document)
            case "healthz", "livez", "readyz": return .text("ok")
            default: return nil
            }
        case 2 where path[0] == "apis": return try group(path[1])
        case 2 where path == ["api", "v1"]: return try resources("", "v1")
        case 2 where path[0] == "healthz" || path[0] == "livez" || path[0] == "readyz": return .text("ok")
        case 3 where isDiscovery && path[0] == "apis": return try resources(path[1], path[2])
        default: break
        }
        guard path[0] == "openapi" else { return nil }
        guard let response = openAPI.answer(Array(path.dropFirst())) else { throw .noSuchResource }
        return response
    }

    private static let paths = DocumentNode.object([
        DocumentMember(
            "paths",
            .array(
                ["/api", "/api/v1", "/apis", "/healthz", "/livez", "/openapi/v3", "/readyz", "/version"].map {
                    .string($0)
                }))
    ])

    // MARK: Plain

    private func discovery(_ request: APIRequest, isCore: Bool) -> APIResponse {
        for version in ["v2", "v2beta1"] where Self.accepts(request, version) {
            let type = "application/json;g=apidiscovery.k8s.io;v=\(version);as=APIGroupDiscoveryList"
            let bytes = DocumentWriter.jsonBytes(aggregated(version, isCore: isCore))
            return APIResponse(200, .bytes(bytes), contentType: type)
        }
        guard isCore else {
            let groups = catalog.groups.filter { !$0.group.isEmpty }.map { Self.group($0.group, $0.version) }
            return APIResponse(
                200,
                .object([
                    DocumentMember("kind", .string("APIGroupList")), DocumentMember("apiVersion", .string("v1")),
                    DocumentMember("groups", .array(groups + [Self.group(Subresources.group, Subresources.version)])),
                ]))
        }
        return APIResponse(
            200,
            .object([
                DocumentMember("kind", .string("APIVersions")), DocumentMember("versions", .array([.string("v1")])),
                DocumentMember("serverAddressByClientCIDRs", .array([])),
            ]))
    }

    private static func accepts(_ request: APIRequest, _ version: String) -> Bool {
        request.accept.split(separator: ",").contains { range in
            let parts = range.split(separator: ";").map { $0.filter { $0 != " " } }
            return parts.contains("as=APIGroupDiscoveryList") && parts.contains("v=\(version)")
        }
    }

    private static func group(_ name: String, _ version: String) -> DocumentNode {
        let entry = DocumentNode.object([
            DocumentMember("groupVersion", .string("\(name)/\(version)")), DocumentMember("version", .string(version)),
        ])
        return .object([
            DocumentMember("name", .string(name)), DocumentMember("versions", .array([entry])),
            DocumentMember("preferredVersion", entry),
        ])
    }

    private func group(_ name: String) throws(APIStatus) -> APIResponse {
        let known = catalog.groups.first { $0.group == name }?.version
        guard let version = known ?? (name == Subresources.group ? Subresources.version : nil) else {
            throw .noSuchResource
        }
        let members = [DocumentMember("kind", .string("APIGroup")), DocumentMember("apiVersion", .string("v1"))]
        return APIResponse(200, .object(members + Self.group(name, version).members))
    }

    private func resources(_ group: String, _ version: String) throws(APIStatus) -> APIResponse {
        var resources: [DocumentNode] = []
        if group == Subresources.group, version == Subresources.version {
            resources = Subresources.names.map { name in
                .object([
                    DocumentMember("name", .string("virtualmachineinstances/\(name)")),
                    DocumentMember("singularName", .string("")), DocumentMember("namespaced", .bool(true)),
                    DocumentMember("kind", .string("VirtualMachineInstance")),
                    DocumentMember("verbs", Subresources.verbs(name)),
                ])
            }
        } else {
            guard let found = catalog.groups.first(where: { $0.group == group && $0.version == version }) else {
                throw .noSuchResource
            }
            resources = found.definitions.flatMap(Self.resources)
        }
        return APIResponse(
            200,
            .object([
                DocumentMember("kind", .string("APIResourceList")), DocumentMember("apiVersion", .string("v1")),
                DocumentMember("groupVersion", .string(group.isEmpty ? version : "\(group)/\(version)")),
                DocumentMember("resources", .array(resources)),
            ]))
    }

    private static func resources(_ definition: ResourceDefinition) -> [DocumentNode] {
        let resource = definition.resource
        var members = [
            DocumentMember("name", .string(resource.plural)),
            DocumentMember("singularName", .string(definition.singular)),
            DocumentMember("namespaced", .bool(resource.isNamespaced)), DocumentMember("kind", .string(resource.kind)),
            DocumentMember("verbs", .array(ResourceDefinition.verbs.map { .string($0) })),
        ]
        members += names(definition)
        guard definition.hasStatus else { return [.object(members)] }
        let status = DocumentNode.object([
            DocumentMember("name", .string("\(resource.plural)/status")), DocumentMember("singularName", .string("")),
            DocumentMember("namespaced", .bool(resource.isNamespaced)), DocumentMember("kind", .string(resource.kind)),
            DocumentMember("verbs", .array(["get", "patch", "update"].map { .string($0) })),
        ])
        return [.object(members), status]
    }

    private static func names(_ definition: ResourceDefinition) -> [DocumentMember] {
        var members: [DocumentMember] = []
        if !definition.shortNames.isEmpty {
            members.append(DocumentMember("shortNames", .array(definition.shortNames.map { .string($0) })))
        }
        if !definition.categories.isEmpty {
            members.append(DocumentMember("categories", .array(definition.categories.map { .string($0) })))
        }
        return members
    }

    // MARK: Aggregated

    private func aggregated(_ version: String, isCore: Bool) -> DocumentNode {
        var items = catalog.groups.filter { $0.group.isEmpty == isCore }.map { group in
            Self.aggregatedGroup(group.group, group.version, group.definitions.map(Self.aggregatedResource))
        }
        if !isCore {
            let subresources = Subresources.names.map { name in
                DocumentNode.object([
                    DocumentMember("subresource", .string(name)),
                    DocumentMember(
                        "responseKind",
                        Self.kind(Subresources.group, Subresources.version, "VirtualMachineInstance")),
                    DocumentMember("verbs", Subresources.verbs(name)),
                ])
            }
            // The resource itself is not served in this group: it has neither kind nor verbs.
            let parent = DocumentNode.object([
                DocumentMember("resource", .string("virtualmachineinstances")),
                DocumentMember("scope", .string("Namespaced")),
                DocumentMember("subresources", .array(subresources)),
            ])
            items.append(Self.aggregatedGroup(Subresources.group, Subresources.version, [parent]))
        }
        return .object([
            DocumentMember("kind", .string("APIGroupDiscoveryList")),
            DocumentMember("apiVersion", .string("apidiscovery.k8s.io/\(version)")),
            DocumentMember("metadata", .object([])), DocumentMember("items", .array(items)),
        ])
    }

    private static func aggregatedGroup(_ name: String, _ version: String, _ resources: [DocumentNode])
        -> DocumentNode
    {
        let metadata = name.isEmpty ? [] : [DocumentMember("name", .string(name))]
        let entry = DocumentNode.object([
            DocumentMember("version", .string(version)), DocumentMember("resources", .array(resources)),
            DocumentMember("freshness", .string("Current")),
        ])
        return .object([
            DocumentMember("metadata", .object(metadata)), DocumentMember("versions", .array([entry])),
        ])
    }

    private static func kind(_ group: String, _ version: String, _ kind: String) -> DocumentNode {
        .object([
            DocumentMember("group", .string(group)), DocumentMember("version", .string(version)),
            DocumentMember("kind", .string(kind)),
        ])
    }

    private static func aggregatedResource(_ definition: ResourceDefinition) -> DocumentNode {
        let resource = definition.resource
        let kind = kind(resource.group, resource.version, resource.kind)
        var members = [
            DocumentMember("resource", .string(resource.plural)), DocumentMember("responseKind", kind),
            DocumentMember("scope", .string(resource.isNamespaced ? "Namespaced" : "Cluster")),
            DocumentMember("singularResource", .string(definition.singular)),
            DocumentMember("verbs", .array(ResourceDefinition.verbs.map { .string($0) })),
        ]
        members += names(definition)
        if definition.hasStatus {
            let status = DocumentNode.object([
                DocumentMember("subresource", .string("status")), DocumentMember("responseKind", kind),
                DocumentMember("verbs", .array(["get", "patch", "update"].map { .string($0) })),
            ])
            members.append(DocumentMember("subresources", .array([status])))
        }
        return .object(members)
    }
}
