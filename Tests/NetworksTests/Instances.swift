import KubeVirtModel
import KubernetesModel
import Testing

/// A VMI with these interfaces and, where given, forwards.
func instance(
    interfaces: String, forwards: String? = nil, networks: String = "[{name: a, pod: {}}, {name: b, pod: {}}]"
) throws -> VirtualMachineInstance {
    var reader = ManifestReader()
    reader.read(
        """
        apiVersion: kubevirt.io/v1
        kind: VirtualMachineInstance
        metadata: {name: web, uid: 5d307ca9-b3ef-428c-8861-06e72d69f223}
        spec: {domain: {memory: {guest: 64Mi}, devices: {interfaces: \(interfaces)}}, networks: \(networks)}
        """, file: "a.yaml")
    var instance = try #require(reader.manifest.instances.first)
    if let forwards { instance.metadata.annotations[PortForwardTests.annotation] = forwards }
    return instance
}
