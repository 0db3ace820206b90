/// One line of a watch.
package enum WatchEvent: Sendable, Equatable {
    case added(DocumentNode)
    case modified(DocumentNode)
    case deleted(DocumentNode)
    /// Nothing changed up to this resourceVersion.
    case bookmark(resourceVersion: String)
    /// The server ends the watch with a `Status`; code 410 asks for a new list.
    case error(code: Int, message: String)

    package var object: DocumentNode? {
        switch self {
        case .added(let object), .modified(let object), .deleted(let object): object
        case .bookmark, .error: nil
        }
    }
}
