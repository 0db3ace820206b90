import KubernetesModel
import NIOSSL
import SystemPackage
import TestSupport
import Testing

@testable import KubernetesAPI

@Suite struct TLSTests {
    /// An authority, and what it signed: `server` for 127.0.0.1, `named` for api.example, `client`; and a stranger.
    private static func certificates() async throws -> TemporaryFolder {
        let folder = try TemporaryFolder()
        func run(_ arguments: String) async throws {
            _ = try await output(of: "openssl", arguments.split(separator: " ").map(String.init), in: folder.path)
        }
        let key = "-newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes"
        for authority in ["ca", "stranger"] {
            try await run(
                "req -x509 \(key) -days 2 -subj /CN=\(authority) -keyout \(authority).key -out \(authority).crt "
                    + "-addext basicConstraints=critical,CA:TRUE")
        }
        for (name, extensions) in [
            ("server", "subjectAltName=IP:127.0.0.1"), ("named", "subjectAltName=DNS:api.example"),
            ("client", "extendedKeyUsage=clientAuth"),
        ] {
            try folder.write("\(name).ext", extensions)
            try await run("req \(key) -subj /CN=\(name) -keyout \(name).key -out \(name).csr")
            try await run(
                "x509 -req -in \(name).csr -CA ca.crt -CAkey ca.key -CAcreateserial -days 2 -out \(name).crt "
                    + "-extfile \(name).ext")
        }
        return folder
    }

    private static func server(_ folder: TemporaryFolder, _ name: String = "server", wantsClient: Bool = false) throws
        -> TLSConfiguration
    {
        var tls = TLSConfiguration.makeServerConfiguration(
            certificateChain: try NIOSSLCertificate.fromPEMFile(folder.path.appending("\(name).crt").string)
                .map { .certificate($0) },
            privateKey: .privateKey(
                try NIOSSLPrivateKey(file: folder.path.appending("\(name).key").string, format: .pem)))
        if wantsClient {
            tls.certificateVerification = .noHostnameVerification
            tls.trustRoots = .certificates(
                try NIOSSLCertificate.fromPEMFile(folder.path.appending("ca.crt").string))
        }
        return tls
    }

    private func ask(_ configuration: ServerConfiguration) async throws {
        let client = try Sample.client(configuration)
        _ = try await client.get(.nodes, name: "a")
    }

    @Test("a server is believed for its authority and name, and for nothing else")
    func trust() async throws {
        let folder = try await Self.certificates()
        func authority(_ name: String) -> ServerConfiguration.Trust {
            .authorities(.file(folder.path.appending("\(name).crt")))
        }
        let script: ScriptedServer.Script = { try await $0.answer(200, Sample.object("a", 1)) }
        try await ScriptedServer.serving(tls: try Self.server(folder), script) { server in
            var configuration = ServerConfiguration(server: "https://127.0.0.1:\(server.port)")
            configuration.trust = authority("ca")
            try await ask(configuration)
            configuration.trust = authority("stranger")
            await #expect(throws: APIError.self) { try await ask(configuration) }
            configuration.trust = .system
            await #expect(throws: APIError.self) { try await ask(configuration) }
            configuration.trust = .anybody
            try await ask(configuration)
        }
        try await ScriptedServer.serving(tls: try Self.server(folder, "named"), script) { server in
            var configuration = ServerConfiguration(server: "https://127.0.0.1:\(server.port)")
            configuration.trust = authority("ca")
            await #expect(throws: APIError.self) { try await ask(configuration) }
            configuration.tlsServerName = "api.example"
            try await ask(configuration)
            configuration.tlsServerName = "other.example"
            await #expect(throws: APIError.self) { try await ask(configuration) }
        }
    }

    @Test("a client certificate is shown, and read anew when its files are replaced")
    func clientCertificate() async throws {
        let folder = try await Self.certificates()
        let certificate = try folder.write("my.crt", "")
        let key = try folder.write("my.key", "")
        try await ScriptedServer.serving(tls: try Self.server(folder, wantsClient: true)) {
            try await $0.answer(200, Sample.object("a", 1))
        } _: { server in
            var configuration = ServerConfiguration(server: "https://127.0.0.1:\(server.port)")
            configuration.trust = .authorities(.text(try folder.read("ca.crt")))
            await #expect(throws: APIError.self) { try await ask(configuration) }
            configuration.user = .init(certificate: .file(certificate), key: .file(key))
            let client = try Sample.client(configuration)
            await #expect { try await client.get(.nodes, name: "a") } throws: {
                if case APIError.credentials = $0 { true } else { false }
            }
            try folder.write("my.crt", try folder.read("client.crt"))
            try folder.write("my.key", try folder.read("client.key"))
            _ = try await client.get(.nodes, name: "a")
        }
    }

    @Test("an authority that is none is refused before the first request")
    func noAuthority() throws {
        var configuration = ServerConfiguration(server: "https://127.0.0.1:1")
        configuration.trust = .authorities(.text("nothing"))
        #expect(throws: APIError.self) { try Sample.client(configuration) }
    }
}
