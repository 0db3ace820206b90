import NIOSSL
package import SystemPackage

/// The server of a WebSocket, for a client.
package enum WebSocketTarget: Sendable {
    case unix(path: FilePath)
    case tcp(host: String, port: Int, tls: ClientTLS? = nil)
}

extension WebSocketTarget: CustomStringConvertible {
    package var description: String {
        switch self {
        case .unix(let path): "unix:\(path)"
        case .tcp(let host, let port, _): host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
        }
    }
}

/// What a client needs for TLS. All PEM, as it lies in files or in a kubeconfig.
package struct ClientTLS: Sendable, Equatable {
    package enum Trust: Sendable, Equatable {
        /// Certificates of the CAs that count.
        case authorities(pem: [UInt8])
        /// The host's own list.
        case system
        /// Nothing is checked.
        case none
    }

    package var trust: Trust
    /// The name in the server's certificate, where it is not the host that is connected to; an empty one is not checked.
    package var serverName: String?
    /// The client's certificate with those between it and its CA, and its key.
    package var certificate: [UInt8]?
    package var key: [UInt8]?

    package init(
        trust: Trust, serverName: String? = nil, certificate: [UInt8]? = nil, key: [UInt8]? = nil
    ) {
        self.trust = trust
        self.serverName = serverName
        self.certificate = certificate
        self.key = key
    }

    func handler(host: String) throws(WebSocketError) -> NIOSSLClientHandler {
        do {
            var configuration = TLSConfiguration.makeClientConfiguration()
            configuration.minimumTLSVersion = .tlsv12
            switch trust {
            case .authorities(let pem):
                configuration.trustRoots = .certificates(try NIOSSLCertificate.fromPEMBytes(pem))
            case .system: configuration.trustRoots = .default
            case .none: configuration.certificateVerification = .none
            }
            if let certificate, let key {
                configuration.certificateChain = try NIOSSLCertificate.fromPEMBytes(certificate).map {
                    .certificate($0)
                }
                configuration.privateKey = .privateKey(try NIOSSLPrivateKey(bytes: key, format: .pem))
            }
            if serverName == "", trust != .none { configuration.certificateVerification = .noHostnameVerification }
            let name = serverName ?? host
            let context = try NIOSSLContext(configuration: configuration)
            // An IP address cannot be asked for by name (SNI); it is still checked against the certificate.
            let isAddress = name.isEmpty || name.contains(":") || name.allSatisfy { $0.isNumber || $0 == "." }
            return try NIOSSLClientHandler(context: context, serverHostname: isAddress ? nil : name)
        } catch {
            throw .certificate(reason: "\(error)")
        }
    }
}
