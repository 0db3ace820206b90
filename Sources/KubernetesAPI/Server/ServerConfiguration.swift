package import SystemPackage

/// Where a Kubernetes API is, how it proves itself, and as whom to speak to it.
package struct ServerConfiguration: Sendable {
    /// How the server's certificate is judged.
    package enum Trust: Sendable, Equatable {
        /// By the certificate authorities that this machine trusts.
        case system
        /// By these, in PEM.
        case authorities(TextSource)
        /// Not at all: whoever sits in between can read and change everything.
        case anybody
    }

    /// As whom to speak; what is nil is not shown.
    package struct User: Sendable, Equatable {
        package var token: TextSource?
        /// In PEM, the client's own certificate first.
        package var certificate: TextSource?
        package var key: TextSource?
        /// Gives token or certificate, and takes precedence over those here.
        package var plugin: ExecPlugin?

        package init(token: TextSource? = nil, certificate: TextSource? = nil, key: TextSource? = nil) {
            self.token = token
            self.certificate = certificate
            self.key = key
        }
    }

    /// `https://HOST:PORT`, perhaps with a path; without a slash at its end.
    package var server: String
    /// Where the server listens on a Unix socket instead.
    package var socket: String?
    /// The namespace for what names none.
    package var namespace = "default"
    package var trust: Trust = .system
    /// The name that the server's certificate must carry, where that is not the host of `server`.
    package var tlsServerName: String?
    package var user: User

    package init(server: String, user: User = User()) {
        self.server = server
        self.user = user
    }

    /// A server on a Unix socket of this machine.
    package static func unixSocket(_ path: String, token: String?) -> ServerConfiguration {
        var configuration = ServerConfiguration(
            server: "http://localhost", user: User(token: token.map { TextSource.text($0) }))
        configuration.socket = path
        return configuration
    }

    /// What a pod is given: the service account's folder below `root`, and two variables.
    package static func inCluster(
        root: FilePath = "/", environment: [String: String] = ProcessEnvironment.current
    ) throws(APIError) -> ServerConfiguration {
        guard let host = environment["KUBERNETES_SERVICE_HOST"], !host.isEmpty,
            let port = environment["KUBERNETES_SERVICE_PORT"], !port.isEmpty
        else {
            throw .configuration(
                file: "environment",
                reason:
                    "KUBERNETES_SERVICE_HOST or KUBERNETES_SERVICE_PORT is not set: outside a pod, give a kubeconfig")
        }
        let folder = root.appending("var/run/secrets/kubernetes.io/serviceaccount")
        let token = TextSource.file(folder.appending("token"))
        let authorities = TextSource.file(folder.appending("ca.crt"))
        // Both must be there now; later they are read anew for each connection.
        _ = try token.read()
        _ = try authorities.read()
        let address = host.contains(":") ? "[\(host)]" : host
        var configuration = ServerConfiguration(server: "https://\(address):\(port)", user: User(token: token))
        configuration.trust = .authorities(authorities)
        if let text = try? TextSource.file(folder.appending("namespace")).read() {
            let name = text.filter { !$0.isWhitespace }
            if !name.isEmpty { configuration.namespace = name }
        }
        return configuration
    }
}
