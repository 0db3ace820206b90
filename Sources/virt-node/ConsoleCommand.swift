import ArgumentParser
import KubernetesAPI
import Serving

/// `virt-node console`: a guest's serial console.
struct ConsoleCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "console", abstract: "Open a guest's serial console; ^] leaves it.",
        discussion: "One console a VM: a new one ends the old, unless it is to be preserved.")

    @Argument(help: "The VMI's name.")
    var name: String

    @Flag(help: "Where somebody has the console open, leave it to them.")
    var preserveSession = false

    @Flag(inversion: .prefixedNo, help: "Begin with what the guest printed last.")
    var recent = true

    @OptionGroup var namespaceOption: NamespaceOption
    @OptionGroup var node: NodeOptions

    func run() async throws {
        try await node.speak { [self] connection in
            var query = recent ? ["recent=true"] : []
            if preserveSession { query.append("preserveSession=true") }
            let subresource = "console" + (query.isEmpty ? "" : "?" + query.joined(separator: "&"))
            try await connection.connect(connection.namespace(namespaceOption), name, subresource) { console in
                try await ConsoleSession(console).run()
            }
        }
    }
}
