package import KubernetesAPI
package import KubernetesModel

/// The requests that the Node object takes.
package protocol NodeWriting: Sendable {
    /// Nil where there is none.
    func node(_ name: String) async throws(APIError) -> DocumentNode?
    func create(_ node: DocumentNode) async throws(APIError)
    func patch(_ name: String, metadata: DocumentNode) async throws(APIError)
    /// Writes the status whole, where the node is ours.
    func patch(_ name: String, status: DocumentNode) async throws(APIError)
    /// Writes conditions beside those of the kubelet.
    func patch(_ name: String, conditions: [DocumentNode]) async throws(APIError)
}

/// The Node objects of an API server.
package struct NodeClient: NodeWriting {
    private let client: KubernetesClient

    package init(_ client: KubernetesClient) { self.client = client }

    package func node(_ name: String) async throws(APIError) -> DocumentNode? {
        do throws(APIError) { return try await client.get(.nodes, name: name) } catch {
            if error.isNotFound { return nil }
            throw error
        }
    }

    package func create(_ node: DocumentNode) async throws(APIError) {
        _ = try await client.create(node, as: .nodes)
    }

    package func patch(_ name: String, metadata: DocumentNode) async throws(APIError) {
        _ = try await client.patch(.nodes, name: name, .merge(metadata))
    }

    package func patch(_ name: String, status: DocumentNode) async throws(APIError) {
        let body = DocumentNode.object([DocumentMember("status", status)])
        _ = try await client.patch(.nodes, name: name, subresource: "status", .merge(body))
    }

    package func patch(_ name: String, conditions: [DocumentNode]) async throws(APIError) {
        let status = DocumentNode.object([DocumentMember("conditions", .array(conditions))])
        let body = DocumentNode.object([DocumentMember("status", status)])
        _ = try await client.patch(.nodes, name: name, subresource: "status", .strategic(body))
    }
}
