import KubernetesModel

extension APIHandler {
    /// How often a write that nobody guards is decided anew when the object changes under it.
    private static let mostAttempts = 10

    func create(_ request: APIRequest, _ target: RequestTarget) async throws(APIStatus) -> APIResponse {
        let options = try WriteOptions(request)
        return try await create(try document(request), request, target, options)
    }

    private func create(
        _ body: DocumentNode, _ request: APIRequest, _ target: RequestTarget, _ options: WriteOptions,
        managed: ManagedFields? = nil
    ) async throws(APIStatus) -> APIResponse {
        var target = target
        if target.definition.resource.isNamespaced, target.namespace == nil {
            target.namespace = body.objectNamespace ?? "default"
        }
        var draft = ObjectDraft(request, target, options, now: now())
        let object = try draft.complete(body, old: nil, managed: managed)
        try checkNamespace(target, object.objectName)
        let name = ObjectName(namespace: target.namespace ?? "", name: object.objectName)
        if store.object(target.resource, name) != nil { throw .alreadyExists(target.definition, name.name) }
        if options.isDryRun { return respond(201, object, request, draft.warnings, target) }
        let write = ObjectStore.Write(
            definition: target.definition, name: name, expectation: .absent, document: object)
        switch await store.submit(write) {
        case .done(let stored): return respond(201, stored, request, draft.warnings, target)
        case .outdated: throw .alreadyExists(target.definition, name.name)
        case .failed(let status): throw status
        }
    }

    /// A namespace must be there, and stay.
    private func checkNamespace(_ target: RequestTarget, _ name: String) throws(APIStatus) {
        guard let namespace = target.namespace else { return }
        guard let found = store.object("namespaces", ObjectName(namespace: "", name: namespace)) else {
            throw APIStatus(
                404, "NotFound", "namespaces \"\(namespace.cut(to: 100))\" not found",
                about: APIStatus.Subject(group: "", kind: "namespaces", name: namespace))
        }
        guard found.isBeingDeleted else { return }
        var status = APIStatus.forbidden(
            target.definition, name,
            "unable to create new content in namespace \(namespace) because it is being terminated")
        status.causes = [
            APIStatus.Cause(
                "NamespaceTerminating", field: "metadata.namespace", "namespace \(namespace) is being terminated")
        ]
        throw status
    }

    func replace(_ request: APIRequest, _ target: RequestTarget, _ name: String) async throws(APIStatus)
        -> APIResponse
    {
        let options = try WriteOptions(request)
        let body = try document(request)
        let version = body.resourceVersion ?? ""
        if version.isEmpty, !target.definition.isBuiltin {
            _ = try find(target, name)
            throw .invalid(
                target.definition, name,
                [
                    APIStatus.Cause(
                        field: "metadata.resourceVersion", "Invalid value: 0x0: must be specified for an update")
                ])
        }
        return try await update(request, target, name, options) { old throws(APIStatus) in
            guard version.isEmpty || version == old.resourceVersion else { throw .stale(target.definition, name) }
            return (body, nil)
        }
    }

    /// Decides a change of a stored object, and writes it; decides anew when the object changed meanwhile.
    private func update(
        _ request: APIRequest, _ target: RequestTarget, _ name: String, _ options: WriteOptions,
        _ change: (DocumentNode) throws(APIStatus) -> (DocumentNode, ManagedFields?)
    ) async throws(APIStatus) -> APIResponse {
        for _ in 0..<Self.mostAttempts {
            let current = try find(target, name)
            let old = current.document
            let (wanted, managed) = try change(old)
            var draft = ObjectDraft(request, target, options, now: now())
            let object = try draft.complete(wanted, old: old, managed: managed)
            if object == old { return respond(200, current, request, draft.warnings, target) }
            if options.isDryRun { return respond(200, object, request, draft.warnings, target) }
            // The last finalizer of an object that is being deleted takes it along.
            let isLast = object.isBeingDeleted && (object[["metadata", "finalizers"]]?.elements ?? []).isEmpty
            let write = ObjectStore.Write(
                definition: target.definition, name: current.name, expectation: .version(current.version),
                document: object, isRemoval: isLast && target.definition.resource.kind != "Namespace")
            switch await store.submit(write) {
            case .done(let stored): return respond(200, stored, request, draft.warnings, target)
            case .outdated: continue
            case .failed(let status): throw status
            }
        }
        throw .stale(target.definition, name)
    }

    func patch(_ request: APIRequest, _ target: RequestTarget, _ name: String) async throws(APIStatus) -> APIResponse {
        var options = try WriteOptions(request)
        let kind = try PatchKind(request, target.definition)
        let patch = try document(request)
        if case .apply = kind {
            options.operation = .apply
            return try await apply(patch, request, target, name, options)
        }
        let attempt = { (old: DocumentNode) throws(PatchError) in try kind.apply(patch, to: old) }
        return try await update(request, target, name, options) { old throws(APIStatus) in
            let wanted: DocumentNode
            do throws(PatchError) { wanted = try attempt(old) } catch {
                switch error {
                case .noSuchPath, .testFailed:
                    throw APIStatus(
                        422, "Invalid", "the server rejected our request due to an error in our request: \(error)")
                case .malformed: throw .badRequest("\(error)")
                case .tooLarge: throw APIStatus(413, "RequestEntityTooLarge", "\(error)")
                }
            }
            // A patch that names a version is guarded by it.
            if let version = wanted.resourceVersion, !version.isEmpty, version != old.resourceVersion {
                throw .stale(target.definition, name)
            }
            return (wanted, nil)
        }
    }

    private func apply(
        _ config: DocumentNode, _ request: APIRequest, _ target: RequestTarget, _ name: String,
        _ options: WriteOptions
    ) async throws(APIStatus) -> APIResponse {
        guard request["fieldManager"]?.isEmpty == false else {
            throw .badRequest(
                "PatchOptions.meta.k8s.io \"\" is invalid: fieldManager: Required value: is required for apply patch")
        }
        if config[["metadata", "managedFields"]] != nil {
            throw .badRequest("metadata.managedFields must be nil")
        }
        let apply = ServerSideApply(schema: target.definition.schema)
        let writer = ManagedFields.Writer(
            options.manager, .apply, apiVersion: target.definition.resource.apiVersion,
            subresource: target.subresource)
        let time = now().text
        let isForced = request.flag("force")
        let key = ObjectName(namespace: target.namespace ?? "", name: name)
        if store.object(target.resource, key) == nil, target.subresource == nil {
            var new = config
            new[["metadata", "name"]] = .string(name)
            var managed = ManagedFields()
            managed.set(ServerSideApply.fields(of: config, target.definition.schema), of: writer, at: time)
            do throws(APIStatus) {
                return try await create(new, request, target, options, managed: managed)
            } catch {
                guard error.reason == "AlreadyExists" else { throw error }
            }
        }
        return try await update(request, target, name, options) { old throws(APIStatus) in
            if let version = config.resourceVersion, !version.isEmpty, version != old.resourceVersion {
                throw .stale(target.definition, name)
            }
            var live = old
            live[["metadata", "managedFields"]] = nil
            let before = ManagedFields(old[["metadata", "managedFields"]]) ?? ManagedFields()
            func attempt(force: Bool) throws(ApplyConflict) -> (DocumentNode, ManagedFields) {
                let (object, managed) = try apply.apply(
                    config, to: live, managed: before, by: writer, force: force, at: time)
                return (ClientSideApply.refreshed(object, live, config, writer), managed)
            }
            do throws(ApplyConflict) {
                do throws(ApplyConflict) { return try attempt(force: isForced) } catch {
                    guard ClientSideApply.covers(error, live, writer, target.definition.schema) else { throw error }
                    return try attempt(force: true)
                }
            } catch {
                throw .applyConflict(target.definition, name, error)
            }
        }
    }

    private func respond(
        _ code: Int, _ object: DocumentNode, _ request: APIRequest, _ warnings: [String], _ target: RequestTarget
    ) -> APIResponse {
        let version = object.resourceVersion.flatMap(Int64.init) ?? 0
        return respond(
            code, StoredObject(object, version: version, of: target.definition), request, warnings, target)
    }

    private func respond(
        _ code: Int, _ object: StoredObject, _ request: APIRequest, _ warnings: [String], _ target: RequestTarget
    ) -> APIResponse {
        guard let form = TableForm(request) else {
            return APIResponse(code, .bytes(object.json + [0x0A]), warnings: warnings)
        }
        var response = form.response([object], target.definition, version: nil, now: now())
        response.code = code
        response.warnings = warnings
        return response
    }
}

extension APIStatus {
    fileprivate static func applyConflict(_ definition: ResourceDefinition, _ name: String, _ conflict: ApplyConflict)
        -> APIStatus
    {
        let causes = conflict.fields.map { field in
            let writer = field.owner
            var text = "conflict with \"\(writer.manager)\""
            if let subresource = writer.subresource { text += " with subresource \"\(subresource)\"" }
            if writer.operation == .update { text += " using \(writer.apiVersion)" }
            return Cause("FieldManagerConflict", field: field.path, text)
        }
        let list = causes.map { "\($0.message): \($0.field)" }.joined(separator: ", ")
        let count = causes.count == 1 ? "1 conflict" : "\(causes.count) conflicts"
        return APIStatus(
            409, "Conflict", "Apply failed with \(count): \(list)",
            about: Subject(group: definition.resource.group, kind: definition.resource.plural, name: name),
            causes: causes)
    }
}
