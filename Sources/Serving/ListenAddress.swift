package import SystemPackage

/// Where a service listens.
package enum ListenAddress: Sendable, Equatable {
    /// A Unix socket with these permissions, of this group; the process's own where nil.
    case unix(path: FilePath, mode: UInt32 = 0o660, group: String? = nil)
    /// Port 0 takes any free one.
    case tcp(host: String, port: Int)
}

extension ListenAddress: CustomStringConvertible {
    package var description: String {
        switch self {
        case .unix(let path, _, _): "unix:\(path)"
        case .tcp(let host, let port): host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
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
