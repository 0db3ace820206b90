import ArgumentParser
import KubernetesAPI
import KubernetesModel

/// `virt-node events`: what happened, oldest first.
struct EventsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "events", abstract: "Show the events of a VMI, or of all.",
        discussion: "A daemon that serves a cluster keeps no events: --kubeconfig asks the cluster.")

    @Argument(help: "Only events about the object of this name.")
    var name: String?

    @OptionGroup var namespaceOption: NamespaceOption
    @OptionGroup var node: NodeOptions

    @Flag(name: [.customShort("A"), .long], help: "Events of all namespaces.")
    var allNamespaces = false

    @Option(name: .shortAndLong, help: "Print a table, a wide one, json, yaml, or names.")
    var output = ObjectFormat.table

    @Flag(name: .shortAndLong, help: "Go on with what happens, until ^C.")
    var watch = false

    func run() async throws {
        try await node.speak { [self] connection in
            let namespace = allNamespaces ? nil : connection.namespace(namespaceOption)
            let fields = name.map { "involvedObject.name=\($0)" }
            let list = try await connection.list(.events, namespace: namespace, fields: fields)
            let events = EventTime.sorted(list.items)
            let columns = ObjectColumns(resource: .events, isWide: output == .wide, showsNamespace: allNamespaces)
            if !watch, output == .json || output == .yaml { return Standard.output(output.list(events)) }
            var watch = ObjectWatch(columns, output)
            watch.show(events)
            if self.watch {
                try await watch.follow(connection, namespace: namespace, fields: fields)
            } else if events.isEmpty, output == .table || output == .wide {
                Standard.error("No events found\(name.map { " about \($0)" } ?? "").")
            }
        }
    }
}
