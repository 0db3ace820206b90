import ArgumentParser
import KubernetesModel

/// `virt-node describe`: how a VMI is, and how it came to that.
struct DescribeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "describe",
        abstract: "Show the state of VMIs, what they wait for, why they failed, and each step with its duration.",
        discussion: "With --kubeconfig only what the API holds is shown: the steps are known on the VM's own node.")

    enum Output: String, ExpressibleByArgument, CaseIterable {
        case table, json, yaml
    }

    @Argument(help: "The VMIs' names.")
    var names: [String]

    @OptionGroup var namespaceOption: NamespaceOption
    @OptionGroup var node: NodeOptions

    @Option(name: .shortAndLong, help: "Print tables, or json or yaml for programs.")
    var output = Output.table

    func validate() throws {
        if names.isEmpty { throw ValidationError("name a VMI") }
    }

    func run() async throws {
        try await node.speak { [self] connection in
            let namespace = connection.namespace(namespaceOption)
            for (index, name) in names.enumerated() {
                let description = try await connection.describe(namespace, name)
                switch output {
                case .table: Standard.output((index > 0 ? "\n\n" : "") + description.text)
                case .json: Standard.output(DocumentWriter.json(description.document) + "\n")
                case .yaml: Standard.output("---\n" + Standard.visible(DocumentWriter.yaml(description.document)))
                }
            }
        }
    }
}
