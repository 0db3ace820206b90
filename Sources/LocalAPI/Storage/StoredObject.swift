import KubernetesModel

/// A name of an object among those of its kind.
struct ObjectName: Hashable, Sendable, Comparable {
    /// Empty for kinds without namespaces.
    var namespace: String
    var name: String

    static func < (left: ObjectName, right: ObjectName) -> Bool {
        left.namespace == right.namespace ? left.name < right.name : left.namespace < right.namespace
    }
}

/// What selectors go by.
struct Selectable: Sendable, Equatable {
    var namespace: String
    var labels: [String: String]
    var fields: [String: String]
}

/// One version of an object, as it is stored and sent: encoded once, however many read it.
final class StoredObject: Sendable {
    let name: ObjectName
    let uid: String
    let version: Int64
    let selectable: Selectable
    let isBeingDeleted: Bool
    /// Uids of the objects that this one goes with.
    let owners: [String]
    let json: [UInt8]

    init(_ document: DocumentNode, version: Int64, of definition: ResourceDefinition) {
        name = ObjectName(namespace: document.objectNamespace ?? "", name: document.objectName)
        uid = document.objectUID ?? ""
        self.version = version
        selectable = Selectable(
            namespace: name.namespace, labels: document[["metadata", "labels"]]?.stringMap ?? [:],
            fields: definition.selectableFields(of: document))
        isBeingDeleted = document.isBeingDeleted
        owners = document[["metadata", "ownerReferences"]]?.elements.compactMap { $0["uid"]?.text } ?? []
        json = DocumentWriter.jsonBytes(document)
    }

    /// The object as a tree, read anew: trees take ten times the memory of their text.
    var document: DocumentNode {
        // What is stored was written from a tree, and checked when the database was opened.
        (try? Self.read(json)) ?? .object([])
    }

    static func read(_ json: [UInt8]) throws(DocumentError) -> DocumentNode {
        try DocumentReader().read(String(decoding: json, as: UTF8.self)).first ?? .object([])
    }
}

/// One change, as watches see it.
struct StoredChange: Sendable {
    enum Kind: Int, Sendable {
        case added, modified, deleted
    }

    var version: Int64
    /// The kind's key.
    var resource: String
    var kind: Kind
    /// The object after the change; of one that was deleted, the last state.
    var object: StoredObject
    /// What selectors saw before; nil for an object that is new.
    var before: Selectable?
}
