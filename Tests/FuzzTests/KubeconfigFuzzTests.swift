import KubernetesModel
import Logging
import SystemPackage
import TestSupport
import Testing

@testable import KubernetesAPI

/// Kubeconfigs out of any hands: each is read, or refused with its file and place, and no error tells a secret.
@Suite struct KubeconfigFuzzTests {
    /// What no error may say, nor in base64.
    private static let secrets = ["Zq7xTokenSecret", "Zq7xKeyMaterial", "Zq7xPassword", "Zq7xVariable"]
    private static let encoded = ["WnE3eEtleU1hdGVyaWFs", "Zq7xEncoded"]

    private static let corpus = [
        """
        apiVersion: v1
        kind: Config
        current-context: one
        clusters:
        - name: c1
          cluster: {server: "https://one:6443/", certificate-authority: ca.pem, tls-server-name: api.example}
        - name: c2
          cluster:
            server: http://127.0.0.1:1
            insecure-skip-tls-verify: true
        contexts:
        - name: one
          context: {cluster: c1, user: token, namespace: vms}
        - name: two
          context:
            cluster: c2
            user: token
        - {name: three, context: {cluster: c2, user: certificate}}
        users:
        - name: token
          user:
            token: Zq7xTokenSecret
        - name: certificate
          user:
            client-certificate: client.pem
            client-key-data: WnE3eEtleU1hdGVyaWFs
        """,
        """
        current-context: p
        clusters:
        - name: c
          cluster:
            server: https://root:Zq7xPassword@api.example:6443
            certificate-authority-data: SGVsbG8=
        users:
        - name: p
          user:
            password: Zq7xPassword
            exec:
              apiVersion: client.authentication.k8s.io/v1
              command: ./login
              args: [a]
              env:
              - name: STAGE
                value: Zq7xVariable
              provideClusterInfo: true
        - name: q
          user:
            tokenFile: token
            token: "Zq7xToken\\u0001Secret"
        contexts:
        - {name: p, context: {cluster: c, user: p}}
        - {name: q, context: {cluster: c, user: q}}
        """,
        """
        {"current-context": "j", "clusters": [{"name": "j", "cluster": {"server": "http://127.0.0.1:1"}}],
         "contexts": [{"name": "j", "context": {"cluster": "j", "user": "j"}}],
         "users": [{"name": "j", "user": {"token": "Zq7xTokenSecret"}}]}
        """,
    ]

    /// A document whose secret stands where a name belongs tells it with the name.
    private static let secretPlaces: Set = [
        "token", "password", "client-key-data", "value", "server", "certificate-authority-data",
    ]

    private static func isMisplaced(_ text: String) -> Bool {
        let documents = (try? DocumentReader().read(text)) ?? []
        let all = secrets + encoded
        return documents.contains { document in
            names(in: document).contains { name in all.contains { name.contains($0) } }
                || document.strings().contains { path, text in
                    let last = path.split(separator: ".").last.map(String.init) ?? ""
                    return all.contains { text.contains($0) } && !secretPlaces.contains(last)
                }
        }
    }

    private static func names(in node: DocumentNode) -> [String] {
        node.members.flatMap { [$0.name] + names(in: $0.value) } + node.elements.flatMap { names(in: $0) }
    }

    private static func leaks(_ error: some Error, of text: String) -> [String] {
        let message = "\(error)"
        let found = (secrets + encoded).filter { message.contains($0) }
        return found.isEmpty || isMisplaced(text) ? [] : ["an error tells a secret: \(message.prefix(400))"]
    }

    @Test("no change of a kubeconfig crashes its reader, and no error of it tells a secret or lacks its file")
    func texts() async throws {
        let folder = try FuzzFolder()
        for name in ["ca.pem", "client.pem", "token"] { try folder.write(name, "Zq7xTokenSecret\n".utf8) }
        var mutator = TextMutator(seed: FuzzSettings.seed, donors: Self.corpus)
        var bytes = ByteMutator(seed: FuzzSettings.seed, donors: Self.corpus.map { Array($0.utf8) })
        var log = FuzzLog("kubeconfigs")
        for await round in FuzzSettings.rounds(400) {
            let input = round % 4 == 0 ? bytes.next() : Array(mutator.next().utf8)
            let file = try folder.write("config", input)
            await log.run(round, input) { await Self.outcome(file, String(decoding: input, as: UTF8.self)) }
        }
        #expect(log.faults.isEmpty, "\(log.report)")
        #expect(log.accepted > log.rounds / 20, "too few are read: \(log.report)")
        #expect(log.grownMiB < FuzzSettings.mostGrowthMiB, "\(log.report)")
        log.printFigures()
    }

    private static func outcome(_ file: FilePath, _ text: String) async -> Outcome {
        var outcome = Outcome.refused
        for context in [nil, "two", "three", "q"] {
            do throws(APIError) {
                let configuration = try ServerConfiguration.kubeconfig(file, context: context)
                outcome.isAccepted = true
                outcome.faults += await faults(of: configuration, below: file.removingLastComponent(), text)
            } catch {
                outcome.faults += Outcome.refused(error, mustName: file.string).faults + leaks(error, of: text)
            }
        }
        return outcome
    }

    /// What becomes of a configuration that is used: nobody listens where it is sent.
    private static func faults(
        of configuration: ServerConfiguration, below folder: FilePath, _ text: String
    ) async -> [String] {
        var faults: [String] = []
        let user = configuration.user
        let sources = [user.token, user.certificate, user.key].compactMap { $0 }
        // No file of this machine is read, and no program is run.
        let isOurs = sources.allSatisfy { source in
            if case .file(let path) = source { path.lexicallyNormalized().starts(with: folder) } else { true }
        }
        guard isOurs, user.plugin == nil else { return [] }
        do throws(APIError) { _ = try await ServerAccess(configuration) } catch { faults += leaks(error, of: text) }
        var configuration = configuration
        configuration.server = "http://127.0.0.1:1"
        configuration.tlsServerName = nil
        do throws(APIError) {
            let client = try KubernetesClient(
                configuration, userAgent: "fuzz/1",
                logger: Logger(label: "fuzz") { _ in SwiftLogNoOpLogHandler() }, random: { 0 })
            _ = try await client.send("GET", path: "/version")
            faults.append("somebody answers at port 1")
        } catch {
            faults += Outcome.refused(error).faults + leaks(error, of: text)
        }
        return faults
    }

    @Test("a server's password, and a token that no header can hold, are not told", arguments: ["q", "p"])
    func found(context: String) async throws {
        let folder = try FuzzFolder()
        try folder.write("token", "Zq7x\u{1}TokenSecret".utf8)
        let file = try folder.write("config", Self.corpus[1].utf8)
        var configuration = try ServerConfiguration.kubeconfig(file, context: context)
        if context == "q" { configuration.server = "http://127.0.0.1:1" } else { configuration.user = .init() }
        let error = await #expect(throws: APIError.self) {
            let client = try KubernetesClient(
                configuration, userAgent: "fuzz/1",
                logger: Logger(label: "fuzz") { _ in SwiftLogNoOpLogHandler() }, random: { 0 })
            _ = try await client.send("GET", path: "/version")
        }
        let text = "\(try #require(error))"
        #expect(!text.contains("TokenSecret") && !text.contains("Zq7xPassword"), "\(text)")
    }

    @Test("what is no YAML is refused with its line")
    func line() throws {
        let folder = try FuzzFolder()
        let file = try folder.write("config", "clusters:\n- name: [\n".utf8)
        let error = #expect(throws: APIError.self) { try ServerConfiguration.kubeconfig(file, context: nil) }
        #expect("\(try #require(error))".contains("config:3:"))
    }

    @Test("what a credential plugin prints is read, or refused in a sentence that does not repeat it")
    func plugin() async throws {
        let folder = try FuzzFolder()
        let file = try folder.write("config", Self.corpus[1].utf8)
        let plugin = try #require(try ServerConfiguration.kubeconfig(file, context: "p").user.plugin)
        let answers = [
            #"{"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential","status":{"token":"Zq7xTokenSecret"}}"#,
            #"{"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential","status":{"clientCertificateData":"c","#
                + #""clientKeyData":"Zq7xKeyMaterial","expirationTimestamp":"2026-01-31T12:00:00Z"}}"#,
        ]
        var mutator = ByteMutator(seed: FuzzSettings.seed, donors: answers.map { Array($0.utf8) })
        var log = FuzzLog("credential plugins")
        for await round in FuzzSettings.rounds(1000) {
            let input = mutator.next()
            log.run(round, input) {
                let text = String(decoding: input, as: UTF8.self)
                do throws(APIError) {
                    let credential = try plugin.read(text)
                    return .accepted((credential.token ?? credential.key) == nil ? ["it gives nothing"] : [])
                } catch {
                    var outcome = Outcome.refused(error, mustName: "plugin")
                    outcome.faults += Self.leaks(error, of: text)
                    return outcome
                }
            }
        }
        #expect(log.faults.isEmpty, "\(log.report)")
        #expect(log.accepted > log.rounds / 20, "\(log.report)")
        log.printFigures()
    }
}
