import ArgumentParser
import KubernetesAPI

/// `virt-node logs`: what a guest printed on its serial console.
struct LogsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "logs", abstract: "Show what a guest printed last on its serial console.",
        discussion: "The bytes are the guest's own, as it sent them. Who has the console open is not disturbed.")

    @Argument(help: "The VMI's name.")
    var name: String

    @Flag(name: .shortAndLong, help: "Go on with what it prints, until the VM ends or ^C.")
    var follow = false

    @OptionGroup var namespaceOption: NamespaceOption
    @OptionGroup var node: NodeOptions

    func run() async throws {
        try await node.speak { [self] connection in
            let path = try NodeConnection.machinePath(connection.namespace(namespaceOption), name, "/log")
            do throws(APIError) {
                try await connection.client.read(path: path, query: follow ? [("follow", "true")] : []) {
                    Standard.output($0)
                }
            } catch {
                if error.isNotFound, !connection.isSocket { throw CommandFailure.needsDaemon(what: "the log") }
                throw error
            }
        }
    }
}
