import FoundationEssentials
import Hummingbird
import KubernetesModel
import Logging
import Serving
import Subprocess
import SystemPackage
import Testing

@testable import LocalAPI

/// A local API on a port, and kubectl pointed at it.
struct KubectlRig: Sendable {
    static let kubectl = FilePath("/usr/bin/kubectl")
    static let isInstalled: Bool = {
        let found = FileManager.default.isExecutableFile(atPath: kubectl.string)
        if !found { print("skipped: the tests with kubectl need \(kubectl)") }
        return found
    }()

    let api: APITester
    private let config: FilePath

    struct Outcome: Sendable {
        var isSuccess: Bool
        var output: String
        var error: String
    }

    /// Serves an API while `body` runs.
    static func serve(_ body: @Sendable (KubectlRig) async throws -> Void) async throws {
        let api = try await APITester()
        let router = Router(context: ServingContext.self)
        api.server.addRoutes(to: router)
        let (bound, continuation) = AsyncStream.makeStream(of: [BoundAddress].self)
        let http = HTTPService(
            endpoints: [
                ServingEndpoint(
                    .tcp(host: "127.0.0.1", port: 0), tls: api.server.tls,
                    authenticator: api.server.loopbackAuthenticator)
            ], router: router, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        ) { continuation.yield($0) }
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await http.run() }
            group.addTask { await api.server.run() }
            var addresses = bound.makeAsyncIterator()
            let port = try #require(await addresses.next()?.first?.port)
            let config = try api.server.writeKubeconfig(server: "https://127.0.0.1:\(port)")
            try await body(KubectlRig(api: api, config: config))
            group.cancelAll()
        }
    }

    /// Runs kubectl; `input` goes to its standard input.
    func run(_ arguments: [String], input: String = "", environment: [String: String] = [:]) async throws -> Outcome {
        var variables: [Subprocess.Environment.Key: String?] = ["KUBECONFIG": config.string, "HOME": api.folder.string]
        for (name, value) in environment { variables[Subprocess.Environment.Key(stringLiteral: name)] = value }
        // `kubectl edit` opens the terminal that it finds, and would stop a test that runs in the background of one.
        var options = PlatformOptions()
        options.createSession = true
        let result = try await Subprocess.run(
            .path(Self.kubectl), arguments: Arguments(arguments), environment: .inherit.updating(variables),
            platformOptions: options, input: .string(input), output: .string(limit: 4 << 20),
            error: .string(limit: 1 << 20))
        return Outcome(
            isSuccess: result.terminationStatus.isSuccess, output: result.standardOutput,
            error: result.standardError)
    }

    /// Runs a command line that must succeed, and returns what it prints.
    @discardableResult
    func callAsFunction(
        _ line: String, input: String = "", environment: [String: String] = [:],
        at location: SourceLocation = #_sourceLocation
    ) async throws -> String {
        let outcome = try await run(
            line.split(separator: " ").map(String.init), input: input, environment: environment)
        #expect(outcome.isSuccess, "kubectl \(line): \(outcome.error)", sourceLocation: location)
        return outcome.output
    }

    /// Runs a command line that must fail, and returns its complaint.
    func failing(_ line: String, input: String = "", at location: SourceLocation = #_sourceLocation) async throws
        -> String
    {
        let outcome = try await run(line.split(separator: " ").map(String.init), input: input)
        #expect(!outcome.isSuccess, "kubectl \(line) succeeded: \(outcome.output)", sourceLocation: location)
        return outcome.error
    }

    /// Writes an object as the agent would.
    func patchAsAgent(_ name: String, _ patch: String) async throws {
        let answer = try await api.send(
            "PATCH", "\(APITester.instances)/\(name)", patch, type: "application/merge-patch+json", isAgent: true)
        #expect(answer.code == 200, "\(answer.message)")
    }
}
