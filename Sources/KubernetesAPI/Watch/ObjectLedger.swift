import KubernetesModel

/// Which version of each object was seen last, so that what comes twice, or late, is told from news.
///
/// resourceVersions are compared as numbers, which is what servers make them of; where one is no number, all is news.
struct ObjectLedger {
    private struct Key: Hashable {
        var namespace: String?
        var name: String

        init(_ object: DocumentNode) {
            namespace = object.objectNamespace
            name = object.objectName
        }
    }

    private var seen: [Key: UInt64] = [:]
    /// Of what was deleted, so that a late event does not bring it back. Only the newest count.
    private var deleted: [Key: UInt64] = [:]
    private var deletions: [Key] = []
    private static let remembered = 1024

    mutating func replace(_ objects: [DocumentNode]) {
        self = ObjectLedger()
        for object in objects { seen[Key(object)] = Self.number(object.resourceVersion) }
    }

    /// Whether that is newer than what is known of the object.
    mutating func isNews(_ object: DocumentNode) -> Bool {
        let key = Key(object)
        guard let version = Self.number(object.resourceVersion) else { return true }
        if let known = seen[key] ?? deleted[key], version <= known { return false }
        seen[key] = version
        deleted[key] = nil
        return true
    }

    /// Whether that is the end of what is known, and not of a predecessor.
    mutating func isRemoval(_ object: DocumentNode) -> Bool {
        let key = Key(object)
        guard let version = Self.number(object.resourceVersion) else {
            seen[key] = nil
            return true
        }
        if let known = deleted[key], version <= known { return false }
        // A server may put the object's last version here, or that of its deletion.
        if let known = seen[key], version < known { return false }
        seen[key] = nil
        deleted[key] = version
        deletions.append(key)
        if deletions.count > Self.remembered { deleted[deletions.removeFirst()] = nil }
        return true
    }

    static func number(_ version: String?) -> UInt64? { version.flatMap { UInt64($0) } }
}
