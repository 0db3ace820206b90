import KubernetesModel
import Serving

extension HandsError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .notFound(let instance): "there is no VM for the VMI \(instance) on this node"
        case .conflict(let instance, let reason): "\(instance): \(reason)"
        case .failed(let instance, let reason): "\(instance): \(reason)"
        case .absent(let instance, let what): "\(instance) has no \(what): add one to its spec, and start it anew"
        }
    }

    /// The answer to the request: the codes that virt-handler and virt-api give.
    var status: StatusError {
        switch self {
        case .notFound: .notFound(description)
        case .conflict: .conflict(description)
        case .failed: StatusError(500, reason: "InternalError", message: description)
        case .absent: .badRequest(description)
        }
    }
}
