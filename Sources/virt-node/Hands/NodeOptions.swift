import ArgumentParser
import HostModel
import KubernetesAPI
import Logging
import NodeAgent
import Serving
import SystemPackage

/// Whom a command speaks to: this node's daemon by its socket, or an API.
struct NodeOptions: ParsableArguments {
    @Option(help: ArgumentHelp("The daemon that was started with this --root.", valueName: "dir"))
    var root = "/"

    @Option(help: ArgumentHelp("Speak to the API that this kubeconfig names, not to the daemon.", valueName: "file"))
    var kubeconfig: String?

    @Option(help: ArgumentHelp("The kubeconfig's context.", valueName: "name"))
    var context: String?

    @Option(help: ArgumentHelp("Give up after so many seconds, and exit with 124.", valueName: "seconds"))
    var timeout: Int?

    func validate() throws {
        if let timeout, timeout <= 0 {
            throw ValidationError("--timeout \(timeout): write a number of seconds above 0")
        }
        if context != nil, kubeconfig == nil { throw ValidationError("--context needs --kubeconfig") }
    }

    /// Opens a connection, does the work and closes it. What fails is told, and is an exit code.
    func speak(_ work: @escaping @Sendable (NodeConnection) async throws -> Void) async throws {
        let connection: NodeConnection
        do throws(APIError) { connection = try open() } catch { throw CommandFailure.told(error, nil) }
        do {
            try await within(timeout) { try await work(connection) }
            await connection.client.close()
        } catch {
            await connection.client.close()
            throw CommandFailure.told(error, connection)
        }
    }

    private func open() throws(APIError) -> NodeConnection {
        let configuration: ServerConfiguration
        if let kubeconfig {
            configuration = try .kubeconfig(FilePath(kubeconfig), context: context)
        } else {
            let folders = SessionFolders(NodeFolders(root: FilePath(root)))
            configuration = .unixSocket(Daemon.socket(folders).string, token: nil)
        }
        return try NodeConnection(configuration)
    }

    private func within(_ seconds: Int?, _ work: @escaping @Sendable () async throws -> Void) async throws {
        guard let seconds else { return try await work() }
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await work() }
            group.addTask {
                try await Task.sleep(for: .seconds(seconds))
                throw CommandFailure.overdue(seconds: seconds)
            }
            defer { group.cancelAll() }
            try await group.next()
        }
    }
}

/// `-n`.
struct NamespaceOption: ParsableArguments {
    @Option(name: .shortAndLong, help: "The namespace; the kubeconfig's, or default, where left out.")
    var namespace: String?
}
