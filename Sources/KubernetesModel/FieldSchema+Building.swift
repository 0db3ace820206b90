extension FieldSchema {
    /// An object with these fields, for kinds that no table decodes.
    package static func fields(_ fields: KeyValuePairs<String, FieldSchema>, required: [String] = []) -> FieldSchema {
        object(fields.map { ($0.key, $0.value) }, required: required)
    }

    /// A whole object of the API: these fields beside those that every object has.
    package static func resource(_ fields: KeyValuePairs<String, FieldSchema>) -> FieldSchema {
        let common: [(String, FieldSchema)] = [("apiVersion", .string), ("kind", .string), ("metadata", .objectMeta)]
        return object(common + fields.map { ($0.key, $0.value) }, required: [])
    }

    private static func object(_ fields: [(String, FieldSchema)], required: [String]) -> FieldSchema {
        let members = fields.map { name, schema in
            FieldDescription(
                name: name, schema: schema, support: .implemented, handler: nil, required: required.contains(name))
        }
        return .object(handledBy: nil) { members }
    }

    package static let int32 = FieldSchema.integer(minimum: Int64(Int32.min), maximum: Int64(Int32.max))
    package static let int64 = FieldSchema.integer(minimum: .min, maximum: .max)

    /// Every object's `metadata`, in full.
    package static let objectMeta = FieldSchema.fields([
        "annotations": .map(.string),
        "creationTimestamp": .timestamp,
        "deletionGracePeriodSeconds": .int64,
        "deletionTimestamp": .timestamp,
        "finalizers": .list(.string),
        "generateName": .string,
        "generation": .int64,
        "labels": .map(.string),
        "managedFields": .list(
            .fields([
                "apiVersion": .string, "fieldsType": .string, "fieldsV1": .any, "manager": .string,
                "operation": .string, "subresource": .string, "time": .timestamp,
            ])),
        "name": .string,
        "namespace": .string,
        "ownerReferences": .list(
            .fields(
                [
                    "apiVersion": .string, "blockOwnerDeletion": .boolean, "controller": .boolean, "kind": .string,
                    "name": .string, "uid": .string,
                ], required: ["apiVersion", "kind", "name", "uid"])),
        "resourceVersion": .string,
        "selfLink": .string,
        "uid": .string,
    ])

    /// The lists of `metadata` that two writers may share.
    package static let metadataLists: [String: ListKind] = [
        "metadata.finalizers": .set,
        "metadata.ownerReferences": .map(keys: ["uid"]),
    ]

    /// One entry of a built-in kind's `status.conditions`.
    package static let builtinCondition = FieldSchema.fields([
        "lastHeartbeatTime": .timestamp, "lastTransitionTime": .timestamp, "message": .string, "reason": .string,
        "status": .string, "type": .string,
    ])
}
