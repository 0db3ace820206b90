import KubernetesModel

package enum EventType: String, Sendable, Hashable {
    case normal = "Normal"
    case warning = "Warning"
}

/// Who says it.
struct EventSource: Sendable, Hashable {
    var component: String
    var host: String
}

/// Something that happened, once or several times.
struct EventRecord: Sendable, Equatable {
    var type: EventType
    var reason: String
    var message: String
    var about: ObjectReference
    var first: WallTime
    var last: WallTime
    var count = 1
    /// The event object's own name, which tells it from all others about the same object.
    var name: String

    /// `number` is used once by this program, and not by another that had its name before.
    init(_ type: EventType, reason: String, message: String, about: ObjectReference, at time: WallTime, number: Int64) {
        self.type = type
        self.reason = reason
        self.message = message
        self.about = about
        first = time
        last = time
        name = "\(about.name.cut(to: 230)).\(String(number, radix: 16))"
    }

    /// Events about an object of the whole cluster live in the default namespace.
    var namespace: String { about.namespace ?? "default" }

    func document(from source: EventSource) -> DocumentNode {
        .object([
            DocumentMember("apiVersion", .string("v1")), DocumentMember("kind", .string("Event")),
            DocumentMember(
                "metadata",
                .object([
                    DocumentMember("name", .string(name)), DocumentMember("namespace", .string(namespace)),
                ])),
            DocumentMember("involvedObject", about.document),
            DocumentMember("type", .string(type.rawValue)), DocumentMember("reason", .string(reason)),
            DocumentMember("message", .string(message)),
            DocumentMember(
                "source",
                .object([
                    DocumentMember("component", .string(source.component)),
                    DocumentMember("host", .string(source.host)),
                ])),
            DocumentMember("firstTimestamp", .string(first.text)), DocumentMember("lastTimestamp", .string(last.text)),
            DocumentMember("count", .number(count)),
            DocumentMember("reportingComponent", .string(source.component)),
            DocumentMember("reportingInstance", .string(source.host)),
        ])
    }

    /// What changes when it happens again.
    var again: DocumentNode {
        .object([
            DocumentMember("message", .string(message)), DocumentMember("lastTimestamp", .string(last.text)),
            DocumentMember("count", .number(count)),
        ])
    }
}
