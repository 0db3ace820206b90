import ArgumentParser
import KubernetesAPI
import KubernetesModel

/// `virt-node vnc`: a guest's display, for a viewer on this machine.
struct VNCCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "vnc", abstract: "Offer a guest's display on a loopback port to a VNC viewer.",
        discussion: """
            Prints the address for the viewer, serves one viewer, and ends with it. Whoever may connect to the port sees \
            the display: it listens on loopback unless told otherwise.
            """)

    @Argument(help: "The VMI's name.")
    var name: String

    @Option(help: "The port; any free one where left out.")
    var port = 0

    @Option(help: "The address to listen on.")
    var address = "127.0.0.1"

    @Flag(help: "Print the port as JSON, for programs that start a viewer themselves.")
    var proxyOnly = false

    @Flag(help: "Serve one viewer after the other, until ^C.")
    var keep = false

    @Flag(help: "Where somebody has the display open, leave it to them.")
    var preserveSession = false

    @OptionGroup var namespaceOption: NamespaceOption
    @OptionGroup var node: NodeOptions

    func validate() throws {
        guard (0...65535).contains(port) else { throw ValidationError("--port \(port): write a number up to 65535") }
    }

    func run() async throws {
        try await node.speak { [self] connection in
            let namespace = connection.namespace(namespaceOption)
            // What is not there is said before a viewer is started.
            guard try await has(connection, namespace) else {
                throw await connection.unknown(namespace, name)
            }
            let proxy = DisplayProxy(
                connection, namespace: namespace, name: name, preservesSession: preserveSession,
                servesMany: keep)
            try await proxy.run(address: address, port: port) { port in
                Standard.output(
                    proxyOnly
                        ? "{\"port\": \(port)}\n"
                        : "VNC display of \(Standard.visible(name)): connect a viewer to \(address):\(port), such as remote-viewer vnc://\(address):\(port)\n"
                )
            }
        }
    }

    private func has(_ connection: NodeConnection, _ namespace: String) async throws -> Bool {
        if try await connection.report(namespace, name) != nil { return true }
        return try await connection.instance(namespace, name) != nil
    }
}
