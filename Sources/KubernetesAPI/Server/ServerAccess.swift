/// What a client of another protocol, such as WebSocket, needs to reach the same server as the same user. As of now:
/// tokens and certificates are replaced while programs run.
package struct ServerAccess: Sendable {
    /// Without brackets.
    package var host: String
    package var port: Int
    /// Where the API lies below the server; empty, or with a slash in front and none behind.
    package var path: String
    package var isSecure: Bool
    package var trust: Trust
    /// The name in the server's certificate, where that is not the host.
    package var serverName: String?
    package var token: String?
    /// In PEM.
    package var certificate: String?
    package var key: String?

    package enum Trust: Sendable, Equatable {
        case system
        /// In PEM.
        case authorities(String)
        case anybody
    }

    /// Reads the files that the configuration names, and asks its plugin.
    package init(_ configuration: ServerConfiguration) async throws(APIError) {
        let address = try ServerAddress(configuration.server)
        let credentials = try await CredentialSource(configuration.user, .system).current()
        host = address.host
        port = address.port
        path = address.path
        isSecure = address.isSecure
        trust =
            switch configuration.trust {
            case .system: .system
            case .authorities(let source): .authorities(try source.read())
            case .anybody: .anybody
            }
        serverName = configuration.tlsServerName
        token = credentials.token
        certificate = credentials.identity?.certificate
        key = credentials.identity?.key
    }
}
