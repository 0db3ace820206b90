import FoundationEssentials
import KubernetesModel
package import SystemPackage

/// What kubeconfig files say together. Of two entries with one name, the first counts, as it does for kubectl.
struct Kubeconfig {
    /// An entry, and the file it stands in: its relative paths start from that file's folder.
    struct Entry {
        var node: DocumentNode
        var file: FilePath

        func text(_ name: String) -> String? { node[name]?.text.flatMap { $0.isEmpty ? nil : $0 } }
        func isTrue(_ name: String) -> Bool { node[name]?.value == .bool(true) }

        func path(_ text: String) -> FilePath {
            let path = FilePath(text)
            return path.isAbsolute ? path : file.removingLastComponent().pushing(path)
        }

        func problem(_ reason: String) -> APIError { .configuration(file: file.string, reason: reason) }

        /// `NAME-data` (base64), or the file that `NAME` names.
        func source(_ name: String) throws(APIError) -> TextSource? {
            if let data = text("\(name)-data") {
                guard let bytes = Base64.decode(data) else { throw problem("\(name)-data is not base64") }
                return .text(String(decoding: bytes, as: UTF8.self))
            }
            return text(name).map { .file(path($0)) }
        }
    }

    private var clusters: [String: Entry] = [:]
    private var users: [String: Entry] = [:]
    private var contexts: [String: Entry] = [:]
    private var currentContext: String?
    private let files: String

    /// With several files, those that do not exist are left out.
    init(_ paths: [FilePath]) throws(APIError) {
        files = paths.map(\.string).joined(separator: ":")
        for path in paths {
            if paths.count > 1, !FileManager.default.fileExists(atPath: path.string) { continue }
            let text = try TextSource.file(path).read(maximumBytes: 8 << 20)
            let documents: [DocumentNode]
            do throws(DocumentError) { documents = try DocumentReader().read(text) } catch {
                let place = error.position.map { ":\($0.line):\($0.column)" } ?? ""
                throw .configuration(file: path.string + place, reason: "\(error)")
            }
            guard let document = documents.first, case .object = document.value else {
                throw .configuration(file: path.string, reason: "this is no kubeconfig: it holds no object")
            }
            add(document, path)
        }
    }

    private mutating func add(_ document: DocumentNode, _ file: FilePath) {
        currentContext = currentContext ?? Entry(node: document, file: file).text("current-context")
        func merge(_ list: String, _ member: String, into entries: inout [String: Entry]) {
            for element in document[list]?.elements ?? [] {
                guard let name = element["name"]?.text, entries[name] == nil else { continue }
                entries[name] = Entry(node: element[member] ?? .object([]), file: file)
            }
        }
        merge("clusters", "cluster", into: &clusters)
        merge("users", "user", into: &users)
        merge("contexts", "context", into: &contexts)
    }

    private func problem(_ reason: String) -> APIError { .configuration(file: files, reason: reason) }
    private func quoted(_ name: String) -> String { "\"\(name.cut(to: 60))\"" }

    func configuration(context wanted: String?) throws(APIError) -> ServerConfiguration {
        guard let name = wanted ?? currentContext else {
            throw problem("no current-context is set: set one, or name a context")
        }
        guard let context = contexts[name] else {
            let known = contexts.keys.sorted().prefix(20).map { $0.cut(to: 60) }.joined(separator: ", ")
            throw problem("there is no context \(quoted(name))" + (known.isEmpty ? "" : ": there are \(known)"))
        }
        guard let clusterName = context.text("cluster"), let cluster = clusters[clusterName] else {
            throw problem("the context \(quoted(name)) names no cluster that is there")
        }
        guard var server = cluster.text("server") else {
            throw problem("the cluster \(quoted(clusterName)) has no server")
        }
        while server.hasSuffix("/") { server.removeLast() }
        if !server.contains("://") { server = "http://\(server)" }
        if cluster.text("proxy-url") != nil {
            throw cluster.problem("proxy-url is not supported: give a server that can be reached directly")
        }
        var configuration = ServerConfiguration(server: server)
        configuration.namespace = context.text("namespace") ?? "default"
        configuration.tlsServerName = cluster.text("tls-server-name")
        if let authorities = try cluster.source("certificate-authority") {
            configuration.trust = .authorities(authorities)
        }
        if cluster.isTrue("insecure-skip-tls-verify") { configuration.trust = .anybody }
        if let userName = context.text("user") {
            guard let user = users[userName] else {
                throw problem("the context \(quoted(name)) names the user \(quoted(userName)), who is not there")
            }
            configuration.user = try self.user(user, of: cluster, configuration)
        }
        return configuration
    }

    private func user(
        _ entry: Entry, of cluster: Entry, _ configuration: ServerConfiguration
    ) throws(APIError) -> ServerConfiguration.User {
        for name in ["auth-provider", "username", "as"] where entry.node[name] != nil {
            throw entry.problem("\"\(name)\" of a user is not supported: use a token, a certificate or an exec plugin")
        }
        var user = ServerConfiguration.User()
        // As for kubectl, the file wins over the token beside it.
        user.token = entry.text("tokenFile").map { .file(entry.path($0)) } ?? entry.text("token").map { .text($0) }
        user.certificate = try entry.source("client-certificate")
        user.key = try entry.source("client-key")
        guard (user.certificate == nil) == (user.key == nil) else {
            throw entry.problem("a user has client-certificate without client-key, or the other way round")
        }
        if let node = entry.node["exec"] {
            user.plugin = try ExecPlugin(Entry(node: node, file: entry.file), cluster: cluster, configuration)
        }
        return user
    }
}

extension ServerConfiguration {
    /// What a kubeconfig says of a context; of its current one where `context` is nil.
    package static func kubeconfig(_ path: FilePath, context: String?) throws(APIError) -> ServerConfiguration {
        try kubeconfig([path], context: context)
    }

    /// Several files are merged, as kubectl merges those in KUBECONFIG.
    package static func kubeconfig(_ paths: [FilePath], context: String?) throws(APIError) -> ServerConfiguration {
        try Kubeconfig(paths).configuration(context: context)
    }

    /// The kubeconfig that kubectl would take: from KUBECONFIG, or from the home folder.
    package static func userDefault(
        context: String?, environment: [String: String] = ProcessEnvironment.current
    ) throws(APIError) -> ServerConfiguration {
        try kubeconfig(ProcessEnvironment.kubeconfigs(environment), context: context)
    }
}
