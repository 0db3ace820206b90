import KubernetesModel

/// Reads one line of a watch.
enum WatchLine {
    static func read(_ text: String, maximumBytes: Int) throws(APIError) -> WatchEvent {
        var reader = DocumentReader()
        reader.maximumBytes = maximumBytes
        let node: DocumentNode?
        do throws(DocumentError) { node = try reader.read(text).first } catch { throw problem("\(error)") }
        guard let type = node?["type"]?.text else { throw problem("it has no type") }
        guard let object = node?["object"] else { throw problem("it has no object") }
        switch type {
        case "ADDED": return .added(try named(object))
        case "MODIFIED": return .modified(try named(object))
        case "DELETED": return .deleted(try named(object))
        case "BOOKMARK":
            guard let version = object.resourceVersion else { throw problem("a bookmark has no resourceVersion") }
            return .bookmark(resourceVersion: version)
        case "ERROR":
            var code = 500
            if case .number(let text) = object["code"]?.value, let number = Int(text) { code = number }
            return .error(code: code, message: (object["message"]?.text ?? "").cut(to: 2000))
        default: throw problem("its type \"\(type.cut(to: 30))\" is unknown")
        }
    }

    private static func named(_ object: DocumentNode) throws(APIError) -> DocumentNode {
        guard !object.objectName.isEmpty else { throw problem("its object has no name") }
        return object
    }

    private static func problem(_ reason: String) -> APIError {
        .unreadable(what: "an event of a watch", reason: reason)
    }
}
