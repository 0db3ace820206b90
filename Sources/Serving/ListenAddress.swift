import Glibc
package import SystemPackage

/// Where a service listens.
package enum ListenAddress: Sendable, Equatable {
    /// A Unix socket with these permissions, of this group; the process's own where nil.
    case unix(path: FilePath, mode: UInt32 = 0o660, group: String? = nil)
    /// Port 0 takes any free one.
    case tcp(host: String, port: Int)
    /// A socket that was bound, and may be listening, before the process began. Its permissions are its maker's.
    case inherited(descriptor: CInt, name: String)
}

extension ListenAddress {
    /// Whether it is a Unix socket, of which the kernel says who connects.
    var isUnix: Bool {
        switch self {
        case .unix: return true
        case .tcp: return false
        case .inherited(let descriptor, _):
            var family: CInt = 0
            var size = socklen_t(MemoryLayout<CInt>.size)
            return getsockopt(descriptor, SOL_SOCKET, SO_DOMAIN, &family, &size) == 0 && family == AF_UNIX
        }
    }
}

extension ListenAddress: CustomStringConvertible {
    package var description: String {
        switch self {
        case .unix(let path, _, _): "unix:\(path)"
        case .tcp(let host, let port): host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
        case .inherited(_, let name): "the socket named \(name)"
        }
    }
}

/// Where a service listens indeed.
package enum BoundAddress: Sendable, Equatable {
    case unix(path: FilePath)
    case tcp(host: String, port: Int)

    package var port: Int? { if case .tcp(_, let port) = self { port } else { nil } }
}

extension BoundAddress: CustomStringConvertible {
    package var description: String {
        switch self {
        case .unix(let path): "unix:\(path)"
        case .tcp(let host, let port): host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
        }
    }
}

/// An address with what belongs to it.
package struct ServingEndpoint: Sendable {
    package var address: ListenAddress
    package var tls: TLSFiles?
    package var authenticator: Authenticator

    package init(_ address: ListenAddress, tls: TLSFiles? = nil, authenticator: Authenticator) {
        self.address = address
        self.tls = tls
        self.authenticator = authenticator
    }
}
