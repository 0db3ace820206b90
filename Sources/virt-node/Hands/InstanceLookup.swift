import KubernetesAPI
import KubernetesModel

extension NodeConnection {
    /// Everything about one VMI that can be had from here; not found where neither API nor daemon knows it.
    func describe(_ namespace: String, _ name: String) async throws -> InstanceDescription {
        let object = try await instance(namespace, name)
        let report = try await report(namespace, name)
        guard object != nil || report != nil else { throw await unknown(namespace, name) }
        return InstanceDescription(
            namespace: namespace, name: name, object: object, report: report,
            events: await events(namespace, name, uid: object?.objectUID))
    }

    func unknown(_ namespace: String, _ name: String) async -> CommandFailure {
        // A daemon that cannot be asked anything has said so before.
        let servesObjects = (try? await servesObjects()) ?? true
        return .unknownInstance("\(namespace)/\(name)", onThisNodeOnly: isSocket && !servesObjects)
    }

    /// Its events, without those of an earlier VMI of that name; nil where they cannot be had.
    private func events(_ namespace: String, _ name: String, uid: String?) async -> [DocumentNode]? {
        let selector = "involvedObject.name=\(name)" + (uid.map { ",involvedObject.uid=\($0)" } ?? "")
        do throws(APIError) {
            return try await client.list(.events, namespace: namespace, fieldSelector: selector).items
        } catch {
            return nil
        }
    }
}
