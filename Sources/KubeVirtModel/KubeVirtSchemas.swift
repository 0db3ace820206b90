package import KubernetesModel

/// The schemas of KubeVirt's kinds, made from our own tables.
package enum KubeVirtSchemas {
    /// Lists of these kinds are replaced as a whole, as in KubeVirt's own definitions, save for those of metadata.
    private static let notes = StructuralSchema.Notes(lists: FieldSchema.metadataLists) { path, field in
        FieldSummaries.summary(of: path, field)
    }

    private static let metadata = StructuralSchema.compile(
        .objectMeta, path: "metadata", notes: StructuralSchema.Notes(lists: FieldSchema.metadataLists))

    package static let instance = StructuralSchema.compile(VirtualMachineInstance.schema, notes: notes).replacing(
        ["metadata": metadata], optional: ["apiVersion", "kind", "metadata"])

    package static let migration = StructuralSchema.compile(migrationFields, notes: notes).replacing(
        ["metadata": metadata], optional: ["apiVersion", "kind", "metadata"])

    private static let migrationFields = FieldSchema.fields(
        [
            "apiVersion": .string, "kind": .string, "metadata": .objectMeta,
            "spec": .fields([
                "addedNodeSelector": .map(.string), "priority": .string,
                "receive": .fields(["migrationID": .string], required: ["migrationID"]),
                "sendTo": .fields(
                    ["connectURL": .string, "migrationID": .string], required: ["connectURL", "migrationID"]),
                "vmiName": .string,
            ]),
            "status": .fields([
                "conditions": .list(Condition.schema), "migrationState": MigrationState.schema, "phase": .string,
                "phaseTransitionTimestamps": .list(
                    .fields(["phase": .string, "phaseTransitionTimestamp": .timestamp])),
                "synchronizationAddresses": .list(.string),
            ]),
        ], required: ["spec"])
}
