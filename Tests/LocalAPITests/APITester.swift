import FoundationEssentials
import KubernetesModel
import Logging
import SystemPackage

@testable import LocalAPI

/// A local API in a folder of its own, asked without a server around it.
final class APITester: Sendable {
    let folder: FilePath
    let server: LocalAPIServer
    private let ownsFolder: Bool

    init(
        in folder: FilePath? = nil, limits: ObjectStore.LogLimits = ObjectStore.LogLimits(),
        bookmarkInterval: Duration = .seconds(55)
    ) async throws {
        ownsFolder = folder == nil
        self.folder = folder ?? Self.makeFolder()
        server = try LocalAPIServer(
            folder: self.folder, nodeName: "node1", logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
            limits: limits, bookmarkInterval: bookmarkInterval)
        _ = await server.prepare()
    }

    deinit { if ownsFolder { try? FileManager.default.removeItem(atPath: folder.string) } }

    static func makeFolder() -> FilePath { FilePath("/tmp/local-api-\(UInt64.random(in: 0 ... .max))") }

    struct Answer: Sendable {
        var code: Int
        var object: DocumentNode
        var warnings: [String]

        var reason: String { object["reason"]?.text ?? "" }
        var message: String { object["message"]?.text ?? "" }
        var fields: [String] { object[["details", "causes"]]?.elements.compactMap { $0["field"]?.text } ?? [] }
    }

    func send(
        _ method: String, _ path: String, _ body: String = "", type: String = "application/json",
        accept: String = "application/json", isAgent: Bool = false, manager: String = "test/1"
    ) async throws -> Answer {
        let response = try await respond(method, path, body, type: type, accept: accept, isAgent: isAgent, manager)
        guard case .bytes(let bytes) = response.body else { throw Unexpected("a stream came for \(path)") }
        let object = try DocumentReader().read(String(decoding: bytes, as: UTF8.self)).first ?? .object([])
        return Answer(code: response.code, object: object, warnings: response.warnings)
    }

    private func respond(
        _ method: String, _ path: String, _ body: String, type: String, accept: String, isAgent: Bool,
        _ manager: String
    ) async throws -> APIResponse {
        guard
            let request = APIRequest(
                method: method, target: path, accept: accept, contentType: type, userAgent: manager,
                caller: APICaller(name: "somebody", isAgent: isAgent), body: Array(body.utf8))
        else { throw Unexpected("\(path) is no path") }
        return await server.answer(request)
    }

    /// A watch, as the events that come out of it.
    func watch(_ path: String, accept: String = "application/json") async throws -> WatchReader {
        let response = try await respond(
            "GET", path + (path.contains("?") ? "&" : "?") + "watch=true", "", type: "", accept: accept,
            isAgent: false, "test/1")
        guard case .stream(let feed) = response.body else { throw Unexpected("no stream came for \(path)") }
        return WatchReader(feed: feed())
    }

    static let instances = "/apis/kubevirt.io/v1/namespaces/default/virtualmachineinstances"

    /// A small VMI, as JSON.
    static func instance(_ name: String, cores: Int = 1, labels: String = "{}", extra: String = "") -> String {
        """
        {"apiVersion":"kubevirt.io/v1","kind":"VirtualMachineInstance",\
        "metadata":{"name":"\(name)","labels":\(labels)},\
        "spec":{"domain":{"cpu":{"cores":\(cores)},"memory":{"guest":"64Mi"},"devices":{}}\(extra)}}
        """
    }

    static func configMap(_ name: String, _ data: String = "{}", metadata: String = "") -> String {
        """
        {"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"\(name)"\(metadata)},"data":\(data)}
        """
    }
}

/// Reads the events of a watch one by one.
struct WatchReader {
    var feed: any LineFeed
    private var waiting: [DocumentNode] = []

    init(feed: any LineFeed) { self.feed = feed }

    /// `TYPE NAME`, or the text of an error or bookmark; nil at the end.
    mutating func next() async throws -> String? {
        guard let event = try await nextEvent() else { return nil }
        let type = event["type"]?.text ?? ""
        return type == "ERROR"
            ? "ERROR \(event[["object", "code"]]?.integer ?? 0)" : "\(type) \(event["object"]?.objectName ?? "")"
    }

    mutating func nextEvent() async throws -> DocumentNode? {
        while waiting.isEmpty {
            guard let bytes = await feed.next() else { return nil }
            for line in bytes.split(separator: 0x0A) {
                waiting += try DocumentReader().read(String(decoding: line, as: UTF8.self))
            }
        }
        return waiting.removeFirst()
    }
}

struct Unexpected: Error, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }
}
