import FoundationEssentials
import HostModel
import Images
import KubernetesAPI
import KubernetesModel
import Libvirt
import Logging
import Subprocess
import SystemPackage
import Testing

@testable import NodeAgent

/// A whole daemon on libvirt's fake driver, with its own API, in folders of its own.
struct DaemonBench: Sendable {
    let client: KubernetesClient
    let folders: SessionFolders
    let metricsPort: Int

    /// Runs `body` beside a daemon, which ends with it.
    static func serve(_ body: @escaping @Sendable (DaemonBench) async throws -> Void) async throws {
        let path = FilePath("/tmp/vn-\(UInt32.random(in: .min ... .max))")
        let folders = SessionFolders(NodeFolders(root: path))
        defer { try? FileManager.default.removeItem(atPath: path.string) }
        var configuration = NodeConfiguration()
        configuration.nodeName = "one"
        configuration.libvirt = .uri("test:///default")
        configuration.accelerator = .emulation
        configuration.local.loopbackPort = 0
        configuration.metrics.address = "127.0.0.1"
        configuration.metrics.port = Int.random(in: 20_000..<32_000)
        configuration.streams.port = 0
        configuration.manifests = folders.node.configuration.appending("vmis.d").string
        var logger = Logger(label: "daemon")
        logger.logLevel = .critical
        let daemon = Daemon(
            folders, configuration, registry: RegistryOptions(tlsVerify: true, certDir: nil, authFile: nil),
            logger: logger)
        let client = try KubernetesClient(
            .unixSocket(Daemon.socket(folders).string, token: nil), userAgent: "test", logger: logger)
        let bench = DaemonBench(client: client, folders: folders, metricsPort: configuration.metrics.port)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await daemon.run { _ in } }
            group.addTask {
                try await bench.waitForNode()
                try await body(bench)
            }
            try await group.next()
            group.cancelAll()
        }
        await client.close()
    }

    /// The daemon's Node object says that it serves.
    private func waitForNode() async throws {
        while true {
            if let nodes = try? await client.list(.nodes), !nodes.items.isEmpty { return }
            try await Task.sleep(for: .milliseconds(20))
        }
    }

    /// What a scraper is told.
    func metrics() async throws -> ExpositionParser {
        let answer = try await Subprocess.run(
            .name("curl"), arguments: ["-sS", "--fail", "http://127.0.0.1:\(metricsPort)/metrics"],
            output: .string(limit: 1 << 20), error: .string(limit: 4096))
        return try ExpositionParser(answer.standardOutput)
    }

    static func manifest(_ name: String, _ more: String = "") -> DocumentNode {
        let text = """
            {"apiVersion":"kubevirt.io/v1","kind":"VirtualMachineInstance","metadata":{"name":"\(name)"},
            "spec":{"terminationGracePeriodSeconds":0,"domain":{"memory":{"guest":"64Mi"},"devices":{}}\(more)}}
            """
        return (try? DocumentReader().read(text).first) ?? .object([])
    }

    func create(_ object: DocumentNode) async throws -> DocumentNode {
        try await client.create(object, as: .instances, namespace: "default")
    }

    /// Watches a VMI until it is as wanted, and gives every state on the way; nil stands for one that is gone.
    @discardableResult
    func watch(_ name: String, until isDone: @escaping @Sendable (DocumentNode?) -> Bool) async -> [DocumentNode?] {
        let reflector = Reflector(
            client, .instances, namespace: "default", fieldSelector: "metadata.name=\(name)",
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        return await withTaskGroup(of: [DocumentNode?].self) { group in
            group.addTask {
                await reflector.run()
                return []
            }
            group.addTask {
                var seen: [DocumentNode?] = []
                for await event in reflector.events {
                    switch event {
                    case .replaced(let objects): seen.append(objects.first)
                    case .changed(let object): seen.append(object)
                    case .removed: seen.append(nil)
                    case .interrupted, .resumed: continue
                    }
                    if isDone(seen.last ?? nil) { break }
                }
                return seen
            }
            var states: [DocumentNode?] = []
            while let next = await group.next() {
                if next.isEmpty { continue }
                states = next
                break
            }
            group.cancelAll()
            return states
        }
    }
}

extension DocumentNode {
    var phase: String? { self["status"]?["phase"]?.text }

    func condition(_ type: String) -> DocumentNode? {
        self["status"]?["conditions"]?.elements.first { $0["type"]?.text == type }
    }
}
