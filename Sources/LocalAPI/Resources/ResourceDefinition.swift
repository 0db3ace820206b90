import KubernetesModel

/// A kind that the server serves, with all that tells it from the others.
final class ResourceDefinition: Sendable {
    let resource: APIResource
    let shortNames: [String]
    let categories: [String]
    /// Whether status is written through a subresource, and not with the object.
    let hasStatus: Bool
    /// Whether Kubernetes itself knows the kind: such take strategic merge patches, and need no resourceVersion.
    let isBuiltin: Bool
    let schema: StructuralSchema
    let table: TableLayout
    /// Fields that objects can be selected by, beside `metadata.name` and `metadata.namespace`, each by its path.
    let selectable: [String: [String]]
    let admission: any ObjectAdmission

    init(
        _ resource: APIResource, shortNames: [String] = [], categories: [String] = [], hasStatus: Bool = false,
        isBuiltin: Bool = true, schema: StructuralSchema, table: TableLayout, selectable: [String] = [],
        admission: any ObjectAdmission = NoAdmission()
    ) {
        self.resource = resource
        self.shortNames = shortNames
        self.categories = categories
        self.hasStatus = hasStatus
        self.isBuiltin = isBuiltin
        self.schema = schema
        self.table = table
        self.selectable = Dictionary(
            selectable.map { ($0, $0.split(separator: ".").map(String.init)) }
        ) { first, _ in first }
        self.admission = admission
    }

    static let verbs = ["create", "delete", "deletecollection", "get", "list", "patch", "update", "watch"]

    /// The name under which objects are stored.
    var key: String { resource.group.isEmpty ? resource.plural : "\(resource.plural).\(resource.group)" }
    /// As messages name the collection: `virtualmachineinstances.kubevirt.io`.
    var qualifiedPlural: String { key }
    /// As messages name the kind: `VirtualMachineInstance.kubevirt.io`.
    var qualifiedKind: String { resource.group.isEmpty ? resource.kind : "\(resource.kind).\(resource.group)" }
    var singular: String { resource.kind.lowercased() }

    var selectableNames: [String] {
        ["metadata.name"] + (resource.isNamespaced ? ["metadata.namespace"] : []) + selectable.keys.sorted()
    }

    /// The fields of an object that it can be selected by.
    func selectableFields(of object: DocumentNode) -> [String: String] {
        var fields = ["metadata.name": object.objectName]
        if let namespace = object.objectNamespace { fields["metadata.namespace"] = namespace }
        for (name, path) in selectable {
            switch object[path]?.value {
            case .string(let text), .number(let text): fields[name] = text
            case .bool(let bool): fields[name] = "\(bool)"
            case .null, .array, .object, nil: break
            }
        }
        return fields
    }
}

/// All kinds that a server serves.
struct ResourceCatalog: Sendable {
    let definitions: [ResourceDefinition]
    private let places: [String: Int]

    init(_ definitions: [ResourceDefinition]) {
        self.definitions = definitions
        places = Dictionary(
            definitions.enumerated().map { ("\($1.resource.apiVersion)/\($1.resource.plural)", $0) }
        ) { first, _ in
            first
        }
    }

    func find(_ group: String, _ version: String, _ plural: String) -> ResourceDefinition? {
        places["\(group.isEmpty ? version : "\(group)/\(version)")/\(plural)"].map { definitions[$0] }
    }

    subscript(key: String) -> ResourceDefinition? { definitions.first { $0.key == key } }

    /// The groups in the order of the kinds, each with its one version.
    var groups: [(group: String, version: String, definitions: [ResourceDefinition])] {
        var groups: [(group: String, version: String, definitions: [ResourceDefinition])] = []
        for definition in definitions {
            if let place = groups.firstIndex(where: { $0.group == definition.resource.group }) {
                groups[place].definitions.append(definition)
            } else {
                groups.append((definition.resource.group, definition.resource.version, [definition]))
            }
        }
        return groups
    }
}
