/// What a request shows to the server.
struct Credentials: Sendable, Equatable {
    /// In PEM.
    struct Identity: Sendable, Equatable {
        var certificate: String
        var key: String
    }

    var token: String?
    var identity: Identity?
}

/// Gives the credentials that are good now: from files, which others replace, or from a plugin, which is asked again
/// when what it gave has expired or was refused.
///
/// Synchronization: an actor. While a plugin runs, all who need it wait for that one run; it is a task of its own, since
/// the request that happened to start it may be cancelled.
actor CredentialSource {
    private let user: ServerConfiguration.User
    private let time: TimeSource
    private var given: ExecPlugin.Credential?
    private var running: Task<Result<ExecPlugin.Credential, APIError>, Never>?

    init(_ user: ServerConfiguration.User, _ time: TimeSource) {
        self.user = user
        self.time = time
    }

    func current() async throws(APIError) -> Credentials {
        var credentials = Credentials()
        if let source = user.token {
            let token = try source.read().filter { !$0.isWhitespace }
            guard !token.isEmpty else { throw .credentials(source: "the token", reason: "it is empty") }
            credentials.token = token
        }
        if let certificate = user.certificate, let key = user.key {
            credentials.identity = .init(certificate: try certificate.read(), key: try key.read())
        }
        if let plugin = user.plugin {
            let given = try await ask(plugin)
            credentials.token = given.token ?? credentials.token
            if let certificate = given.certificate, let key = given.key {
                credentials.identity = .init(certificate: certificate, key: key)
            }
        }
        // The client that meets such a token in a header tells it whole.
        if let token = credentials.token, !token.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) {
            given = nil
            throw .credentials(source: "the token", reason: "it holds a character that no header can: write it anew")
        }
        return credentials
    }

    /// The server refused those: the next request asks the plugin again. Whether that may help.
    func refused(_ credentials: Credentials) async -> Bool {
        if user.plugin != nil {
            // Somebody else may have asked already.
            if given?.token == credentials.token { given = nil }
            return true
        }
        // A file that was replaced just now may help; the same text will not.
        return (try? await current()) != credentials
    }

    private func ask(_ plugin: ExecPlugin) async throws(APIError) -> ExecPlugin.Credential {
        if let given, given.expires.map({ $0 > time.wall() }) ?? true { return given }
        let task =
            running
            ?? Task {
                do throws(APIError) { return .success(try await plugin.run(time)) } catch { return .failure(error) }
            }
        running = task
        let result = await task.value
        if running == task { running = nil }
        let credential = try result.get()
        given = credential
        return credential
    }
}
