import KubernetesAPI
import KubernetesModel
import Logging
import Serving
import SystemPackage

/// A daemon on its socket, or an API: what the commands ask of either.
struct NodeConnection: Sendable {
    let client: KubernetesClient
    let configuration: ServerConfiguration

    init(_ configuration: ServerConfiguration) throws(APIError) {
        self.configuration = configuration
        var logger = Logger(label: "virt-node") { StreamLogHandler.standardError(label: $0) }
        // The commands say themselves what went wrong.
        logger.logLevel = .critical
        client = try KubernetesClient(configuration, userAgent: "virt-node-cli", logger: logger)
    }

    var isSocket: Bool { configuration.socket != nil }
    var socket: String { configuration.socket ?? "" }
    func namespace(_ option: NamespaceOption) -> String { option.namespace ?? configuration.namespace }

    // MARK: Objects

    /// Objects of a kind; a daemon that serves a cluster says so.
    func list(
        _ resource: APIResource, namespace: String?, labels: String? = nil, fields: String? = nil
    ) async throws -> ObjectList {
        try await asking {
            () async throws(APIError) in
            try await client.list(resource, namespace: namespace, labelSelector: labels, fieldSelector: fields)
        }
    }

    func get(_ resource: APIResource, namespace: String?, name: String) async throws -> DocumentNode {
        try await asking {
            () async throws(APIError) in try await client.get(resource, namespace: namespace, name: name)
        }
    }

    /// The VMI; nil where the server knows none, be it that it keeps no objects at all.
    func instance(_ namespace: String, _ name: String) async throws -> DocumentNode? {
        do throws(APIError) { return try await client.get(.instances, namespace: namespace, name: name) } catch {
            if error.isNotFound { return nil }
            throw error
        }
    }

    private func asking<Answer>(_ work: () async throws(APIError) -> Answer) async throws -> Answer {
        do throws(APIError) { return try await work() } catch {
            if error.isNotFound, isSocket, try await !servesObjects() {
                let node = try? await client.send("GET", path: "/virt-node/v1/overview")
                throw CommandFailure.servesCluster(node: node?["node"]?.text ?? "this node")
            }
            throw error
        }
    }

    /// Whether there is a Kubernetes API behind the socket, rather than our own paths alone.
    func servesObjects() async throws(APIError) -> Bool {
        do throws(APIError) {
            return try await client.send("GET", path: "/api/v1")?["kind"]?.text == "APIResourceList"
        } catch {
            if error.isNotFound { return false }
            throw error
        }
    }

    // MARK: The daemon's own paths

    static func machinePath(_ namespace: String, _ name: String, _ rest: String = "") throws(APIError) -> String {
        "/virt-node/v1/namespaces/\(try part(namespace))/machines/\(try part(name))\(rest)"
    }

    /// What the VM's owner knows; nil where the daemon has no such VM, or where no daemon is behind the API.
    func report(_ namespace: String, _ name: String) async throws(APIError) -> DocumentNode? {
        do throws(APIError) { return try await client.send("GET", path: Self.machinePath(namespace, name)) } catch {
            if error.isNotFound || error.isForbidden { return nil }
            throw error
        }
    }

    // MARK: Subresources

    /// The path of KubeVirt's API for what is done with a running VM.
    static func subresource(_ namespace: String, _ name: String, _ subresource: String) throws(APIError) -> String {
        "/apis/subresources.kubevirt.io/v1/namespaces/\(try part(namespace))/virtualmachineinstances/\(try part(name))/\(subresource)"
    }

    /// Names of Kubernetes need no percent-coding; anything else would change the path's meaning.
    private static func part(_ text: String) throws(APIError) -> String {
        let isName = text.utf8.allSatisfy { byte in
            byte == UInt8(ascii: "-") || byte == UInt8(ascii: ".")
                || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
                || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
        }
        guard isName, !text.isEmpty, text != ".", text != ".." else {
            throw .invalidName(resource: "virtualmachineinstances", name: text.cut(to: 60))
        }
        return text
    }

    /// Opens a console or display.
    func connect<Result: Sendable>(
        _ namespace: String, _ name: String, _ subresource: String,
        _ body: (WebSocketConnection) async throws -> Result
    ) async throws -> Result {
        let path = try Self.subresource(namespace, name, subresource)
        if let socket = configuration.socket {
            return try await WebSocketClient(.unix(path: FilePath(socket)))
                .connect(path, subprotocols: ["plain.kubevirt.io"], body)
        }
        let access = try await ServerAccess(configuration)
        let client = WebSocketClient(
            .tcp(host: access.host, port: access.port, tls: access.isSecure ? ClientTLS(access) : nil),
            token: access.token)
        return try await client.connect(access.path + path, subprotocols: ["plain.kubevirt.io"], body)
    }
}

extension ClientTLS {
    init(_ access: ServerAccess) {
        let trust: Trust =
            switch access.trust {
            case .system: .system
            case .authorities(let pem): .authorities(pem: Array(pem.utf8))
            case .anybody: .none
            }
        self.init(
            trust: trust, serverName: access.serverName, certificate: access.certificate.map { Array($0.utf8) },
            key: access.key.map { Array($0.utf8) })
    }
}
