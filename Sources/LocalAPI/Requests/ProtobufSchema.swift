/// How a message of Kubernetes' protobuf encoding becomes an object: field numbers, names and kinds.
///
/// Typed clients, kubectl's `create namespace` and `create secret` among them, send built-in kinds so.
indirect enum ProtobufSchema: Sendable {
    case string
    /// Bytes that JSON holds in base64.
    case bytes
    /// Bytes that are JSON themselves.
    case json
    case integer
    case boolean
    /// Seconds and nanoseconds; `micro` writes fractions.
    case time(micro: Bool)
    case list(ProtobufSchema)
    case map(ProtobufSchema)
    case message([Int: (name: String, schema: ProtobufSchema)])

    /// The schema of a built-in kind; nil where it is only taken as JSON.
    static func of(apiVersion: String, kind: String) -> ProtobufSchema? {
        switch "\(apiVersion) \(kind)" {
        case "v1 ConfigMap": configMap
        case "v1 Secret": secret
        case "v1 Namespace": namespace
        case "v1 Event": event
        case "coordination.k8s.io/v1 Lease": lease
        case "authorization.k8s.io/v1 SelfSubjectAccessReview": accessReview
        case "v1 DeleteOptions", "meta.k8s.io/v1 DeleteOptions": deleteOptions
        default: nil
        }
    }

    private static let time = time(micro: false)

    private static let metadata = message([
        1: ("name", .string), 2: ("generateName", .string), 3: ("namespace", .string), 5: ("uid", .string),
        6: ("resourceVersion", .string), 7: ("generation", .integer), 8: ("creationTimestamp", time),
        9: ("deletionTimestamp", time), 10: ("deletionGracePeriodSeconds", .integer), 11: ("labels", .map(.string)),
        12: ("annotations", .map(.string)),
        13: (
            "ownerReferences",
            .list(
                .message([
                    1: ("kind", .string), 3: ("name", .string), 4: ("uid", .string), 5: ("apiVersion", .string),
                    6: ("controller", .boolean), 7: ("blockOwnerDeletion", .boolean),
                ]))
        ),
        14: ("finalizers", .list(.string)),
        17: (
            "managedFields",
            .list(
                .message([
                    1: ("manager", .string), 2: ("operation", .string), 3: ("apiVersion", .string), 4: ("time", time),
                    6: ("fieldsType", .string), 7: ("fieldsV1", .message([1: ("", .json)])),
                    8: ("subresource", .string),
                ]))
        ),
    ])

    private static let configMap = message([
        1: ("metadata", metadata), 2: ("data", .map(.string)), 3: ("binaryData", .map(.bytes)),
        4: ("immutable", .boolean),
    ])

    private static let secret = message([
        1: ("metadata", metadata), 2: ("data", .map(.bytes)), 3: ("type", .string), 4: ("stringData", .map(.string)),
        5: ("immutable", .boolean),
    ])

    private static let namespace = message([
        1: ("metadata", metadata), 2: ("spec", .message([1: ("finalizers", .list(.string))])),
        3: ("status", .message([1: ("phase", .string)])),
    ])

    private static let reference = message([
        1: ("kind", .string), 2: ("namespace", .string), 3: ("name", .string), 4: ("uid", .string),
        5: ("apiVersion", .string), 6: ("resourceVersion", .string), 7: ("fieldPath", .string),
    ])

    private static let event = message([
        1: ("metadata", metadata), 2: ("involvedObject", reference), 3: ("reason", .string), 4: ("message", .string),
        5: ("source", .message([1: ("component", .string), 2: ("host", .string)])), 6: ("firstTimestamp", time),
        7: ("lastTimestamp", time), 8: ("count", .integer), 9: ("type", .string), 10: ("eventTime", .time(micro: true)),
        11: ("series", .message([1: ("count", .integer), 2: ("lastObservedTime", .time(micro: true))])),
        12: ("action", .string), 13: ("related", reference), 14: ("reportingComponent", .string),
        15: ("reportingInstance", .string),
    ])

    private static let lease = message([
        1: ("metadata", metadata),
        2: (
            "spec",
            .message([
                1: ("holderIdentity", .string), 2: ("leaseDurationSeconds", .integer),
                3: ("acquireTime", .time(micro: true)), 4: ("renewTime", .time(micro: true)),
                5: ("leaseTransitions", .integer), 6: ("strategy", .string), 7: ("preferredHolder", .string),
            ])
        ),
    ])

    private static let accessReview = message([
        1: ("metadata", metadata),
        2: (
            "spec",
            .message([
                1: (
                    "resourceAttributes",
                    .message([
                        1: ("namespace", .string), 2: ("verb", .string), 3: ("group", .string),
                        4: ("version", .string), 5: ("resource", .string), 6: ("subresource", .string),
                        7: ("name", .string),
                    ])
                ),
                2: ("nonResourceAttributes", .message([1: ("path", .string), 2: ("verb", .string)])),
            ])
        ),
    ])

    private static let deleteOptions = message([
        1: ("gracePeriodSeconds", .integer),
        2: ("preconditions", .message([1: ("uid", .string), 2: ("resourceVersion", .string)])),
        3: ("orphanDependents", .boolean), 4: ("propagationPolicy", .string), 5: ("dryRun", .list(.string)),
    ])
}
