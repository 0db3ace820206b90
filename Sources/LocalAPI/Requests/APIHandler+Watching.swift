import KubernetesModel

extension APIHandler {
    /// A watch: the changes after a version, or all objects and then their changes, one line of JSON each.
    func watch(_ request: APIRequest, _ target: RequestTarget) throws(APIStatus) -> APIResponse {
        let selector = try ObjectSelector(request, target)
        var start: Int64?
        if let text = request["resourceVersion"], !text.isEmpty, text != "0" {
            guard let version = Int64(text) else {
                throw .badRequest("resourceVersion: \"\(text.cut(to: 40))\" is not a whole number")
            }
            start = version
        }
        if let start, start > store.version { throw tooLarge(start, store.version) }
        let asksForAll = request.flag("sendInitialEvents")
        if asksForAll, request["resourceVersionMatch"] != "NotOlderThan" {
            throw APIStatus(
                422, "Invalid", "sendInitialEvents needs resourceVersionMatch=NotOlderThan beside it",
                causes: [
                    APIStatus.Cause(
                        "FieldValueForbidden", field: "resourceVersionMatch", "must be NotOlderThan")
                ])
        }
        if asksForAll { start = nil }
        let watch = ObjectWatch(
            handler: self, definition: target.definition, namespace: target.namespace, selector: selector,
            form: TableForm(request), start: start, endsInitialWithBookmark: asksForAll,
            wantsBookmarks: request.flag("allowWatchBookmarks"),
            timeout: request["timeoutSeconds"].flatMap(Int64.init).map { .seconds(max(1, min($0, 86_400))) })
        return APIResponse(200, .stream { WatchFeed(watch) })
    }
}

/// What a client wants to watch.
struct ObjectWatch: Sendable {
    let handler: APIHandler
    let definition: ResourceDefinition
    let namespace: String?
    let selector: ObjectSelector
    let form: TableForm?
    /// Nil to begin with all objects.
    let start: Int64?
    let endsInitialWithBookmark: Bool
    let wantsBookmarks: Bool
    let timeout: Duration?
}

/// The lines of a watch. Objects go as they are stored: nothing is encoded anew for a second watch.
struct WatchLines {
    let definition: ResourceDefinition
    let form: TableForm?
    private var hasSentColumns = false

    init(definition: ResourceDefinition, form: TableForm?) {
        self.definition = definition
        self.form = form
    }

    mutating func line(_ type: String, _ object: StoredObject, now: Timestamp) -> [UInt8] {
        guard let form else { return Self.line(type, object.json) }
        let table = form.table(of: object, definition, isFirst: !hasSentColumns, now: now)
        hasSentColumns = true
        return Self.line(type, DocumentWriter.jsonBytes(table))
    }

    private static func line(_ type: String, _ json: [UInt8]) -> [UInt8] {
        var line = Array("{\"type\":\"\(type)\",\"object\":".utf8)
        line.reserveCapacity(line.count + json.count + 2)
        line += json
        line += [UInt8(ascii: "}"), 0x0A]
        return line
    }

    func bookmark(_ version: Int64, endsInitial: Bool = false) -> [UInt8] {
        var metadata = [DocumentMember("resourceVersion", .string("\(version)"))]
        if endsInitial {
            let annotation = DocumentMember("k8s.io/initial-events-end", .string("true"))
            metadata.append(DocumentMember("annotations", .object([annotation])))
        }
        let object = DocumentNode.object([
            DocumentMember("kind", .string(form == nil ? definition.resource.kind : "Table")),
            DocumentMember("apiVersion", .string(form == nil ? definition.resource.apiVersion : "meta.k8s.io/v1")),
            DocumentMember("metadata", .object(metadata)),
        ])
        return Self.line("BOOKMARK", DocumentWriter.jsonBytes(object))
    }

    func error(_ status: APIStatus) -> [UInt8] {
        Self.line("ERROR", DocumentWriter.jsonBytes(status.document))
    }
}
