import KubernetesModel
import Logging
import Subprocess
import Synchronization
import SystemPackage
import TestSupport
import Testing

@testable import KubernetesAPI

/// A folder that goes with the test.
final class TemporaryFolder: Sendable {
    let path: FilePath

    init() throws {
        var random = SystemRandomNumberGenerator()
        path = FilePath("/tmp/virt-node-test-\(String(random.next(), radix: 36))")
        try path.createFolder()
    }

    deinit { path.removeAll() }

    @discardableResult func write(_ name: String, _ text: String, executable: Bool = false) throws -> FilePath {
        let file = path.appending(name)
        let permissions: FilePermissions = executable ? [.ownerReadWriteExecute] : [.ownerReadWrite]
        let descriptor = try FileDescriptor.open(
            file, .writeOnly, options: [.create, .truncate], permissions: permissions)
        try descriptor.closeAfter { _ = try descriptor.writeAll(text.utf8) }
        return file
    }

    func read(_ name: String) throws -> String { try TextSource.file(path.appending(name)).read() }
}

/// Time that does not pass: short waits end at once and are noted, long ones are real.
///
/// Synchronization: one mutex.
final class NotedTime: Sendable {
    private let state = Mutex<(waits: [Duration], wall: WallTime)>(([], WallTime(seconds: 1_800_000_000)))

    var waits: [Duration] { state.withLock { $0.waits } }
    func setWall(_ time: WallTime) { state.withLock { $0.wall = time } }

    /// Waits of `real` and more are limits of requests, and take their time.
    func source(real: Duration = .seconds(30)) -> TimeSource {
        TimeSource(
            monotonic: TimeSource.system.monotonic, wall: { self.state.withLock { $0.wall } },
            sleep: { duration in
                if duration >= real { return try await Task.sleep(for: duration) }
                self.state.withLock { $0.waits.append(duration) }
                try Task.checkCancellation()
                await Task.yield()
            })
    }
}

enum Sample {
    static let logger = Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })

    static func client(
        _ configuration: ServerConfiguration, time: TimeSource = .system
    ) throws -> KubernetesClient {
        try KubernetesClient(configuration, userAgent: "test/1", logger: logger, time: time, random: { 0 })
    }

    static func client(_ server: ScriptedServer, time: TimeSource = .system) throws -> KubernetesClient {
        try client(ServerConfiguration(server: server.url), time: time)
    }

    static func node(_ json: String) throws -> DocumentNode { try #require(try DocumentReader().read(json).first) }

    static func object(_ name: String, _ version: Int, uid: String = "u") -> String {
        #"{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"\#(name)","namespace":"default","uid":"\#(uid)","#
            + #""resourceVersion":"\#(version)"}}"#
    }

    static func list(_ version: Int, _ objects: [String] = [], next: String = "") -> String {
        #"{"kind":"ConfigMapList","apiVersion":"v1","metadata":{"resourceVersion":"\#(version)","continue":"\#(next)"},"#
            + #""items":[\#(objects.joined(separator: ","))]}"#
    }

    static func event(_ type: String, _ object: String) -> String { #"{"type":"\#(type)","object":\#(object)}"# }

    static func bookmark(_ version: Int) -> String {
        event("BOOKMARK", #"{"kind":"ConfigMap","apiVersion":"v1","metadata":{"resourceVersion":"\#(version)"}}"#)
    }

    static func status(_ code: Int, _ reason: String) -> String {
        #"{"kind":"Status","apiVersion":"v1","status":"Failure","message":"because","reason":"\#(reason)","code":\#(code)}"#
    }
}

/// Runs a program that the tests need, and takes what it prints.
func output(of program: String, _ arguments: [String], in folder: FilePath? = nil) async throws -> String {
    let result = try await Subprocess.run(
        .name(program), arguments: Arguments(arguments), workingDirectory: folder, input: .none,
        output: .string(limit: 4 << 20), error: .string(limit: 64 << 10))
    try #require(result.terminationStatus.isSuccess, "\(program) \(arguments): \(result.standardError)")
    return result.standardOutput
}
