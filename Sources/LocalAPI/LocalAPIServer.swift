import FoundationEssentials
import KubernetesModel
package import Logging
import ServiceLifecycle
package import Serving
package import SystemPackage

/// A Kubernetes API for a node without a cluster.
///
/// Owns FOLDER with the database, the users' token and the kubeconfig. Its routes are put on a server by `addRoutes`;
/// `run` does what follows from deletions, and ends all watches when the process is asked to end.
///
/// Synchronization: everything that changes is in the store.
package final class LocalAPIServer: Service, Sendable {
    /// The name of the agent's own requests.
    package static let agentName = "system:serviceaccount:kubevirt:virt-node"

    let handler: APIHandler
    let folder: ServerFolder
    private let logger: Logger
    /// What the agent's own requests carry; made at each start, and nowhere but in memory.
    package let agentToken: String
    private let userToken: String
    private let certificate: ServerCertificate

    /// Opens the database, or makes it, and with it the namespaces that everybody expects.
    package convenience init(folder: FilePath, nodeName: String, logger: Logger) throws(LocalAPIError) {
        try self.init(folder: folder, nodeName: nodeName, logger: logger, limits: ObjectStore.LogLimits())
    }

    init(
        folder: FilePath, nodeName: String, logger: Logger, limits: ObjectStore.LogLimits,
        bookmarkInterval: Duration = .seconds(55)
    ) throws(LocalAPIError) {
        self.folder = try ServerFolder(folder)
        self.logger = logger
        agentToken = ServerFolder.makeSecret()
        userToken = try self.folder.token()
        certificate = try ServerCertificate(in: self.folder)
        let catalog = ResourceCatalog.localAPI(nodeName: nodeName)
        let database = try ObjectDatabase(file: self.folder.database.string)
        let store = try ObjectStore(database: database, catalog: catalog, limits: limits)
        handler = APIHandler(catalog: catalog, store: store, bookmarkInterval: bookmarkInterval) {
            Timestamp(seconds: Int64(Date().timeIntervalSince1970))
        }
    }

    /// Answers a request without a server around it.
    package func answer(_ request: APIRequest) async -> APIResponse { await handler.answer(request) }

    /// Makes the namespaces that are there from the start; fails where the disk is full.
    package func prepare() async -> APIStatus? {
        for name in NamespaceAdmission.permanent
        where handler.store.object("namespaces", ObjectName(namespace: "", name: name)) == nil {
            let status = await makeNamespace(name)
            if let status, status.reason != "AlreadyExists" { return status }
        }
        return nil
    }

    private func makeNamespace(_ name: String) async -> APIStatus? {
        let namespace = DocumentNode.object([
            DocumentMember("apiVersion", .string("v1")), DocumentMember("kind", .string("Namespace")),
            DocumentMember("metadata", .object([DocumentMember("name", .string(name))])),
        ])
        guard
            let request = APIRequest(
                method: "POST", target: "/api/v1/namespaces", userAgent: "virt-node",
                caller: APICaller(name: Self.agentName, isAgent: true), body: DocumentWriter.jsonBytes(namespace)),
            let target = RequestTarget(path: request.path, in: handler.catalog)
        else { return nil }
        do throws(APIStatus) {
            _ = try await handler.create(request, target)
            return nil
        } catch {
            return error
        }
    }

    /// Keeps the house until a graceful shutdown, and then ends all watches.
    package func run() async {
        if let status = await prepare() {
            logger.error("the first namespaces cannot be made", metadata: ["error": "\(status.message)"])
        }
        await withGracefulShutdownHandler {
            await Housekeeper(handler: handler, logger: logger).run()
        } onGracefulShutdown: { [store = handler.store] in
            store.close()
        }
        handler.store.close()
    }

    /// The files of the loopback address: kubectl sends no token without TLS.
    package var tls: TLSFiles { TLSFiles(certificate: certificate.certificate, key: certificate.key) }

    /// Writes FOLDER/kubeconfig for the server at that address, such as `https://127.0.0.1:8443`, and returns its path.
    package func writeKubeconfig(server: String) throws(LocalAPIError) -> FilePath {
        try folder.write(
            Kubeconfig.text(server: server, authority: certificate.pem, token: userToken), to: folder.kubeconfig)
        return folder.kubeconfig
    }
}

extension LocalAPIServer {
    /// Who sends a request over a Unix socket: the agent by its token, and otherwise whoever may open the socket, who is
    /// an administrator.
    package var socketAuthenticator: Authenticator {
        let agent = agentAuthenticator
        return Authenticator { peer, headers throws(StatusError) in
            if Authenticator.bearerToken(headers) != nil { return try await agent.identify(peer, headers) }
            var identity = try await Authenticator.socketPeer.identify(peer, headers)
            identity.groups.append("system:masters")
            return identity
        }
    }

    /// Who sends a request over loopback: the agent or a user, by token.
    package var loopbackAuthenticator: Authenticator { agentAuthenticator }

    private var agentAuthenticator: Authenticator {
        .bearer { [agentToken, userToken] token in
            if Self.isSame(token, agentToken) {
                return Identity(
                    name: Self.agentName, groups: ["system:serviceaccounts", "system:authenticated"], how: .token)
            }
            guard Self.isSame(token, userToken) else { return nil }
            return Identity(
                name: "virt-node-admin", groups: ["system:masters", "system:authenticated"], how: .token)
        }
    }

    /// Compares in a time that does not tell how much is right.
    private static func isSame(_ left: String, _ right: String) -> Bool {
        let (left, right) = (Array(left.utf8), Array(right.utf8))
        guard left.count == right.count else { return false }
        return zip(left, right).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) } == 0
    }
}
