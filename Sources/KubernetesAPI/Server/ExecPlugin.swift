import KubernetesModel
import Subprocess
import SystemPackage

/// A program that gives credentials, by `client.authentication.k8s.io`.
package struct ExecPlugin: Sendable, Equatable {
    /// What a plugin gave.
    struct Credential: Sendable, Equatable {
        var token: String?
        var certificate: String?
        var key: String?
        var expires: WallTime?
    }

    /// `client.authentication.k8s.io/v1` or `…/v1beta1`.
    var apiVersion: String
    /// A name to look up in PATH, or a path.
    var command: String
    var arguments: [String] = []
    var environment: [String: String] = [:]
    /// What a user reads where the program is missing.
    var installHint = ""
    /// What goes to the plugin in KUBERNETES_EXEC_INFO.
    var info: String

    /// A plugin that asks its user over the network may take long; one that hangs must not stop us for ever.
    static let limit: Duration = .seconds(60)

    init(_ entry: Kubeconfig.Entry, cluster: Kubeconfig.Entry, _ configuration: ServerConfiguration) throws(APIError) {
        let known = ["client.authentication.k8s.io/v1", "client.authentication.k8s.io/v1beta1"]
        guard let version = entry.text("apiVersion"), known.contains(version) else {
            throw entry.problem(
                "exec has no apiVersion that is known here: use one of \(known.joined(separator: ", "))")
        }
        guard let program = entry.text("command") else { throw entry.problem("exec names no command") }
        guard entry.text("interactiveMode") != "Always" else {
            throw entry.problem("the exec plugin wants a terminal (interactiveMode: Always), and a service has none")
        }
        apiVersion = version
        command = program.contains("/") ? entry.path(program).string : program
        arguments = entry.node["args"]?.elements.compactMap(\.text) ?? []
        for variable in entry.node["env"]?.elements ?? [] {
            if let name = variable["name"]?.text { environment[name] = variable["value"]?.text ?? "" }
        }
        installHint = entry.text("installHint") ?? ""
        var spec = [DocumentMember("interactive", .bool(false))]
        if entry.isTrue("provideClusterInfo") {
            spec.append(DocumentMember("cluster", try Self.clusterInfo(cluster, configuration)))
        }
        info = DocumentWriter.json(
            .object([
                DocumentMember("apiVersion", .string(version)), DocumentMember("kind", .string("ExecCredential")),
                DocumentMember("spec", .object(spec)),
            ]), indent: nil)
    }

    private static func clusterInfo(
        _ cluster: Kubeconfig.Entry, _ configuration: ServerConfiguration
    ) throws(APIError) -> DocumentNode {
        var info = DocumentNode.object([DocumentMember("server", .string(configuration.server))])
        info[["tls-server-name"]] = configuration.tlsServerName.map { .string($0) }
        if configuration.trust == .anybody { info[["insecure-skip-tls-verify"]] = .bool(true) }
        if case .authorities(let source) = configuration.trust {
            info[["certificate-authority-data"]] = .string(Base64Text.encode(try source.read()))
        }
        let extensions = cluster.node["extensions"]?.elements ?? []
        info[["config"]] =
            extensions.first { $0["name"]?.text == "client.authentication.k8s.io/exec" }?["extension"]
        return info
    }

    /// Runs the program, and reads what it prints.
    func run(_ time: TimeSource) async throws(APIError) -> Credential {
        let output: String
        do { output = try await time.within(Self.limit) { try await self.output() } } catch let error as APIError {
            throw error
        } catch is Overdue {
            throw problem("it did not end within \(Self.limit.components.seconds) s")
        } catch is CancellationError {
            throw .cancelled
        } catch let error as SubprocessError where error.code == .executableNotFound {
            throw problem("there is no such program" + (installHint.isEmpty ? "" : ": \(installHint)"))
        } catch {
            throw problem("\(error)")
        }
        return try read(output)
    }

    private func output() async throws -> String {
        var variables: [Environment.Key: String?] = ["KUBERNETES_EXEC_INFO": info]
        for (name, value) in environment {
            guard let key = Environment.Key(rawValue: name) else { continue }
            variables[key] = value
        }
        let result = try await Subprocess.run(
            command.contains("/") ? .path(FilePath(command)) : .name(command), arguments: Arguments(arguments),
            environment: .inherit.updating(variables), input: .none, output: .string(limit: 1 << 20),
            error: .string(limit: 64 << 10))
        guard result.terminationStatus.isSuccess else {
            throw problem("it ended with \(result.terminationStatus): \(result.standardError.cut(to: 300))")
        }
        return result.standardOutput
    }

    func read(_ output: String) throws(APIError) -> Credential {
        guard let answer = (try? DocumentReader().read(output))?.first, answer["kind"]?.text == "ExecCredential" else {
            throw problem("it printed no ExecCredential")
        }
        guard answer["apiVersion"]?.text == apiVersion else {
            throw problem(
                "it answered in \(answer["apiVersion"]?.text?.cut(to: 60) ?? "no version"), and was asked in \(apiVersion)"
            )
        }
        guard let status = answer["status"] else { throw problem("its ExecCredential has no status") }
        var credential = Credential()
        credential.token = status["token"]?.text
        credential.certificate = status["clientCertificateData"]?.text
        credential.key = status["clientKeyData"]?.text
        guard (credential.certificate == nil) == (credential.key == nil),
            credential.token != nil || credential.certificate != nil
        else { throw problem("it gave neither a token nor a certificate with its key") }
        if let text = status["expirationTimestamp"]?.text {
            guard let expires = WallTime(text) else {
                throw problem("its expirationTimestamp \"\(text.cut(to: 60))\" is no time")
            }
            credential.expires = expires
        }
        return credential
    }

    private func problem(_ reason: String) -> APIError {
        .credentials(source: "the plugin \(command.cut(to: 200))", reason: reason)
    }
}
