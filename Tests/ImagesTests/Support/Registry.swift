import FoundationEssentials
import Subprocess
import SystemPackage
import Testing

@testable import Images

/// A registry on the loopback interface, run as a child and killed with the test.
struct Registry: Sendable {
    let host: String
    let storage: FilePath
    /// Lines of its log, which name each request.
    let log: FilePath

    static let user = "tester"
    static let password = "secret"
    private static let login = "tester:$2y$05$U5emVX7uYtpX6HNi7hQb8OPVb9AOwSjp.WYXd3sGtit45JGp8ZLzK\n"

    /// Runs `body` beside a registry that listens, with or without a login.
    static func with(
        _ folder: TemporaryFolder, login: Bool = false, _ body: @Sendable (Registry) async throws -> Void
    ) async throws {
        let port = Int.random(in: 20_000..<32_000)
        let storage = folder("registry")
        try FileManager.default.createDirectory(atPath: storage.string, withIntermediateDirectories: true)
        let users = try folder.write("users", Array(Self.login.utf8))
        let auth = login ? "auth: {htpasswd: {realm: test, path: \(users)}}\n" : ""
        let configuration = try folder.write(
            "registry.yml",
            Array(
                """
                version: 0.1
                log: {level: debug, accesslog: {disabled: false}}
                storage: {filesystem: {rootdirectory: \(storage)}, delete: {enabled: true}}
                http: {addr: 127.0.0.1:\(port)}
                \(auth)
                """.utf8))
        let log = folder("registry.log")
        let output = try FileDescriptor.open(
            log, .writeOnly, options: [.create, .append], permissions: FilePermissions(rawValue: 0o600))
        let registry = Registry(host: "127.0.0.1:\(port)", storage: storage, log: log)
        _ = try await run(
            .name("docker-registry"), arguments: ["serve", configuration.string], input: .none,
            output: .fileDescriptor(output, closeAfterSpawningProcess: false),
            error: .fileDescriptor(output, closeAfterSpawningProcess: true)
        ) { execution in
            do {
                try await registry.answer()
                try await body(registry)
            } catch {
                try? execution.send(signal: .kill)
                throw error
            }
            try execution.send(signal: .kill)
        }
    }

    private func answer() async throws {
        for _ in 0..<200 {
            if (try? String(contentsOf: URL(filePath: log.string), encoding: .utf8))?.contains("listening on") == true {
                return
            }
            try await Task.sleep(for: .milliseconds(25))
        }
        Issue.record("the registry does not listen")
    }

    /// Pushes a layout under `name` and returns the reference a VMI would use.
    func push(_ layout: OCILayout, _ name: String) async throws -> ImageReference {
        let result = try await run(
            .name("skopeo"),
            arguments: [
                "copy", "--quiet", "--preserve-digests", "--dest-tls-verify=false",
                "--dest-creds=\(Self.user):\(Self.password)", "oci:\(layout.folder)", "docker://\(host)/\(name)",
            ], output: .discarded, error: .string(limit: 1 << 20))
        try #require(result.terminationStatus.isSuccess, "\(result.standardError)")
        return try ImageReference("\(host)/\(name)")
    }

    /// How often a blob was asked for.
    func downloads() throws -> Int {
        let text = try String(contentsOf: URL(filePath: log.string), encoding: .utf8)
        return text.split(separator: "\n").filter { $0.contains("\"GET /v2/") && $0.contains("/blobs/") }.count
    }

    /// Where the registry keeps a blob, for a test that changes it.
    func blob(_ digest: ImageDigest) -> FilePath {
        ["docker", "registry", "v2", "blobs", "sha256", String(digest.hex.prefix(2)), digest.hex, "data"]
            .reduce(storage) { $0.appending($1) }
    }
}
