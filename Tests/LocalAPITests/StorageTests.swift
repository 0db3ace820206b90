import FoundationEssentials
import GRDB
import KubernetesModel
import SystemPackage
import Testing

@testable import LocalAPI

@Suite struct StorageTests {
    private let maps = "/api/v1/namespaces/default/configmaps"

    @Test("a full disk fails the write, loses nothing, and is forgotten when there is space again")
    func full() async throws {
        let api = try await APITester()
        _ = try await api.send("POST", maps, APITester.configMap("a", #"{"x":"1"}"#))
        let queue = api.server.handler.store.database.queue
        let pages = try await queue.writeWithoutTransaction { db in try Int.fetchOne(db, sql: "PRAGMA page_count") ?? 0
        }
        try await queue.writeWithoutTransaction { db in try db.execute(sql: "PRAGMA max_page_count = \(pages)") }
        let big = String(repeating: "x", count: 100_000)
        let refused = try await api.send("POST", maps, APITester.configMap("b", #"{"x":"\#(big)"}"#))
        #expect(refused.code == 507)
        #expect(refused.reason == "InsufficientStorage")
        #expect(try await api.send("GET", "\(maps)/b").code == 404)
        #expect(try await api.send("GET", "\(maps)/a").object[["data", "x"]]?.text == "1")
        try await queue.writeWithoutTransaction { db in try db.execute(sql: "PRAGMA max_page_count = 1000000") }
        #expect(try await api.send("POST", maps, APITester.configMap("b", #"{"x":"\#(big)"}"#)).code == 201)
    }

    @Test("a file of a later format is refused, and left as it is")
    func tooNew() async throws {
        let folder = APITester.makeFolder()
        do { _ = try await APITester(in: folder) }
        let file = folder.appending("objects.db").string
        do {
            let queue = try DatabaseQueue(path: file)
            try await queue.writeWithoutTransaction { db in try db.execute(sql: "PRAGMA user_version = 9") }
            try queue.close()
        }
        await #expect(throws: LocalAPIError.databaseTooNew(file: file, version: 9, newest: 1)) {
            _ = try await APITester(in: folder)
        }
    }

    @Test("a file that is no database is refused with its name")
    func damaged() async throws {
        let folder = APITester.makeFolder()
        try FileManager.default.createDirectory(atPath: folder.string, withIntermediateDirectories: true)
        let text = String(repeating: "this is no database. ", count: 500)
        try text.write(toFile: folder.appending("objects.db").string, atomically: true, encoding: .utf8)
        do {
            _ = try await APITester(in: folder)
            Issue.record("it was opened")
        } catch let error as LocalAPIError {
            #expect("\(error)".contains("objects.db"))
        }
    }

    @Test("the token is made once, and only its owner reads it, the key and the kubeconfig")
    func token() async throws {
        let folder = APITester.makeFolder()
        let first = try await APITester(in: folder).server.writeKubeconfig(server: "https://127.0.0.1:1")
        let text = try String(contentsOfFile: first.string, encoding: .utf8)
        let second = try await APITester(in: folder).server.writeKubeconfig(server: "https://127.0.0.1:1")
        #expect(try String(contentsOfFile: second.string, encoding: .utf8) == text)
        for name in ["token", "kubeconfig", "tls.key"] {
            let attributes = try FileManager.default.attributesOfItem(atPath: folder.appending(name).string)
            #expect((attributes[.posixPermissions] as? Int) == 0o600, "\(name)")
        }
    }

    @Test("everything that was answered is there after a restart")
    func durability() async throws {
        let folder = APITester.makeFolder()
        var versions: [String: String] = [:]
        do {
            let api = try await APITester(in: folder)
            for index in 0..<50 {
                let object = try await api.send("POST", maps, APITester.configMap("m\(index)")).object
                versions[object.objectName] = object.resourceVersion
            }
        }
        let api = try await APITester(in: folder)
        let items = try await api.send("GET", maps).object["items"]?.elements ?? []
        #expect(Dictionary(uniqueKeysWithValues: items.map { ($0.objectName, $0.resourceVersion ?? "") }) == versions)
    }
}
