import ArgumentParser
import Glibc
import KubernetesAPI
import Serving

/// Why a command that spoke to a daemon or an API did not do what it was told.
enum CommandFailure: Error {
    /// `--timeout` is over.
    case overdue(seconds: Int)
    /// The daemon serves a cluster, and has no objects of its own.
    case servesCluster(node: String)
    /// Neither the API nor a daemon knows the VMI; a daemon of a cluster knows those of its node alone.
    case unknownInstance(String, onThisNodeOnly: Bool)
    /// Only a daemon's socket answers this.
    case needsDaemon(what: String)
    /// A console or display ended before its user left it.
    case ended(what: String, reason: String)
    case cannotListen(address: String, reason: String)
    /// What was to be found in an answer is not there.
    case unreadable(what: String)

    /// Prints the error, and returns the exit code of its kind.
    static func told(_ error: any Error, _ connection: NodeConnection?) -> any Error {
        // What the parser and other commands throw was told by them, or is told by the parser.
        if error is ExitCode || error is ValidationError || error is CleanExit { return error }
        Standard.error("virt-node: \(text(error, connection))")
        return code(error)
    }

    private static func text(_ error: any Error, _ connection: NodeConnection?) -> String {
        guard let connection, connection.isSocket else { return "\(error)" }
        // The daemon's own sentence says all.
        if case APIError.status(_, _, let message, _) = error, !message.isEmpty { return message }
        let isAbsent =
            switch error {
            case APIError.unreachable, WebSocketError.cannotConnect: true
            default: false
            }
        guard isAbsent else { return "\(error)" }
        let socket = connection.socket
        if access(socket, F_OK) == 0, access(socket, W_OK) != 0 {
            return "you may not use the daemon's socket \(socket): become root, or join the group that it belongs to"
        }
        return
            "no daemon answers at \(socket): start it (virt-node serve), name its --root, or give --kubeconfig for an API"
    }

    private static func code(_ error: any Error) -> ExitCode {
        switch error {
        case let error as APIError:
            switch error {
            case .status(404, _, _, _): .notFound
            case .timedOut: .timedOut
            case .configuration, .invalidName: .invalidInput
            default: .failure
            }
        case WebSocketError.refused(_, 404, _), CommandFailure.unknownInstance: .notFound
        case CommandFailure.overdue: .timedOut
        default: .failure
        }
    }
}

extension CommandFailure: CustomStringConvertible {
    var description: String {
        switch self {
        case .overdue(let seconds): "not done within \(seconds) s"
        case .servesCluster(let node):
            "the daemon of \(node) serves a cluster, and keeps no objects itself: give --kubeconfig to ask the cluster"
        case .unknownInstance(let instance, onThisNodeOnly: false): "there is no VMI \(instance)"
        case .unknownInstance(let instance, onThisNodeOnly: true):
            "there is no VMI \(instance) on this node: give --kubeconfig to look in the whole cluster"
        case .needsDaemon(let what):
            "\(what) can be had of the VM's own node alone: run this there, without --kubeconfig"
        case .ended(let what, let reason): "\(what) ended\(reason.isEmpty ? "" : ": \(reason)")"
        case .cannotListen(let address, let reason): "cannot listen on \(address): \(reason)"
        case .unreadable(let what): "\(what) does not say what it should: is this a virt-node of another version?"
        }
    }
}
