import KubernetesModel

/// What a deletion demands and wants.
struct DeletionOptions: Sendable {
    enum Propagation: String, Sendable {
        case background = "Background"
        case foreground = "Foreground"
        case orphan = "Orphan"
    }

    var isDryRun = false
    var uid: String?
    var resourceVersion: String?
    var propagation = Propagation.background

    init(_ request: APIRequest, body: DocumentNode?) throws(APIStatus) {
        isDryRun = request["dryRun"] == "All" || body?["dryRun"]?.elements.contains(.string("All")) == true
        uid = body?[["preconditions", "uid"]]?.text
        resourceVersion = body?[["preconditions", "resourceVersion"]]?.text
        if body?["orphanDependents"]?.isTrue == true || request.flag("orphanDependents") { propagation = .orphan }
        guard let text = body?["propagationPolicy"]?.text ?? request["propagationPolicy"] else { return }
        guard let policy = Propagation(rawValue: text) else {
            throw .badRequest("propagationPolicy: write Background, Foreground or Orphan")
        }
        propagation = policy
    }
}

extension APIHandler {
    func delete(_ request: APIRequest, _ target: RequestTarget, _ name: String) async throws(APIStatus) -> APIResponse {
        let options = try DeletionOptions(request, body: request.body.isEmpty ? nil : try document(request))
        let key = ObjectName(namespace: target.namespace ?? "", name: name)
        let (object, isGone) = try await delete(target.definition, key, options)
        guard isGone else { return APIResponse(200, .bytes(object.json + [0x0A])) }
        return APIResponse(200, Self.success(target.definition, object))
    }

    /// The Status of an object that is gone.
    private static func success(_ definition: ResourceDefinition, _ object: StoredObject) -> DocumentNode {
        var details = [DocumentMember("name", .string(object.name.name))]
        if !definition.resource.group.isEmpty {
            details.append(DocumentMember("group", .string(definition.resource.group)))
        }
        details.append(DocumentMember("kind", .string(definition.resource.plural)))
        details.append(DocumentMember("uid", .string(object.uid)))
        return .object([
            DocumentMember("kind", .string("Status")), DocumentMember("apiVersion", .string("v1")),
            DocumentMember("metadata", .object([])), DocumentMember("status", .string("Success")),
            DocumentMember("details", .object(details)),
        ])
    }

    /// Deletes an object, or marks it where a finalizer holds it. True where it is gone.
    func delete(_ definition: ResourceDefinition, _ name: ObjectName, _ options: DeletionOptions)
        async throws(APIStatus) -> (object: StoredObject, isGone: Bool)
    {
        if definition.resource.kind == "Namespace", NamespaceAdmission.permanent.contains(name.name) {
            throw .forbidden(definition, name.name, "this namespace may not be deleted")
        }
        while true {
            guard let current = store.object(definition.key, name) else { throw .notFound(definition, name.name) }
            try check(options, current, definition)
            let document = current.document
            guard let marked = Self.marked(document, definition, options, hasDependents(current, options), now()) else {
                if options.isDryRun { return (current, true) }
                switch await write(document, over: current, definition, isRemoval: true) {
                case .done(let gone): return (gone, true)
                case .outdated: continue
                case .failed(let status): throw status
                }
            }
            if marked == document { return (current, false) }
            if options.isDryRun { return (StoredObject(marked, version: current.version, of: definition), false) }
            switch await write(marked, over: current, definition, isRemoval: false) {
            case .done(let object): return (object, false)
            case .outdated: continue
            case .failed(let status): throw status
            }
        }
    }

    private func write(
        _ document: DocumentNode, over current: StoredObject, _ definition: ResourceDefinition, isRemoval: Bool
    ) async -> ObjectStore.Outcome {
        await store.submit(
            ObjectStore.Write(
                definition: definition, name: current.name, expectation: .version(current.version),
                document: document, isRemoval: isRemoval))
    }

    private func hasDependents(_ object: StoredObject, _ options: DeletionOptions) -> Bool {
        options.propagation != .background && !store.dependents(of: object.uid).isEmpty
    }

    private func check(_ options: DeletionOptions, _ object: StoredObject, _ definition: ResourceDefinition)
        throws(APIStatus)
    {
        if let uid = options.uid, uid != object.uid {
            throw .conflict(
                definition, object.name.name,
                "Precondition failed: UID in precondition: \(uid.cut(to: 60)), UID in object meta: \(object.uid)")
        }
        if let version = options.resourceVersion, version != "\(object.version)" {
            throw .conflict(
                definition, object.name.name,
                "Precondition failed: ResourceVersion in precondition: \(version.cut(to: 40)), ResourceVersion in object meta: \(object.version)"
            )
        }
    }

    /// The object with its deletion begun; nil where nothing holds it.
    private static func marked(
        _ document: DocumentNode, _ definition: ResourceDefinition, _ options: DeletionOptions,
        _ hasDependents: Bool, _ now: Timestamp
    ) -> DocumentNode? {
        var document = document
        let path = ["metadata", "finalizers"]
        var finalizers = document[path]?.elements ?? []
        if hasDependents, !document.isBeingDeleted {
            finalizers.append(.string(options.propagation == .orphan ? "orphan" : "foregroundDeletion"))
            document[path] = .array(finalizers)
        }
        let isNamespace = definition.resource.kind == "Namespace"
        guard !finalizers.isEmpty || isNamespace else { return nil }
        if document.isBeingDeleted { return document }
        document[["metadata", "deletionTimestamp"]] = now.encode()
        document[["metadata", "deletionGracePeriodSeconds"]] = .number(0)
        if let generation = document[["metadata", "generation"]]?.integer {
            document[["metadata", "generation"]] = .number(generation + 1)
        }
        if isNamespace { document[["status", "phase"]] = .string("Terminating") }
        return document.canonical
    }

    func deleteCollection(_ request: APIRequest, _ target: RequestTarget) async throws(APIStatus) -> APIResponse {
        let options = try DeletionOptions(request, body: request.body.isEmpty ? nil : try document(request))
        let selector = try ObjectSelector(request, target)
        let (all, version) = store.objects(target.resource, namespace: target.namespace)
        var deleted: [DocumentNode] = []
        for object in all.filter({ selector.matches($0.selectable) }).sorted(by: { $0.name < $1.name }) {
            do throws(APIStatus) {
                deleted.append(try await delete(target.definition, object.name, options).object.document)
            } catch {
                // Somebody else was faster.
                guard error.code == 404 else { throw error }
            }
        }
        return APIResponse(
            200,
            .object([
                DocumentMember("apiVersion", .string(target.definition.resource.apiVersion)),
                DocumentMember("items", .array(deleted)),
                DocumentMember("kind", .string("\(target.definition.resource.kind)List")),
                DocumentMember(
                    "metadata", .object([DocumentMember("resourceVersion", .string("\(version)"))])),
            ]))
    }
}
