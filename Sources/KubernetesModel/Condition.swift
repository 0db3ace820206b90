/// One entry of a status' `conditions`.
package struct Condition: TableModel, Equatable {
    package var type = ""
    package var status = ""
    package var reason: String?
    package var message: String?
    package var lastProbeTime: Timestamp?
    package var lastTransitionTime: Timestamp?
    package var unknownFields: [DocumentMember] = []

    package init() {}

    package init(
        _ type: String, _ status: Bool, reason: String? = nil, message: String? = nil, at time: Timestamp? = nil
    ) {
        self.type = type
        self.status = status ? "True" : "False"
        self.reason = reason
        self.message = message
        lastTransitionTime = time
    }

    package static let table: FieldTable<Condition> = [
        Field("lastProbeTime", \.lastProbeTime),
        Field("lastTransitionTime", \.lastTransitionTime),
        Field("message", \.message),
        Field("reason", \.reason),
        Field("status", required: \.status),
        Field("type", required: \.type),
    ]
}
