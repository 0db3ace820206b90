internal import KubeVirtModel
internal import KubernetesAPI
internal import KubernetesModel

/// Fetches the Secrets and ConfigMaps that a VMI names, and no others: the agent need not list any.
///
/// One that is not there is left out: whoever needs it tells the field and the remedy.
struct ReferencedObjects: Sendable {
    private let client: KubernetesClient

    init(_ client: KubernetesClient) { self.client = client }

    /// A name, and what the VMI names by it.
    struct Reference: Hashable, Sendable {
        var kind: ConfigObject.Kind
        var name: String
    }

    func fetch(for instance: VirtualMachineInstance) async throws(AgentError) -> Manifest {
        var manifest = Manifest()
        for reference in Self.references(of: instance) {
            let resource: APIResource = reference.kind == .secret ? .secrets : .configMaps
            let node: DocumentNode
            do throws(APIError) {
                node = try await client.get(resource, namespace: instance.namespace, name: reference.name)
            } catch {
                if error.isNotFound { continue }
                throw .kubernetes(error)
            }
            var context = DecodingContext()
            let object = ConfigObject(
                node, kind: reference.kind, defaultNamespace: instance.namespace, &context)
            if let object { manifest.configObjects.append(object) }
        }
        return manifest
    }

    static func references(of instance: VirtualMachineInstance) -> Set<Reference> {
        var secrets: [String?] = []
        var configMaps: [String?] = []
        for volume in instance.spec.volumes {
            for source in [volume.cloudInitNoCloud, volume.cloudInitConfigDrive] {
                secrets += [source?.secretRef?.name, source?.networkDataSecretRef?.name]
            }
            secrets += [volume.secret?.secretName, volume.sysprep?.secret?.name, volume.containerDisk?.imagePullSecret]
            configMaps += [volume.configMap?.name, volume.sysprep?.configMap?.name]
        }
        secrets.append(instance.spec.domain.firmware?.kernelBoot?.container?.imagePullSecret)
        for credential in instance.spec.accessCredentials {
            secrets += [
                credential.sshPublicKey?.source.secret?.secretName, credential.userPassword?.source.secret?.secretName,
            ]
        }
        let named = secrets.compactMap { $0 }.map { Reference(kind: .secret, name: $0) }
        return Set(named + configMaps.compactMap { $0 }.map { Reference(kind: .configMap, name: $0) })
    }
}
