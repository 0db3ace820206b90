import KubernetesModel
import Synchronization

/// Answers requests: the API itself, without a server around it.
///
/// Holds nothing that changes but what the store and the caches hold.
///
/// Synchronization: the store has its own, the snapshots of paged lists and the documents made once are behind locks.
final class APIHandler: Sendable {
    let catalog: ResourceCatalog
    let store: ObjectStore
    let now: @Sendable () -> Timestamp
    let openAPI: OpenAPIDocuments
    let snapshots = ListSnapshots()
    /// How long a watch may be silent before it says up to where it has seen everything.
    let bookmarkInterval: Duration

    init(
        catalog: ResourceCatalog, store: ObjectStore, bookmarkInterval: Duration = .seconds(55),
        now: @escaping @Sendable () -> Timestamp
    ) {
        self.catalog = catalog
        self.store = store
        self.now = now
        self.bookmarkInterval = bookmarkInterval
        openAPI = OpenAPIDocuments(catalog)
    }

    /// Answers a request; errors become objects of kind Status.
    func answer(_ request: APIRequest) async -> APIResponse {
        do throws(APIStatus) {
            return try await respond(request)
        } catch {
            return APIResponse(error)
        }
    }

    private func respond(_ request: APIRequest) async throws(APIStatus) -> APIResponse {
        if let response = try fixedDocument(request) { return response }
        if let review = try accessReview(request) { return review }
        guard let target = RequestTarget(path: request.path, in: catalog) else { throw .noSuchResource }
        switch (request.method, target.name) {
        case ("GET", nil):
            return request.flag("watch") ? try watch(request, target) : try list(request, target)
        case ("GET", let name?):
            if request.flag("watch") { throw .badRequest("watch a collection with metadata.name=\(name) instead") }
            return try get(request, target, name)
        case ("POST", nil): return try await create(request, target)
        case ("PUT", let name?): return try await replace(request, target, name)
        case ("PATCH", let name?): return try await patch(request, target, name)
        case ("DELETE", nil): return try await deleteCollection(request, target)
        case ("DELETE", let name?) where target.subresource == nil: return try await delete(request, target, name)
        default: throw .methodNotAllowed(request.method)
        }
    }

    /// `kubectl auth can-i`: whoever gets here may do everything.
    private func accessReview(_ request: APIRequest) throws(APIStatus) -> APIResponse? {
        guard request.path == ["apis", "authorization.k8s.io", "v1", "selfsubjectaccessreviews"] else { return nil }
        guard request.method == "POST" else { throw .methodNotAllowed(request.method) }
        var review = try document(request)
        review[["status", "allowed"]] = .bool(true)
        return APIResponse(201, review)
    }

    /// Values of a body: ten times what the largest VMI has. Patches and admission look for each among all others.
    private static let mostValues = 20_000

    /// The object that a request's body holds.
    func document(_ request: APIRequest) throws(APIStatus) -> DocumentNode {
        guard !request.body.isEmpty else { throw .badRequest("the request has no body") }
        if ProtobufReader.isProtobuf(request.mediaType) {
            do throws(ProtobufError) {
                return try ProtobufReader.read(request.body, mostValues: Self.mostValues)
            } catch {
                throw APIStatus(415, "UnsupportedMediaType", "the body cannot be read: \(error)")
            }
        }
        guard let text = String(validating: request.body, as: UTF8.self) else {
            throw .badRequest("the body is not UTF-8")
        }
        let documents: [DocumentNode]
        var reader = DocumentReader()
        reader.maximumNodes = Self.mostValues
        do { documents = try reader.read(text) } catch {
            if case .duplicateKey(let key, _) = error {
                throw .badRequest("strict decoding error: duplicate field \"\(key.cut(to: 200))\"")
            }
            throw .badRequest("the body cannot be read: \(error)")
        }
        guard documents.count == 1, let document = documents.first else {
            throw .badRequest("the body must hold one object, and holds \(documents.count)")
        }
        return document
    }
}
