import KubernetesModel

/// The fields of the kinds that Kubernetes itself defines, as far as a node needs them.
enum BuiltinSchemas {
    static let configMap = schema(
        "Settings that volumes and others refer to.",
        ["binaryData": .map(.string), "data": .map(.string), "immutable": .boolean])

    static let secret = schema(
        "Settings that not everybody may read.",
        ["data": .map(.string), "immutable": .boolean, "stringData": .map(.string), "type": .string])

    static let namespace = schema(
        "A space of names for other objects.",
        [
            "spec": .fields(["finalizers": .list(.string)]),
            "status": .fields(["conditions": .list(.builtinCondition), "phase": .string]),
        ])

    static let event = schema(
        "Something that happened to an object.",
        [
            "action": .string, "count": .int32, "eventTime": .timestamp, "firstTimestamp": .timestamp,
            "involvedObject": reference, "lastTimestamp": .timestamp, "message": .string, "reason": .string,
            "related": reference, "reportingComponent": .string, "reportingInstance": .string,
            "series": .fields(["count": .int32, "lastObservedTime": .timestamp]),
            "source": .fields(["component": .string, "host": .string]), "type": .string,
        ])

    static let lease = schema(
        "A claim that must be renewed.",
        [
            "spec": .fields([
                "acquireTime": .timestamp, "holderIdentity": .string, "leaseDurationSeconds": .int32,
                "leaseTransitions": .int32, "preferredHolder": .string, "renewTime": .timestamp, "strategy": .string,
            ])
        ])

    static let node = schema(
        "A machine that VMs run on.",
        [
            "spec": .fields([
                "configSource": .any, "externalID": .string, "podCIDR": .string, "podCIDRs": .list(.string),
                "providerID": .string,
                "taints": .list(
                    .fields(["effect": .string, "key": .string, "timeAdded": .timestamp, "value": .string])),
                "unschedulable": .boolean,
            ]),
            "status": .fields([
                "addresses": .list(.fields(["address": .string, "type": .string])), "allocatable": .map(.quantity),
                "capacity": .map(.quantity), "conditions": .list(.builtinCondition), "config": .any,
                "daemonEndpoints": .any, "declaredFeatures": .list(.string), "features": .any,
                "images": .list(.fields(["names": .list(.string), "sizeBytes": .int64])),
                "nodeInfo": .fields([
                    "architecture": .string, "bootID": .string, "containerRuntimeVersion": .string,
                    "kernelVersion": .string, "kubeProxyVersion": .string, "kubeletVersion": .string,
                    "machineID": .string, "operatingSystem": .string, "osImage": .string, "swap": .any,
                    "systemUUID": .string,
                ]),
                "phase": .string, "runtimeHandlers": .any,
                "volumesAttached": .list(.any), "volumesInUse": .list(.string),
            ]),
        ])

    private static let reference = FieldSchema.fields([
        "apiVersion": .string, "fieldPath": .string, "kind": .string, "name": .string, "namespace": .string,
        "resourceVersion": .string, "uid": .string,
    ])

    /// The lists that two writers may share, with the keys of their elements.
    private static let lists: [String: ListKind] = FieldSchema.metadataLists.merging([
        "spec.finalizers": .set,
        "spec.podCIDRs": .set,
        "status.addresses": .map(keys: ["type"]),
        "status.conditions": .map(keys: ["type"]),
    ]) { first, _ in first }

    private static func schema(_ summary: String, _ fields: KeyValuePairs<String, FieldSchema>) -> StructuralSchema {
        let notes = StructuralSchema.Notes(lists: lists) { path, _ in path.isEmpty ? summary : "" }
        return StructuralSchema.compile(.resource(fields), notes: notes)
    }
}
