/// Why the local API cannot start.
package enum LocalAPIError: Error, Equatable {
    case folderUnusable(folder: String, reason: String)
    case databaseUnreadable(file: String, reason: String)
    /// A later virt-node wrote the file.
    case databaseTooNew(file: String, version: Int, newest: Int)
    case objectUnreadable(file: String, object: String, reason: String)
    case tokenUnusable(file: String, reason: String)
}

extension LocalAPIError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .folderUnusable(let folder, let reason):
            "the folder \(folder) cannot be used: \(reason): make it writable for root, or name another with --root"
        case .databaseUnreadable(let file, let reason):
            "the database \(file) cannot be read: \(reason): restore it from a backup, or move it away to begin with none; VMs that run keep running"
        case .databaseTooNew(let file, let version, let newest):
            "the database \(file) has format \(version), and this virt-node knows formats up to \(newest): start the virt-node that wrote it"
        case .objectUnreadable(let file, let object, let reason):
            "the object \(object) in the database \(file) cannot be read: \(reason): restore the file from a backup"
        case .tokenUnusable(let file, let reason):
            "the token file \(file) cannot be used: \(reason): remove it, and a new one is made"
        }
    }
}
