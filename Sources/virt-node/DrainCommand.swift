import ArgumentParser
import KubernetesAPI
import KubernetesModel

/// `virt-node drain`: stops this node's VMs for maintenance.
struct DrainCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "drain",
        abstract: "Stop all VMs of this node gracefully, the least urgent first, and start no more.",
        discussion: """
            Returns once none runs. VMs that should run start again with --undo, or when the host boots. Whatever ends \
            this command, the node stays drained.
            """)

    @Flag(help: "Let VMs start again.")
    var undo = false

    @OptionGroup var node: NodeOptions

    func validate() throws {
        if node.kubeconfig != nil { throw ValidationError("drain is done on the node itself, without --kubeconfig") }
    }

    func run() async throws {
        try await node.speak { [undo] connection in
            let path = "/virt-node/v1/drain"
            guard !undo else {
                _ = try await connection.client.send("DELETE", path: path)
                return Standard.output("VMs start again\n")
            }
            var answer: [UInt8] = []
            // Guests have their grace periods, one tier after the other: --timeout limits it, and nothing else.
            try await connection.client.read("POST", path: path, limit: .seconds(86_400)) { answer += $0 }
            let node = try DocumentReader().read(String(decoding: answer, as: UTF8.self)).first
            guard let count = node?["stopped"]?.integer else {
                throw CommandFailure.unreadable(what: "the daemon's answer")
            }
            Standard.output("drained: \(count) \(count == 1 ? "VM" : "VMs") stopped\n")
        }
    }
}
