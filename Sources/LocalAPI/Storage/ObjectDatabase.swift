import FoundationEssentials
import GRDB
import KubernetesModel

/// The SQLite file: objects, the latest changes, and the version counter.
///
/// Synchronization: GRDB's own queue, on which every statement runs; nothing here blocks the cooperative pool, save for
/// opening, which happens once, before anything is served.
final class ObjectDatabase: Sendable {
    /// The format of the file.
    static let format = 1

    let file: String
    let queue: DatabaseQueue

    init(file: String) throws(LocalAPIError) {
        self.file = file
        var configuration = Configuration()
        configuration.journalMode = .wal
        configuration.busyMode = .timeout(5)
        configuration.label = "virt-node.local-api"
        configuration.prepareDatabase { db in
            // A commit that was answered must survive a power cut.
            try db.execute(sql: "PRAGMA synchronous = FULL")
            try db.execute(sql: "PRAGMA wal_autocheckpoint = 1000")
        }
        do {
            queue = try DatabaseQueue(path: file, configuration: configuration)
            try queue.writeWithoutTransaction { db in try Self.prepare(db, file) }
        } catch let error as LocalAPIError {
            throw error
        } catch {
            throw .databaseUnreadable(file: file, reason: "\(error)")
        }
    }

    private static func prepare(_ db: Database, _ file: String) throws {
        let version = try Int.fetchOne(db, sql: "PRAGMA user_version") ?? 0
        guard version <= format else {
            throw LocalAPIError.databaseTooNew(file: file, version: version, newest: format)
        }
        let verdict = try String.fetchOne(db, sql: "PRAGMA quick_check(1)") ?? "no answer"
        guard verdict == "ok" else { throw LocalAPIError.databaseUnreadable(file: file, reason: verdict) }
        if version == format { return }
        try db.inTransaction(.immediate) {
            try db.execute(
                sql: """
                    CREATE TABLE objects (
                        resource TEXT NOT NULL, namespace TEXT NOT NULL, name TEXT NOT NULL,
                        version INTEGER NOT NULL, object BLOB NOT NULL,
                        PRIMARY KEY (resource, namespace, name));
                    CREATE TABLE changes (
                        version INTEGER PRIMARY KEY, resource TEXT NOT NULL, kind INTEGER NOT NULL,
                        object BLOB NOT NULL, before BLOB);
                    CREATE TABLE counters (name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
                    INSERT INTO counters VALUES ('version', 1), ('floor', 1);
                    PRAGMA user_version = \(format);
                    """)
            return .commit
        }
    }

    /// Everything that the file holds.
    struct Content {
        var objects: [(resource: String, object: StoredObject)] = []
        var changes: [StoredChange] = []
        var version: Int64 = 1
        /// Changes after this version are all there.
        var floor: Int64 = 1
    }

    func load(_ catalog: ResourceCatalog) throws(LocalAPIError) -> Content {
        do {
            return try queue.writeWithoutTransaction { db in try self.read(db, catalog) }
        } catch let error as LocalAPIError {
            throw error
        } catch {
            throw .databaseUnreadable(file: file, reason: "\(error)")
        }
    }

    private func read(_ db: Database, _ catalog: ResourceCatalog) throws -> Content {
        var content = Content()
        content.version = try counter("version", db)
        content.floor = try counter("floor", db)
        let objects = try Row.fetchCursor(db, sql: "SELECT resource, namespace, name, version, object FROM objects")
        while let row = try objects.next() {
            let resource: String = row["resource"]
            // A kind that is served no more stays in the file.
            guard let definition = catalog[resource] else { continue }
            let name = "\(resource) \(row["namespace"] as String)/\(row["name"] as String)"
            let document = try decode(row["object"], name)
            content.objects.append((resource, StoredObject(document, version: row["version"], of: definition)))
        }
        let changes = try Row.fetchCursor(
            db, sql: "SELECT version, resource, kind, object, before FROM changes ORDER BY version")
        while let row = try changes.next() {
            let resource: String = row["resource"]
            guard let definition = catalog[resource], let kind = StoredChange.Kind(rawValue: row["kind"]) else {
                continue
            }
            let version: Int64 = row["version"]
            let document = try decode(row["object"], "change \(version)")
            let before: Data? = row["before"]
            content.changes.append(
                StoredChange(
                    version: version, resource: resource, kind: kind,
                    object: StoredObject(document, version: version, of: definition),
                    before: try before.map { Selectable(try decode($0, "change \(version)")) }))
        }
        return content
    }

    private func counter(_ name: String, _ db: Database) throws -> Int64 {
        try Int64.fetchOne(db, sql: "SELECT value FROM counters WHERE name = ?", arguments: [name]) ?? 1
    }

    private func decode(_ data: Data, _ object: String) throws(LocalAPIError) -> DocumentNode {
        do { return try StoredObject.read(Array(data)) } catch {
            throw .objectUnreadable(file: file, object: object, reason: "\(error)")
        }
    }
}

extension ObjectDatabase {
    /// Writes changes in one transaction, and forgets those up to `floor`.
    func write(_ changes: [StoredChange], floor: Int64?, _ db: Database) throws {
        try db.inTransaction(.immediate) {
            let put = try db.cachedStatement(
                sql:
                    "INSERT OR REPLACE INTO objects (resource, namespace, name, version, object) VALUES (?, ?, ?, ?, ?)"
            )
            let remove = try db.cachedStatement(
                sql: "DELETE FROM objects WHERE resource = ? AND namespace = ? AND name = ?")
            let log = try db.cachedStatement(
                sql: "INSERT INTO changes (version, resource, kind, object, before) VALUES (?, ?, ?, ?, ?)")
            for change in changes {
                let (object, name) = (Data(change.object.json), change.object.name)
                if change.kind == .deleted {
                    try remove.execute(arguments: [change.resource, name.namespace, name.name])
                } else {
                    try put.execute(
                        arguments: [change.resource, name.namespace, name.name, change.version, object])
                }
                let before = change.before.map { Data(DocumentWriter.jsonBytes($0.document)) }
                try log.execute(
                    arguments: [change.version, change.resource, change.kind.rawValue, object, before])
            }
            if let version = changes.last?.version {
                let count = try db.cachedStatement(sql: "UPDATE counters SET value = ? WHERE name = ?")
                try count.execute(arguments: [version, "version"])
                if let floor {
                    try count.execute(arguments: [floor, "floor"])
                    try db.cachedStatement(sql: "DELETE FROM changes WHERE version <= ?").execute(arguments: [floor])
                }
            }
            return .commit
        }
    }

    /// What to tell a client whose write failed.
    func status(for error: any Error) -> APIStatus {
        guard let error = error as? DatabaseError else {
            return APIStatus(500, "InternalError", "the database \(file) failed: \(error)")
        }
        var status: APIStatus
        switch error.resultCode {
        case .SQLITE_FULL, .SQLITE_IOERR:
            status = APIStatus(
                507, "InsufficientStorage",
                "the database \(file) cannot grow (\(error.message ?? "write failed")): free space on its disk; nothing was changed, and nothing is lost"
            )
            status.retryAfterSeconds = 5
        case .SQLITE_CORRUPT, .SQLITE_NOTADB:
            status = APIStatus(
                500, "InternalError",
                "the database \(file) is damaged (\(error.message ?? "")): restore it from a backup; VMs keep running")
        default:
            status = APIStatus(500, "InternalError", "the database \(file) failed: \(error.message ?? "\(error)")")
        }
        return status
    }
}

extension Selectable {
    fileprivate var document: DocumentNode {
        .object([
            DocumentMember("namespace", .string(namespace)), DocumentMember("labels", labels.encode()),
            DocumentMember("fields", fields.encode()),
        ])
    }

    fileprivate init(_ document: DocumentNode) {
        namespace = document["namespace"]?.text ?? ""
        labels = document["labels"]?.stringMap ?? [:]
        fields = document["fields"]?.stringMap ?? [:]
    }
}
