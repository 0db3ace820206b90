/// A kind of object that a Kubernetes API serves, and the path it is served under.
package struct APIResource: Sendable, Hashable {
    /// Empty for the core group.
    package var group: String
    package var version: String
    /// The name in paths, such as `virtualmachineinstances`.
    package var plural: String
    package var kind: String
    package var isNamespaced: Bool

    package init(group: String, version: String, plural: String, kind: String, isNamespaced: Bool = true) {
        self.group = group
        self.version = version
        self.plural = plural
        self.kind = kind
        self.isNamespaced = isNamespaced
    }

    package static let instances = APIResource(
        group: "kubevirt.io", version: "v1", plural: "virtualmachineinstances", kind: "VirtualMachineInstance")
    package static let migrations = APIResource(
        group: "kubevirt.io", version: "v1", plural: "virtualmachineinstancemigrations",
        kind: "VirtualMachineInstanceMigration")
    package static let events = APIResource(group: "", version: "v1", plural: "events", kind: "Event")
    package static let secrets = APIResource(group: "", version: "v1", plural: "secrets", kind: "Secret")
    package static let configMaps = APIResource(group: "", version: "v1", plural: "configmaps", kind: "ConfigMap")
    package static let namespaces = APIResource(
        group: "", version: "v1", plural: "namespaces", kind: "Namespace", isNamespaced: false)
    package static let nodes = APIResource(group: "", version: "v1", plural: "nodes", kind: "Node", isNamespaced: false)
    package static let leases = APIResource(
        group: "coordination.k8s.io", version: "v1", plural: "leases", kind: "Lease")

    /// `v1`, or `GROUP/VERSION`.
    package var apiVersion: String { group.isEmpty ? version : "\(group)/\(version)" }

    /// The path below the server. Names must be checked before: they are put in as they are.
    package func path(namespace: String? = nil, name: String? = nil, subresource: String? = nil) -> String {
        var path = group.isEmpty ? "/api/\(version)" : "/apis/\(group)/\(version)"
        if isNamespaced, let namespace { path += "/namespaces/\(namespace)" }
        path += "/\(plural)"
        if let name { path += "/\(name)" }
        if let subresource { path += "/\(subresource)" }
        return path
    }
}
