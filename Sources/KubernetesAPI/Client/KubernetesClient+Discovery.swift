package import KubernetesModel

extension KubernetesClient {
    /// Whether the status is written through `…/status`, or on the object itself. Throws a 404 where the server does not
    /// know the resource at all.
    package func hasStatusSubresource(_ resource: APIResource) async throws(APIError) -> Bool {
        let path = resource.group.isEmpty ? "/api/\(resource.version)" : "/apis/\(resource.group)/\(resource.version)"
        guard let answer = try await send("GET", path: path), answer["kind"]?.text == "APIResourceList" else {
            throw .unreadable(what: "the answer to \(path)", reason: "it is no APIResourceList")
        }
        let names = (answer["resources"]?.elements ?? []).compactMap { $0["name"]?.text }
        guard names.contains(resource.plural) else {
            throw .status(
                code: 404, reason: "NotFound",
                message: "\(resource.apiVersion) has no \(resource.plural): install its CustomResourceDefinition",
                retryAfter: nil)
        }
        return names.contains("\(resource.plural)/status")
    }
}
