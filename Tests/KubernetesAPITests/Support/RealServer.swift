import Foundation
import Subprocess
import SystemPackage
import Testing

@testable import KubernetesAPI

/// A real API server, with data of its own, while a test runs. `scripts/kubernetes/build.sh` builds it once.
struct RealServer: Sendable {
    let folder: TemporaryFolder
    private let port: Int

    private static let built =
        ProcessEnvironment.current["VIRT_NODE_TEST_KUBERNETES"] ?? "/var/cache/virt-node-kubernetes"
    static var isBuilt: Bool { FileManager.default.isExecutableFile(atPath: "\(built)/devapiserver") }

    private static let scripts = FilePath(#filePath).removingLastComponent().removingLastComponent()
        .removingLastComponent().removingLastComponent().appending("scripts/kubernetes")

    static func running(_ body: (RealServer) async throws -> Void) async throws {
        let server = RealServer(folder: try TemporaryFolder(), port: 20_000 + 4 * Int.random(in: 0..<3_000))
        do {
            try await server.start()
            try await body(server)
        } catch {
            try? await server.stop()
            throw error
        }
        try await server.stop()
    }

    func configuration(_ user: String = "admin") throws -> ServerConfiguration {
        try ServerConfiguration.kubeconfig(kubeconfig(user), context: nil)
    }

    func kubeconfig(_ user: String = "admin") -> FilePath { folder.path.appending("state/\(user).kubeconfig") }

    /// With the data and keys of an earlier start, if there was one.
    func start() async throws { try await run("up.sh") }
    func stop() async throws { try await run("down.sh") }

    func kubectl(_ arguments: String...) async throws -> String {
        try await output(of: "kubectl", ["--kubeconfig", kubeconfig().string] + arguments)
    }

    private func run(_ script: String) async throws {
        let variables: [Environment.Key: String?] = [
            "OUT": Self.built, "STATE": folder.path.appending("state").string, "PORT": "\(port)",
            "ETCD_PORT": "\(port + 1)", "KEEP": "1",
        ]
        let result = try await Subprocess.run(
            .path(Self.scripts.appending(script)), environment: .inherit.updating(variables), input: .none,
            output: .discarded, error: .string(limit: 64 << 10))
        try #require(result.terminationStatus.isSuccess, "\(script): \(result.standardError)")
    }
}
