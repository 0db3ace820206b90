package import KubernetesModel
import NIOHTTP1

extension KubernetesClient {
    /// All objects, as they were at one moment; in pages where there are many.
    package func list(
        _ resource: APIResource, namespace: String? = nil, labelSelector: String? = nil, fieldSelector: String? = nil
    ) async throws(APIError) -> ObjectList {
        var call = HTTPCall(method: .GET, path: try path(resource, namespace, nil, nil), limit: .seconds(60))
        call.query = Self.selectors(labelSelector, fieldSelector)
        do throws(APIError) { return try await pages(call, resource) } catch {
            // The pages' moment is forgotten before the last was read: once more, and all in one.
            guard error.isGone else { throw error }
            let page = try ListPage(try await perform(call), of: resource)
            guard page.next == nil else {
                throw .unreadable(
                    what: "the list of \(resource.plural)", reason: "it comes in pages that were not asked for")
            }
            return ObjectList(resourceVersion: page.resourceVersion, items: page.items)
        }
    }

    private func pages(_ call: HTTPCall, _ resource: APIResource) async throws(APIError) -> ObjectList {
        var items: [DocumentNode] = []
        var next: String?
        for _ in 0..<Self.mostPages {
            var call = call
            call.query.append(("limit", "\(Self.pageLimit)"))
            if let next { call.query.append(("continue", next)) }
            let page = try ListPage(try await perform(call), of: resource)
            items += page.items
            guard let following = page.next else {
                // All pages are of the first one's moment, and say so.
                return ObjectList(resourceVersion: page.resourceVersion, items: items)
            }
            guard following != next else { break }
            next = following
        }
        throw .unreadable(what: "the list of \(resource.plural)", reason: "its pages do not end")
    }

    static func selectors(_ label: String?, _ field: String?) -> [(String, String)] {
        var query: [(String, String)] = []
        if let label, !label.isEmpty { query.append(("labelSelector", label)) }
        if let field, !field.isEmpty { query.append(("fieldSelector", field)) }
        return query
    }
}
