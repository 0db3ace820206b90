package import SystemPackage

/// Why a service cannot listen.
package enum ServingError: Error, Equatable {
    case pathTooLong(path: String, limit: Int)
    case pathTaken(path: String)
    case inUse(path: String)
    case noSuchGroup(group: String, path: String)
    case socket(path: String, action: String, Errno)
    case cannotListen(address: String, reason: String)
    case certificate(file: String, reason: String)
    case noAddress
}

extension ServingError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .pathTooLong(let path, let limit):
            "\(path): the path of a socket takes at most \(limit) bytes: choose a shorter one"
        case .pathTaken(let path): "\(path) exists and is no socket: move it away, or choose another path"
        case .inUse(let path): "\(path): another process listens there: stop it, or choose another path"
        case .noSuchGroup(let group, let path):
            "\(path): there is no group \(group): make it (groupadd --system \(group)), or name another"
        case .socket(let path, let action, let errno): "cannot \(action) \(path): \(errno)"
        case .cannotListen(let address, let reason): "cannot listen on \(address): \(reason)"
        case .certificate(let file, let reason): "\(file): \(reason): give a PEM file"
        case .noAddress: "the service has no address to listen on: give at least one"
        }
    }
}
