import KubeVirtModel
import KubernetesModel

extension ResourceCatalog {
    /// The kinds of a node's local API.
    static func localAPI(nodeName: String) -> ResourceCatalog {
        ResourceCatalog(core + [lease] + kubevirt(nodeName: nodeName))
    }

    private static let core = [
        ResourceDefinition(
            .configMaps, shortNames: ["cm"], schema: BuiltinSchemas.configMap, table: .configMaps,
            admission: ConfigDataAdmission(isSecret: false)),
        ResourceDefinition(
            .events, shortNames: ["ev"], schema: BuiltinSchemas.event, table: .events,
            selectable: [
                "involvedObject.kind", "involvedObject.namespace", "involvedObject.name", "involvedObject.uid",
                "involvedObject.apiVersion", "involvedObject.resourceVersion", "involvedObject.fieldPath", "reason",
                "reportingComponent", "source.component", "type",
            ], admission: EventAdmission()),
        ResourceDefinition(
            .namespaces, shortNames: ["ns"], hasStatus: true, schema: BuiltinSchemas.namespace, table: .namespaces,
            selectable: ["status.phase"], admission: NamespaceAdmission()),
        ResourceDefinition(
            .nodes, shortNames: ["no"], hasStatus: true, schema: BuiltinSchemas.node, table: .nodes,
            selectable: ["spec.unschedulable"]),
        ResourceDefinition(
            .secrets, schema: BuiltinSchemas.secret, table: .secrets, selectable: ["type"],
            admission: ConfigDataAdmission(isSecret: true)),
    ]

    private static let lease = ResourceDefinition(.leases, schema: BuiltinSchemas.lease, table: .leases)

    private static func kubevirt(nodeName: String) -> [ResourceDefinition] {
        [
            ResourceDefinition(
                .instances, shortNames: ["vmi", "vmis"], categories: ["all"], isBuiltin: false,
                schema: KubeVirtSchemas.instance, table: .custom(PrinterColumn.instance),
                selectable: ["status.phase", "status.nodeName"],
                admission: InstanceAdmission(nodeName: nodeName)),
            ResourceDefinition(
                .migrations, shortNames: ["vmim", "vmims"], categories: ["all"], hasStatus: true, isBuiltin: false,
                schema: KubeVirtSchemas.migration, table: .custom(PrinterColumn.migration),
                selectable: ["status.phase", "spec.vmiName"], admission: MigrationAdmission()),
        ]
    }
}
