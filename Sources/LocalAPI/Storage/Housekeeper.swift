import KubernetesModel
import Logging

/// Does what follows from deletions: empties namespaces that go, and lets dependents go with their owners. Forgets
/// events when they are an hour old.
///
/// Owns nothing but its place in the log of changes; after a restart it looks at everything once.
///
/// Synchronization: one task.
struct Housekeeper: Sendable {
    let handler: APIHandler
    let logger: Logger

    /// How long events are kept, as kube-apiserver keeps them.
    private static let eventLifetimeSeconds: Int64 = 3600
    private static let sweepInterval = Duration.seconds(60)

    private var store: ObjectStore { handler.store }

    /// Works until it is cancelled or the store is closed.
    func run() async {
        let (id, wakeUps, wake) = store.addWatch(nil)
        defer { store.removeWatch(id) }
        let clock = Task {
            while !Task.isCancelled {
                try? await Task.sleep(for: Self.sweepInterval)
                wake.yield()
            }
        }
        defer { clock.cancel() }
        var place = store.version
        await sweep()
        var lastSweep = ContinuousClock.now
        for await _ in wakeUps {
            switch store.changes(after: place, of: nil, limit: .max) {
            case .forgotten:
                place = store.version
                await sweep()
            case .some(let changes, let version):
                place = version
                if changes.contains(where: { $0.kind == .deleted || $0.object.isBeingDeleted }) { await collect() }
            }
            if ContinuousClock.now - lastSweep >= Self.sweepInterval {
                lastSweep = .now
                await sweep()
            }
        }
    }

    private func sweep() async {
        await collect()
        let now = handler.now().seconds
        guard let definition = handler.catalog["events"] else { return }
        for event in store.objects(definition.key).objects {
            let document = event.document
            let times = [
                document[["series", "lastObservedTime"]], document["lastTimestamp"], document["eventTime"],
                document[["metadata", "creationTimestamp"]],
            ]
            let last = times.compactMap { $0?.text.flatMap(Timestamp.parse)?.seconds }.max() ?? now
            if now - last > Self.eventLifetimeSeconds { await remove(event, of: definition) }
        }
    }

    private func remove(_ object: StoredObject, of definition: ResourceDefinition) async {
        let write = ObjectStore.Write(
            definition: definition, name: object.name, expectation: .version(object.version),
            document: object.document, isRemoval: true)
        if case .failed(let status) = await store.submit(write) {
            logger.warning(
                "an object cannot be removed", metadata: ["object": "\(object.name)", "error": "\(status.message)"])
        }
    }

    /// Removes what nothing holds any more.
    private func collect() async {
        await collectNamespaces()
        await collectOwned()
    }

    private func collectNamespaces() async {
        guard let definition = handler.catalog["namespaces"] else { return }
        for namespace in store.objects(definition.key).objects where namespace.isBeingDeleted {
            let content = store.content(ofNamespace: namespace.name.name)
            if content.isEmpty {
                await finish(namespace, of: definition)
            } else {
                for (resource, object) in content where !object.isBeingDeleted { await delete(object, resource) }
                // What has no finalizer is gone by now.
                if store.content(ofNamespace: namespace.name.name).isEmpty { await finish(namespace, of: definition) }
            }
        }
    }

    private func finish(_ namespace: StoredObject, of definition: ResourceDefinition) async {
        var document = namespace.document
        document[["spec", "finalizers"]] = nil
        guard (document[["metadata", "finalizers"]]?.elements ?? []).isEmpty else { return }
        await remove(namespace, of: definition)
    }

    private func delete(_ object: StoredObject, _ resource: String) async {
        guard let definition = handler.catalog[resource] else { return }
        do throws(APIStatus) {
            _ = try await handler.delete(definition, object.name, .cascading(uid: object.uid))
        } catch {
            guard error.code != 404 else { return }
            logger.warning(
                "an object cannot be deleted", metadata: ["object": "\(object.name)", "error": "\(error.message)"])
        }
    }

    /// Objects whose owners are all gone, and owners that wait for them.
    private func collectOwned() async {
        for definition in handler.catalog.definitions {
            for object in store.objects(definition.key).objects {
                if !object.owners.isEmpty, !object.isBeingDeleted, hasLostOwners(object) {
                    await delete(object, definition.key)
                }
                if object.isBeingDeleted { await release(object, of: definition) }
            }
        }
    }

    /// Whether no owner is left; owners of kinds that are not served here cannot be looked for.
    private func hasLostOwners(_ object: StoredObject) -> Bool {
        if object.owners.contains(where: store.hasObject) { return false }
        let owners = object.document[["metadata", "ownerReferences"]]?.elements ?? []
        return owners.allSatisfy { owner in
            handler.catalog.definitions.contains {
                $0.resource.kind == owner["kind"]?.text && $0.resource.apiVersion == owner["apiVersion"]?.text
            }
        }
    }

    /// Takes the finalizers away that say what becomes of dependents, once that is done.
    private func release(_ object: StoredObject, of definition: ResourceDefinition) async {
        let path = ["metadata", "finalizers"]
        var document = object.document
        let finalizers = document[path]?.elements.compactMap(\.text) ?? []
        let dependents = store.dependents(of: object.uid)
        if finalizers.contains("orphan") {
            for (resource, dependent) in dependents { await orphan(dependent, resource, from: object.uid) }
        } else if finalizers.contains("foregroundDeletion") {
            for (resource, dependent) in dependents where !dependent.isBeingDeleted {
                await delete(dependent, resource)
            }
        } else {
            return
        }
        guard store.dependents(of: object.uid).isEmpty else { return }
        let rest = finalizers.filter { $0 != "orphan" && $0 != "foregroundDeletion" }
        document[path] = rest.isEmpty ? nil : .array(rest.map { .string($0) })
        let write = ObjectStore.Write(
            definition: definition, name: object.name, expectation: .version(object.version), document: document,
            isRemoval: rest.isEmpty)
        _ = await store.submit(write)
    }

    private func orphan(_ object: StoredObject, _ resource: String, from uid: String) async {
        guard let definition = handler.catalog[resource] else { return }
        let path = ["metadata", "ownerReferences"]
        var document = object.document
        let rest = (document[path]?.elements ?? []).filter { $0["uid"]?.text != uid }
        document[path] = rest.isEmpty ? nil : .array(rest)
        let write = ObjectStore.Write(
            definition: definition, name: object.name, expectation: .version(object.version), document: document)
        _ = await store.submit(write)
    }
}

extension DeletionOptions {
    /// A deletion that follows from another.
    static func cascading(uid: String) -> DeletionOptions {
        var options = DeletionOptions()
        options.uid = uid
        return options
    }

    private init() {}
}
