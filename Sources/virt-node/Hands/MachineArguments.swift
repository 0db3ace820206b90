import ArgumentParser
import KubernetesAPI
import KubernetesModel

/// The VMs that a command acts on.
struct MachineArguments: ParsableArguments {
    @Argument(help: "The VMIs' names.")
    var names: [String]

    @OptionGroup var namespaceOption: NamespaceOption
    @OptionGroup var node: NodeOptions

    func validate() throws {
        if names.isEmpty { throw ValidationError("name a VMI") }
    }

    /// Asks it of each, by KubeVirt's subresource. One that fails does not spare the others.
    func order(_ subresource: String, body: DocumentNode? = nil, done: String) async throws {
        try await node.speak { [self] connection in
            let namespace = connection.namespace(namespaceOption)
            var failure: APIError?
            for name in names {
                do throws(APIError) {
                    let path = try NodeConnection.subresource(namespace, name, subresource)
                    _ = try await connection.client.send("PUT", path: path, body: body)
                    Standard.output("\(Standard.visible(name)) \(done)\n")
                } catch {
                    // All but the last are told here.
                    if let failure { Standard.error("virt-node: \(failure)") }
                    failure = error
                }
            }
            if let failure { throw failure }
        }
    }
}
