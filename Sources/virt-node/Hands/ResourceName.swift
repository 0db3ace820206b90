import KubernetesModel

/// The kinds that `get` knows, by the names that kubectl takes.
enum ResourceName {
    private static let names: [(resource: APIResource, aliases: [String])] = [
        (.instances, ["vmi", "vmis", "virtualmachineinstance"]),
        (.migrations, ["vmim", "vmims", "virtualmachineinstancemigration"]),
        (.nodes, ["no", "node"]),
        (.events, ["ev", "event"]),
        (.namespaces, ["ns", "namespace"]),
        (.secrets, ["secret"]),
        (.configMaps, ["cm", "configmap"]),
        (.leases, ["lease"]),
    ]

    /// The kinds in plural, for messages.
    static var all: [String] { names.map(\.resource.plural) }

    static func resource(_ name: String) -> APIResource? {
        let name = name.lowercased()
        return names.first { $0.resource.plural == name || $0.aliases.contains(name) }?.resource
    }
}
