internal import DomainPlan
internal import FoundationEssentials
internal import KubeVirtModel
internal import KubernetesAPI
internal import KubernetesModel
internal import Logging
internal import SystemPackage

/// A folder of VMIs as YAML files, like the kubelet's static pods: what is in it is in the API, assigned to this node.
///
/// Each object carries a label with its file's hash. A file that goes takes its objects along; one that cannot be read
/// keeps them as they are. Secrets and ConfigMaps are taken where the node serves its own API: in a cluster it has no right
/// to list them.
struct ManifestFolder: Sendable {
    let folder: FilePath
    let client: KubernetesClient
    let nodeName: String
    let isLocal: Bool
    let logger: Logger

    static let label = "virt-node.io/manifest"
    private static let manager = "virt-node-manifests"

    private static let localResources = [APIResource.instances, .secrets, .configMaps]
    private var resources: [APIResource] { isLocal ? Self.localResources : [.instances] }

    /// What one file asks for.
    struct Source: Sendable {
        var file: String
        var objects: [DocumentNode] = []
        var problems: [String] = []

        /// The label's value: labels take no paths.
        var mark: String { String(StableHash.of(file), radix: 16) }
    }

    /// Applies the folder at each change, until cancelled. One that cannot be had is tried again, and the daemon serves on.
    func run() async {
        while !Task.isCancelled {
            do throws(AgentError) {
                try Files.makeFolder(folder, mode: 0o755)
                await follow(try FolderWatch.changes(of: folder))
            } catch {
                logger.error("the manifests are not read: \(ErrorText.line(error))")
            }
            guard (try? await Task.sleep(for: .seconds(60))) != nil else { return }
        }
    }

    private func follow(_ changes: AsyncStream<Void>) async {
        for await _ in changes {
            var attempt = 0
            while !Task.isCancelled {
                do throws(APIError) {
                    try await apply(read())
                    break
                } catch {
                    // The API is away; what the folder says waits for it.
                    attempt += 1
                    logger.warning("the manifests wait for the API: \(error)")
                    let seconds = OwnerBackoff.seconds(attempt: attempt, longest: 30)
                    guard (try? await Task.sleep(for: .seconds(seconds))) != nil else { return }
                }
            }
        }
    }

    func read() -> [Source] {
        Files.names(in: folder).filter { name in
            !name.hasPrefix(".") && [".yaml", ".yml", ".json"].contains { name.hasSuffix($0) }
        }.map { name in
            guard let data = Files.read(folder.appending(name)) else {
                return Source(file: name, problems: ["it cannot be read"])
            }
            return Self.source(name, String(decoding: data, as: UTF8.self), nodeName: nodeName, isLocal: isLocal)
        }
    }

    /// What a file's text asks for; nothing of it where any of it is wrong.
    static func source(_ file: String, _ text: String, nodeName: String, isLocal: Bool = true) -> Source {
        var source = Source(file: file)
        var reader = ManifestReader()
        reader.read(text, file: file)
        source.problems = reader.issues.filter { $0.issue.severity == .error }.map { issue in
            [issue.object, "\(issue.issue)"].compactMap { $0 }.joined(separator: ": ")
        }
        guard source.problems.isEmpty, let documents = try? DocumentReader().read(text) else { return source }
        for document in documents.flatMap({
            $0["kind"]?.text?.hasSuffix("List") ?? false ? $0["items"]?.elements ?? [] : [$0]
        }) {
            guard let resource = resource(of: document), isLocal || resource == .instances else {
                let allowed = isLocal ? "VirtualMachineInstances, Secrets and ConfigMaps" : "VirtualMachineInstances"
                source.problems.append(
                    "kind \(document["kind"]?.text ?? "none"): only \(allowed) are taken from this folder"
                        + (isLocal ? "" : "; have the cluster's API make the others"))
                continue
            }
            var object = document
            object[["metadata", "namespace"]] = document["metadata"]?["namespace"] ?? .string("default")
            object[["metadata", "labels", label]] = .string(source.mark)
            if document["kind"]?.text == APIResource.instances.kind {
                object[["metadata", "labels", InstanceLabel.nodeName]] = .string(nodeName)
            }
            object[["status"]] = nil
            source.objects.append(object)
        }
        return source
    }

    private static func resource(of object: DocumentNode) -> APIResource? {
        localResources.first {
            $0.kind == object["kind"]?.text && $0.apiVersion == object["apiVersion"]?.text
        }
    }

    /// Brings the API to what the files say. Throws where the API cannot be reached; what it refuses is told.
    private func apply(_ sources: [Source]) async throws(APIError) {
        var wanted: Set<String> = []
        for source in sources {
            for problem in source.problems { logger.error("\(folder.appending(source.file)): \(problem)") }
            guard source.problems.isEmpty else {
                wanted.insert(source.mark)
                continue
            }
            for object in source.objects {
                guard let resource = Self.resource(of: object) else { continue }
                wanted.insert(Self.key(resource, object))
                do throws(APIError) { try await apply(object, resource) } catch {
                    if error.isRetryable { throw error }
                    logger.error("\(folder.appending(source.file)): \(Self.key(resource, object)): \(error)")
                }
            }
        }
        for resource in resources { try await prune(resource, wanted) }
    }

    private func apply(_ object: DocumentNode, _ resource: APIResource) async throws(APIError) {
        let patch = Patch.apply(object, fieldManager: Self.manager, force: true)
        let namespace = object.objectNamespace ?? "default"
        do throws(APIError) {
            _ = try await client.patch(resource, namespace: namespace, name: object.objectName, patch)
        } catch {
            guard error.isNotFound, isLocal else { throw error }
            let space = DocumentNode.object([
                DocumentMember("apiVersion", .string("v1")), DocumentMember("kind", .string("Namespace")),
                DocumentMember("metadata", .object([DocumentMember("name", .string(namespace))])),
            ])
            do throws(APIError) { _ = try await client.create(space, as: .namespaces) } catch {
                guard error.isAlreadyExists else { throw error }
            }
            _ = try await client.patch(resource, namespace: namespace, name: object.objectName, patch)
        }
    }

    /// Deletes what a file brought that does not say so any more.
    private func prune(_ resource: APIResource, _ wanted: Set<String>) async throws(APIError) {
        let own = resource == .instances ? ",\(InstanceLabel.nodeName)=\(nodeName)" : ""
        let found = try await client.list(resource, labelSelector: Self.label + own)
        for object in found.items {
            let mark = object["metadata"]?["labels"]?[Self.label]?.text ?? ""
            guard !wanted.contains(mark), !wanted.contains(Self.key(resource, object)),
                !object.isBeingDeleted
            else { continue }
            logger.info("\(Self.key(resource, object)) is not in the manifests any more: it is deleted")
            do throws(APIError) {
                try await client.delete(
                    resource, namespace: object.objectNamespace, name: object.objectName, uid: object.objectUID)
            } catch {
                guard error.isNotFound || error.isConflict else { throw error }
            }
        }
    }

    private static func key(_ resource: APIResource, _ object: DocumentNode) -> String {
        "\(resource.kind) \(object.objectNamespace ?? "default")/\(object.objectName)"
    }
}
