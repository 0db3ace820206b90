import KubeVirtModel
import KubernetesModel
import Logging
import TestSupport
import Testing

@testable import LocalAPI

/// Requests of any kind to the API of a node without a cluster: each gets an answer that is one, what is stored is what
/// was answered, a watch tells all of it, and it is there after a restart.
@Suite struct LocalAPIFuzzTests {
    static func open(_ folder: FuzzFolder) async throws -> LocalAPIServer {
        let server = try LocalAPIServer(
            folder: folder("local"), nodeName: "node1", logger: Logger(label: "fuzz") { _ in SwiftLogNoOpLogHandler() },
            limits: ObjectStore.LogLimits(), bookmarkInterval: .milliseconds(20))
        _ = await server.prepare()
        return server
    }

    @Test("random requests get sound answers, a watch tells what they did, and a restart loses nothing of it")
    func requests() async throws {
        let folder = try FuzzFolder()
        var server = try await Self.open(folder)
        var requests = RequestMutator(seed: FuzzSettings.seed)
        var mirror = APIMirror(server)
        var log = FuzzLog("API requests")
        for await round in FuzzSettings.rounds(400) {
            let request = requests.next()
            await log.run(round, request.text.utf8) {
                var outcome = await Self.outcome(server, request)
                if round % 50 == 49 { outcome.faults += await mirror.faults() }
                return outcome
            }
            guard round % 200 == 199 else { continue }
            let before = await APIMirror.contents(server)
            server.handler.store.close()
            server = try await Self.open(folder)
            let after = await APIMirror.contents(server)
            #expect(after == before, "round \(round): other objects after a restart")
            mirror = APIMirror(server)
        }
        #expect(log.faults.isEmpty, "\(log.report)")
        #expect(log.accepted > log.rounds / 10, "too few requests succeed: \(log.report)")
        #expect(log.grownMiB < FuzzSettings.mostGrowthMiB, "\(log.report)")
        log.printFigures()
    }

    private static func outcome(_ server: LocalAPIServer, _ made: RequestMutator.Made) async -> Outcome {
        guard let request = made.request else { return .refused }
        let answer = await server.answer(request)
        var outcome = Outcome(isAccepted: (200..<300).contains(answer.code))
        // 504 is what a client gets whose version is from the future, and what it knows to read.
        if answer.code >= 500, answer.code != 504 { outcome.faults.append("the answer is \(answer.code)") }
        guard case .bytes(let bytes) = answer.body else { return outcome }
        guard answer.contentType == "application/json" else { return outcome }
        do {
            var reader = DocumentReader()
            reader.maximumBytes = 64 << 20
            reader.maximumNodes = 4_000_000
            let node = try reader.read(String(decoding: bytes, as: UTF8.self)).first
            if outcome.isAccepted {
                if node?["kind"]?.text == nil, request.path.first != "version", request.path.first != "openapi" {
                    outcome.faults.append(
                        "an answer without a kind: \(String(decoding: bytes.prefix(200), as: UTF8.self))")
                }
            } else {
                outcome.faults += faults(ofStatus: node, answer.code)
            }
        } catch { outcome.faults.append("the answer cannot be read: \(error)") }
        return outcome
    }

    private static func faults(ofStatus status: DocumentNode?, _ code: Int) -> [String] {
        guard let status, status["kind"]?.text == "Status", status["code"]?.integer == Int64(code) else {
            return ["\(code) comes without a Status"]
        }
        let message = status["message"]?.text ?? ""
        if message.isEmpty || status["reason"]?.text?.isEmpty != false { return ["a Status says nothing: \(code)"] }
        return message.utf8.count > 1 << 20 ? ["a message of \(message.utf8.count) bytes"] : []
    }

    private static let configMaps = "/api/v1/namespaces/default/configmaps"

    /// Bodies that are small and mean much work.
    private static let bombs: [(name: String, method: String, path: String, type: String, body: [UInt8])] = {
        func object(_ rest: String) -> [UInt8] {
            Array(#"{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"bomb"\#(rest)}}"#.utf8)
        }
        func members(_ count: Int) -> String { (0..<count).map { "\"k\($0)\":\"v\"" }.joined(separator: ",") }
        let copies = (0..<40).map { "{\"op\":\"copy\",\"from\":\"/data\",\"path\":\"/data/k\($0)\"}" }.joined(
            separator: ",")
        let adds = (0..<20_000).map { _ in "{\"op\":\"add\",\"path\":\"/data/x\",\"value\":\"y\"}" }.joined(
            separator: ",")
        return [
            ("many labels", "POST", configMaps, "application/json", object(",\"labels\":{\(members(40_000))}")),
            (
                "many annotations", "POST", configMaps, "application/json",
                object(",\"annotations\":{\(members(40_000))}")
            ),
            ("much data", "POST", configMaps, "application/json", object("},\"data\":{\(members(40_000))}")),
            (
                "many finalizers", "POST", configMaps, "application/json",
                object(",\"finalizers\":[\((0..<40_000).map { "\"a/b\($0)\"" }.joined(separator: ","))]")
            ),
            (
                "copies of copies", "PATCH", "\(configMaps)/seed", "application/json-patch+json",
                Array("[\(copies)]".utf8)
            ),
            ("many steps", "PATCH", "\(configMaps)/seed", "application/json-patch+json", Array("[\(adds)]".utf8)),
            (
                "a patch of many members", "PATCH", "\(configMaps)/seed", "application/merge-patch+json",
                Array("{\"data\":{\(members(40_000))}}".utf8)
            ),
            (
                "a patch of as many as may be", "PATCH", "\(configMaps)/seed", "application/merge-patch+json",
                Array("{\"data\":{\(members(19_000))}}".utf8)
            ),
            (
                "a deep patch", "PATCH", "\(configMaps)/seed", "application/merge-patch+json",
                Array(Bombs.nested("{\"a\":", depth: 200_000).utf8)
            ),
            (
                "a strategic patch of many", "PATCH", "\(configMaps)/seed", "application/strategic-merge-patch+json",
                object(",\"ownerReferences\":[\((0..<5_000).map { "{\"uid\":\"\($0)\"}" }.joined(separator: ","))]")
            ),
            (
                "a tower of aliases", "PATCH", "\(configMaps)/seed?fieldManager=x", "application/apply-patch+yaml",
                Array(Bombs.aliases(levels: 12, width: 10).utf8)
            ),
            (
                "protobuf of many", "POST", configMaps, "application/vnd.kubernetes.protobuf",
                protobuf(finalizers: 300_000)
            ),
            (
                "protobuf of many members", "POST", configMaps, "application/vnd.kubernetes.protobuf",
                protobuf(labels: 150_000)
            ),
        ]
    }()

    @Test("a body that means much work is refused, or worked off", arguments: bombs.indices)
    func bomb(index: Int) async throws {
        let bomb = Self.bombs[index]
        let folder = try FuzzFolder()
        let server = try await Self.open(folder)
        let seed = RequestMutator.request(
            "POST", Self.configMaps,
            #"{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"seed"},"data":{"a":"b"}}"#)
        _ = await server.answer(try #require(seed.request))
        let request = try #require(
            APIRequest(
                method: bomb.method, target: bomb.path, contentType: bomb.type, userAgent: "fuzz/1",
                caller: APICaller(name: "somebody"), body: bomb.body))
        var log = FuzzLog("API bombs")
        await log.run(0, bomb.name.utf8) {
            let answer = await server.answer(request)
            return Outcome(faults: answer.code < 500 ? [] : ["\(answer.code)"])
        }
        #expect(log.faults.isEmpty, "\(log.report)")
        #expect(log.grownMiB < FuzzSettings.mostGrowthMiB, "\(log.report)")
        if FuzzSettings.isLong { print("\(bomb.name): \(log.report)") }
    }

    /// A ConfigMap in protobuf, with metadata of that many parts.
    static func protobuf(finalizers: Int = 0, labels: Int = 0) -> [UInt8] {
        func field(_ number: UInt8, _ bytes: [UInt8]) -> [UInt8] {
            var length = bytes.count
            var head = [number << 3 | 2]
            repeat {
                head.append(UInt8(length & 0x7F) | (length > 0x7F ? 0x80 : 0))
                length >>= 7
            } while length > 0
            return head + bytes
        }
        var metadata = field(1, Array("bomb".utf8))
        for index in 0..<finalizers { metadata += field(14, Array("a/\(index % 10)".utf8)) }
        for index in 0..<labels { metadata += field(11, field(1, Array("\(index)".utf8)) + field(2, [])) }
        let kind = field(1, Array("v1".utf8)) + field(2, Array("ConfigMap".utf8))
        return Array("k8s\0".utf8) + field(1, kind) + field(2, field(1, metadata))
    }
}

/// What a watch has told of every kind, beside what the server has.
struct APIMirror {
    static let collections = [
        "/api/v1/configmaps", "/api/v1/secrets", "/api/v1/events", "/api/v1/namespaces", "/api/v1/nodes",
        "/apis/coordination.k8s.io/v1/leases", "/apis/kubevirt.io/v1/virtualmachineinstances",
        "/apis/kubevirt.io/v1/virtualmachineinstancemigrations",
    ]

    private let server: LocalAPIServer
    private var known: [String: [String: String]] = [:]
    private var versions: [String: String] = [:]

    init(_ server: LocalAPIServer) { self.server = server }

    /// Objects by collection and name, as JSON.
    static func contents(_ server: LocalAPIServer) async -> [String: [String: String]] {
        var contents: [String: [String: String]] = [:]
        for path in collections { contents[path] = await list(server, path)?.objects }
        return contents
    }

    private static func key(_ object: DocumentNode) -> String { "\(object.objectNamespace ?? "")/\(object.objectName)" }

    /// Without what a list leaves out of its items.
    private static func text(_ object: DocumentNode) -> String {
        .init(decoding: DocumentWriter.jsonBytes(object.canonical), as: UTF8.self)
    }

    private static func list(_ server: LocalAPIServer, _ path: String) async -> (
        objects: [String: String], version: String
    )? {
        guard let request = RequestMutator.request("GET", path, "").request,
            case .bytes(let bytes) = await server.answer(request).body, let node = node(bytes)
        else { return nil }
        let objects = node["items"]?.elements.map { (key($0), text($0)) } ?? []
        return (Dictionary(objects) { _, last in last }, node["metadata"]?["resourceVersion"]?.text ?? "")
    }

    private static func node(_ bytes: some Collection<UInt8>) -> DocumentNode? {
        var reader = DocumentReader()
        reader.maximumBytes = 64 << 20
        reader.maximumNodes = 4_000_000
        return try? reader.read(String(decoding: bytes, as: UTF8.self)).first
    }

    /// Catches up by a watch from where it was, and compares with a list.
    mutating func faults() async -> [String] {
        var faults: [String] = []
        for path in Self.collections {
            guard let (objects, version) = await Self.list(server, path) else {
                faults.append("\(path) cannot be listed")
                continue
            }
            if let from = versions[path], var mirrored = known[path] {
                await follow(path, from, until: version, &mirrored, &faults)
                if mirrored != objects {
                    let names = Set(mirrored.keys).union(objects.keys).filter { mirrored[$0] != objects[$0] }
                    faults.append("a watch of \(path) tells otherwise than a list of \(names.sorted().prefix(3))")
                }
            }
            known[path] = objects
            versions[path] = version
        }
        return faults
    }

    /// Bookmarks are sent at a watch's end, so the end of time is asked for.
    private func follow(
        _ path: String, _ from: String, until version: String, _ mirrored: inout [String: String],
        _ faults: inout [String]
    ) async {
        let target = "\(path)?watch=true&allowWatchBookmarks=true&timeoutSeconds=1&resourceVersion=\(from)"
        guard from != version, let request = RequestMutator.request("GET", target, "").request,
            case .stream(let open) = await server.answer(request).body
        else { return }
        var feed = open()
        while let bytes = await feed.next() {
            for line in bytes.split(separator: 0x0A) {
                guard let event = Self.node(line), let object = event["object"] else {
                    faults.append("a line of a watch cannot be read")
                    return
                }
                switch event["type"]?.text {
                case "ADDED", "MODIFIED": mirrored[Self.key(object)] = Self.text(object)
                case "DELETED": mirrored[Self.key(object)] = nil
                case "BOOKMARK": if object.resourceVersion == version { return }
                default: faults.append("\(path) from \(from): \(event["object"]?["message"]?.text ?? "?")")
                }
            }
            if let last = bytes.split(separator: 0x0A).last.flatMap({ Self.node($0) }),
                last["object"]?.resourceVersion == version
            {
                return
            }
        }
    }
}
