import ArgumentParser
import KubeVirtModel
import KubernetesModel

/// `virt-node debug crd`: KubeVirt's kinds for a cluster that has none.
struct CRDCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "crd",
        abstract: "Print the CustomResourceDefinitions of VMIs and migrations, as YAML.",
        discussion: "Use `kubectl create` or `kubectl apply --server-side`: they are too big for plain apply.")

    @Flag(help: "Give the VMI a status subresource, which KubeVirt's own has not.")
    var statusSubresource = false

    func run() throws {
        let definitions = [
            CustomResourceDefinition.instances(statusSubresource: statusSubresource),
            CustomResourceDefinition.migrations(),
        ]
        Standard.output(definitions.map(DocumentWriter.yaml).joined(separator: "---\n"))
    }
}
