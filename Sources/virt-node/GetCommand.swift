import ArgumentParser
import KubernetesAPI
import KubernetesModel

/// `virt-node get`: objects as a table or a document.
struct GetCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "get",
        abstract: "List VMIs, or other objects of this node's API.",
        discussion: """
            Kinds: \(ResourceName.all.joined(separator: ", ")); VMIs where none is named. A daemon that serves a cluster \
            keeps no objects: --kubeconfig asks the cluster.
            """)

    @Argument(help: "The kind, such as vmis, nodes or events.")
    var kind = "vmis"

    @Argument(help: "Only the object of this name.")
    var name: String?

    @OptionGroup var namespaceOption: NamespaceOption
    @OptionGroup var node: NodeOptions

    @Flag(name: [.customShort("A"), .long], help: "Objects of all namespaces.")
    var allNamespaces = false

    @Option(name: .shortAndLong, help: ArgumentHelp("Only objects with these labels.", valueName: "selector"))
    var labelSelector: String?
    // kubectl's short name for it.
    @Option(help: ArgumentHelp("Only objects with these fields.", valueName: "selector"))
    var fieldSelector: String?

    @Option(name: .shortAndLong, help: "Print a table, a wide one, json, yaml, or names.")
    var output = ObjectFormat.table

    @Flag(name: .shortAndLong, help: "Go on with what changes, until ^C.")
    var watch = false

    func validate() throws {
        guard ResourceName.resource(kind) != nil else {
            throw ValidationError(
                "there is no kind \"\(kind)\": write one of \(ResourceName.all.joined(separator: ", ")), such as: get vmis \(kind)"
            )
        }
        if name != nil, allNamespaces { throw ValidationError("give a name or --all-namespaces, not both") }
        if name != nil, labelSelector != nil || fieldSelector != nil {
            throw ValidationError("give a name or a selector, not both")
        }
    }

    func run() async throws {
        try await node.speak { [self] connection in
            guard let resource = ResourceName.resource(kind) else { return }
            let namespace = allNamespaces || !resource.isNamespaced ? nil : connection.namespace(namespaceOption)
            let columns = ObjectColumns(resource: resource, isWide: output == .wide, showsNamespace: allNamespaces)
            if let name, !watch {
                return show([try await connection.get(resource, namespace: namespace, name: name)], columns)
            }
            let fields = name.map { "metadata.name=\($0)" } ?? fieldSelector
            let list = try await connection.list(resource, namespace: namespace, labels: labelSelector, fields: fields)
            let items = resource == .events ? EventTime.sorted(list.items) : list.items
            guard watch else {
                if items.isEmpty, output == .table || output == .wide {
                    Standard.error("No \(resource.plural) found\(namespace.map { " in namespace \($0)" } ?? "").")
                    return
                }
                return show(items, columns)
            }
            var watch = ObjectWatch(columns, output)
            watch.show(items)
            try await watch.follow(connection, namespace: namespace, labels: labelSelector, fields: fields)
        }
    }

    private func show(_ items: [DocumentNode], _ columns: ObjectColumns) {
        switch output {
        case .table, .wide:
            var table = TextTable(columns.header)
            for item in items { table.add(columns.cells(item)) }
            Standard.output(table.text)
        case .name:
            for item in items { Standard.output(ObjectWatch.name(item, columns.resource) + "\n") }
        case .json, .yaml:
            if name != nil, let item = items.first {
                Standard.output(output.document(item))
            } else {
                Standard.output(output.list(items))
            }
        }
    }
}
