import AsyncHTTPClient
import NIOCore
import NIOSSL
import Serving
import SystemPackage
import Testing

/// Serving over TLS.
@Suite struct TLSServingTests {
    /// How long a client that is to be refused tries.
    private static let refused = TimeAmount.seconds(1)

    private func client(
        trusting authority: TestAuthority, _ pair: (certificate: String, key: String)? = nil,
        patience: TimeAmount = .seconds(60)
    ) throws -> HTTPClient.Configuration {
        var tls = TLSConfiguration.makeClientConfiguration()
        tls.trustRoots = .certificates(try NIOSSLCertificate.fromPEMBytes(Array(try authority.pem.utf8)))
        if let pair {
            tls.certificateChain = try NIOSSLCertificate.fromPEMBytes(Array(pair.certificate.utf8)).map {
                .certificate($0)
            }
            tls.privateKey = .privateKey(try NIOSSLPrivateKey(bytes: Array(pair.key.utf8), format: .pem))
        }
        // The client tries again and again for so long, even where it is refused.
        return HTTPClient.Configuration(tlsConfiguration: tls, timeout: .init(connect: patience))
    }

    private func files(
        _ folder: TestFolder, _ pair: (certificate: String, key: String), clientCA: String? = nil
    ) throws -> TLSFiles {
        TLSFiles(
            certificate: try folder.write(pair.certificate, "server.crt"),
            key: try folder.write(pair.key, "server.key"),
            clientCA: try clientCA.map { try folder.write($0, "ca.crt") })
    }

    private func url(_ bound: [BoundAddress]) -> String { "https://\(bound.first?.description ?? "")/who" }

    @Test("a request over TLS 1.3 is answered; an older TLS is refused")
    func plain() async throws {
        let folder = try TestFolder()
        let authority = try TestAuthority("ca")
        let tls = try files(folder, try authority.sign("server"))
        let endpoint = ServingEndpoint(.tcp(host: "127.0.0.1", port: 0), tls: tls, authenticator: .anonymous)
        try await serving([endpoint]) { _, bound in
            var configuration = try client(trusting: authority)
            #expect(try await get(url(bound), configuration: configuration).status == 200)
            configuration.tlsConfiguration?.maximumTLSVersion = .tlsv12
            configuration.timeout.connect = Self.refused
            await #expect(throws: (any Error).self) { try await get(url(bound), configuration: configuration) }
        }
    }

    @Test("a client certificate is required and its name is the identity; names that are not listed get 403")
    func mutual() async throws {
        let folder = try TestFolder()
        let authority = try TestAuthority("ca")
        let clients = try TestAuthority("clients")
        let tls = try files(folder, try authority.sign("server"), clientCA: try clients.pem)
        let endpoint = ServingEndpoint(
            .tcp(host: "127.0.0.1", port: 0), tls: tls, authenticator: .certificate(commonNames: ["good"]))
        try await serving([endpoint]) { _, bound in
            let good = try client(trusting: authority, try clients.sign("good", organization: "group"))
            #expect(try await get(url(bound), configuration: good).body == "good (certificate)")
            let other = try await get(url(bound), configuration: client(trusting: authority, clients.sign("other")))
            #expect(other.status == 403 && other.body.contains("Forbidden"))
            await #expect(throws: (any Error).self) {
                try await get(url(bound), configuration: client(trusting: authority, patience: Self.refused))
            }
            let stranger = try TestAuthority("clients").sign("good")
            await #expect(throws: (any Error).self) {
                try await get(url(bound), configuration: client(trusting: authority, stranger, patience: Self.refused))
            }
        }
    }

    @Test("changed files are used for the next connection, unusable ones are not")
    func reload() async throws {
        let folder = try TestFolder()
        let old = try TestAuthority("old")
        let new = try TestAuthority("new")
        let tls = try files(folder, try old.sign("server"))
        let endpoint = ServingEndpoint(.tcp(host: "127.0.0.1", port: 0), tls: tls, authenticator: .anonymous)
        try await serving([endpoint]) { _, bound in
            #expect(try await get(url(bound), configuration: client(trusting: old)).status == 200)
            let pair = try new.sign("server")
            _ = try folder.write(pair.certificate, "server.crt")
            // The key does not fit yet: the old pair stays.
            #expect(try await get(url(bound), configuration: client(trusting: old)).status == 200)
            _ = try folder.write(pair.key, "server.key")
            #expect(try await get(url(bound), configuration: client(trusting: new)).status == 200)
            await #expect(throws: (any Error).self) {
                try await get(url(bound), configuration: client(trusting: old, patience: Self.refused))
            }
        }
    }

    @Test("a certificate file that is none is named before anything listens")
    func unusable() async throws {
        let folder = try TestFolder()
        let pair = try TestAuthority("ca").sign("server")
        var tls = try files(folder, pair)
        tls.certificate = try folder.write("nothing", "empty.crt")
        let endpoint = ServingEndpoint(.tcp(host: "127.0.0.1", port: 0), tls: tls, authenticator: .anonymous)
        do {
            try await serving([endpoint]) { _, _ in }
            Issue.record("it listens")
        } catch let error as ServingError {
            #expect("\(error)".contains("empty.crt"))
        }
    }
}
