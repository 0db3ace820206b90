import KubernetesModel

extension APIHandler {
    func get(_ request: APIRequest, _ target: RequestTarget, _ name: String) throws(APIStatus) -> APIResponse {
        let object = try find(target, name)
        guard let form = TableForm(request) else { return APIResponse(200, .bytes(object.json + [0x0A])) }
        return form.response([object], target.definition, version: nil, now: now())
    }

    func find(_ target: RequestTarget, _ name: String) throws(APIStatus) -> StoredObject {
        let key = ObjectName(namespace: target.namespace ?? "", name: name)
        guard let object = store.object(target.resource, key) else { throw .notFound(target.definition, name) }
        return object
    }

    func list(_ request: APIRequest, _ target: RequestTarget) throws(APIStatus) -> APIResponse {
        let selector = try ObjectSelector(request, target)
        let page = try page(request, target, selector)
        if let form = TableForm(request) {
            return form.response(
                page.objects, target.definition, version: page.version, now: now(), next: page.next,
                remaining: page.remaining)
        }
        var json = Array("{\"apiVersion\":\"\(target.definition.resource.apiVersion)\",\"items\":[".utf8)
        json.reserveCapacity(page.objects.reduce(1024) { $0 + $1.json.count + 1 })
        for (index, object) in page.objects.enumerated() {
            if index > 0 { json.append(UInt8(ascii: ",")) }
            json += object.json
        }
        json += Array("],\"kind\":\"\(target.definition.resource.kind)List\",\"metadata\":".utf8)
        DocumentWriter.append(page.metadata, to: &json)
        return APIResponse(200, .bytes(json + Array("}\n".utf8)))
    }

    private func page(_ request: APIRequest, _ target: RequestTarget, _ selector: ObjectSelector) throws(APIStatus)
        -> ListPage
    {
        let limit = request["limit"].flatMap(Int.init) ?? 0
        guard limit >= 0 else { throw .badRequest("limit must be 0 or more") }
        if let token = request["continue"], !token.isEmpty {
            guard let page = snapshots.next(token, limit: limit) else {
                throw .expired(
                    "The provided continue parameter is too old to display a consistent list result: list again without it"
                )
            }
            return page
        }
        let (objects, version) = store.objects(target.resource, namespace: target.namespace)
        if let wanted = request["resourceVersion"].flatMap(Int64.init), wanted > version {
            throw tooLarge(wanted, version)
        }
        let found = objects.filter { selector.matches($0.selectable) }.sorted { $0.name < $1.name }
        return snapshots.first(found, version: version, limit: limit)
    }

    /// A version that this server never gave: the client's is from another database, or from the future.
    func tooLarge(_ wanted: Int64, _ version: Int64) -> APIStatus {
        var status = APIStatus(
            504, "Timeout", "Too large resource version: \(wanted), current: \(version)",
            causes: [APIStatus.Cause("ResourceVersionTooLarge", field: "", "Too large resource version")])
        status.retryAfterSeconds = 1
        return status
    }
}

/// The selectors of a list, a watch or a deletion.
struct ObjectSelector: Sendable {
    private let namespace: String?
    private let labels: LabelSelector
    private let fields: FieldSelector

    init(_ request: APIRequest, _ target: RequestTarget) throws(APIStatus) {
        namespace = target.namespace
        do {
            labels = try LabelSelector(request["labelSelector"] ?? "")
            fields = try FieldSelector(request["fieldSelector"] ?? "")
            try fields.check(target.definition.selectableNames)
        } catch {
            throw .badRequest("\(error)")
        }
    }

    func matches(_ object: Selectable) -> Bool {
        if let namespace, object.namespace != namespace { return false }
        return labels.matches(object.labels) && fields.matches(object.fields)
    }
}
