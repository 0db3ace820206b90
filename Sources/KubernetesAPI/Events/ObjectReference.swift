package import KubernetesModel

/// The object that an event is about.
package struct ObjectReference: Sendable, Hashable {
    package var apiVersion: String
    package var kind: String
    /// Nil for an object of the whole cluster.
    package var namespace: String?
    package var name: String
    package var uid: String?
    package var resourceVersion: String?

    package init(
        apiVersion: String, kind: String, namespace: String? = nil, name: String, uid: String? = nil,
        resourceVersion: String? = nil
    ) {
        self.apiVersion = apiVersion
        self.kind = kind
        self.namespace = namespace
        self.name = name
        self.uid = uid
        self.resourceVersion = resourceVersion
    }

    /// To an object as the server gave it.
    package init(_ object: DocumentNode, of resource: APIResource) {
        self.init(
            apiVersion: object["apiVersion"]?.text ?? resource.apiVersion,
            kind: object["kind"]?.text ?? resource.kind, namespace: object.objectNamespace, name: object.objectName,
            uid: object.objectUID, resourceVersion: object.resourceVersion)
    }

    /// The same object in all its versions.
    var withoutVersion: ObjectReference {
        var reference = self
        reference.resourceVersion = nil
        return reference
    }

    package var document: DocumentNode {
        var members = [
            DocumentMember("apiVersion", .string(apiVersion)), DocumentMember("kind", .string(kind)),
            DocumentMember("name", .string(name)),
        ]
        if let namespace { members.append(DocumentMember("namespace", .string(namespace))) }
        if let uid { members.append(DocumentMember("uid", .string(uid))) }
        if let resourceVersion { members.append(DocumentMember("resourceVersion", .string(resourceVersion))) }
        return .object(members)
    }
}
