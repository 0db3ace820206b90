/// Every Kubernetes object's `metadata`.
package struct ObjectMeta: TableModel {
    package var name: String?
    package var namespace: String?
    package var uid: String?
    package var resourceVersion: String?
    package var generation: Int64?
    package var creationTimestamp: Timestamp?
    package var deletionTimestamp: Timestamp?
    package var labels: [String: String] = [:]
    package var annotations: [String: String] = [:]
    package var finalizers: [String] = []
    package var unknownFields: [DocumentMember] = []

    package init() {}

    package static let table: FieldTable<ObjectMeta> = [
        Field("name", \.name),
        Field("namespace", \.namespace),
        Field("uid", \.uid),
        Field("resourceVersion", \.resourceVersion),
        Field("generation", \.generation),
        Field("creationTimestamp", \.creationTimestamp),
        Field("deletionTimestamp", \.deletionTimestamp),
        Field("labels", \.labels),
        Field("annotations", \.annotations),
        Field("finalizers", \.finalizers),
        Field(elsewhere: "generateName"),
        Field(elsewhere: "ownerReferences"),
        Field(elsewhere: "managedFields"),
        Field(elsewhere: "selfLink"),
        Field(elsewhere: "deletionGracePeriodSeconds"),
    ]
}
