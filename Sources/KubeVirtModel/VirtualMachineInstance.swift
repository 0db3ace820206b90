package import KubernetesModel

/// A `kubevirt.io/v1` VirtualMachineInstance.
package struct VirtualMachineInstance: TableModel {
    package var apiVersion = "kubevirt.io/v1"
    package var kind = "VirtualMachineInstance"
    package var metadata = ObjectMeta()
    package var spec = VirtualMachineInstanceSpec()
    package var status: VirtualMachineInstanceStatus?
    package var unknownFields: [DocumentMember] = []

    package init() {}

    package static let table: FieldTable<VirtualMachineInstance> = [
        Field("apiVersion", required: \.apiVersion),
        Field("kind", required: \.kind),
        Field("metadata", required: \.metadata),
        Field("spec", required: \.spec),
        Field("status", \.status),
    ]

    package var name: String { metadata.name ?? "" }
    package var namespace: String { metadata.namespace ?? "default" }
    /// `NAMESPACE/NAME`, as kubectl names an object across namespaces.
    package var qualifiedName: String { "\(namespace)/\(name)" }
}

/// What a VirtualMachine, a replica set or a pool makes its VMIs from.
package struct VirtualMachineInstanceTemplate: TableModel {
    package var metadata: ObjectMeta?
    package var spec = VirtualMachineInstanceSpec()
    package var unknownFields: [DocumentMember] = []

    package init() {}

    package static let table: FieldTable<VirtualMachineInstanceTemplate> = [
        Field("metadata", \.metadata), Field("spec", required: \.spec),
    ]
}
