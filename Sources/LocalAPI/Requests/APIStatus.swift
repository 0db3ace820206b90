import KubernetesModel

/// An error as a Kubernetes API tells it: an HTTP code and an object of kind Status.
package struct APIStatus: Error, Sendable {
    package struct Cause: Sendable {
        package var reason: String
        package var message: String
        package var field: String

        package init(_ reason: String = "FieldValueInvalid", field: String, _ message: String) {
            self.reason = reason
            self.message = message
            self.field = field
        }
    }

    package var code: Int
    package var reason: String
    package var message: String
    /// What the error is about, as `details` names it.
    var subject: Subject?
    package var causes: [Cause] = []
    package var retryAfterSeconds: Int?

    struct Subject: Sendable {
        var group: String
        var kind: String
        var name: String
        var uid: String?
    }

    init(_ code: Int, _ reason: String, _ message: String, about subject: Subject? = nil, causes: [Cause] = []) {
        self.code = code
        self.reason = reason
        self.message = message
        self.subject = subject
        self.causes = causes
    }

    var document: DocumentNode {
        var members = [
            DocumentMember("kind", .string("Status")), DocumentMember("apiVersion", .string("v1")),
            DocumentMember("metadata", .object([])), DocumentMember("status", .string("Failure")),
            DocumentMember("message", .string(message)), DocumentMember("reason", .string(reason)),
        ]
        let details = detailMembers
        if !details.isEmpty { members.append(DocumentMember("details", .object(details))) }
        members.append(DocumentMember("code", .number(code)))
        return .object(members)
    }

    private var detailMembers: [DocumentMember] {
        var details: [DocumentMember] = []
        if let subject {
            if !subject.name.isEmpty { details.append(DocumentMember("name", .string(subject.name))) }
            if !subject.group.isEmpty { details.append(DocumentMember("group", .string(subject.group))) }
            if !subject.kind.isEmpty { details.append(DocumentMember("kind", .string(subject.kind))) }
            if let uid = subject.uid { details.append(DocumentMember("uid", .string(uid))) }
        }
        if !causes.isEmpty {
            let causes = causes.map { cause in
                DocumentNode.object([
                    DocumentMember("reason", .string(cause.reason)), DocumentMember("message", .string(cause.message)),
                    DocumentMember("field", .string(cause.field)),
                ])
            }
            details.append(DocumentMember("causes", .array(causes)))
        }
        if let retryAfterSeconds { details.append(DocumentMember("retryAfterSeconds", .number(retryAfterSeconds))) }
        return details
    }
}

extension APIStatus {
    static func badRequest(_ message: String) -> APIStatus { APIStatus(400, "BadRequest", message) }

    /// There is no such path.
    static let noSuchResource = APIStatus(404, "NotFound", "the server could not find the requested resource")

    static func notFound(_ definition: ResourceDefinition, _ name: String) -> APIStatus {
        APIStatus(
            404, "NotFound", "\(definition.qualifiedPlural) \"\(name)\" not found",
            about: Subject(group: definition.resource.group, kind: definition.resource.plural, name: name))
    }

    static func alreadyExists(_ definition: ResourceDefinition, _ name: String) -> APIStatus {
        APIStatus(
            409, "AlreadyExists", "\(definition.qualifiedPlural) \"\(name)\" already exists",
            about: Subject(group: definition.resource.group, kind: definition.resource.plural, name: name))
    }

    static func conflict(_ definition: ResourceDefinition, _ name: String, _ problem: String) -> APIStatus {
        APIStatus(
            409, "Conflict",
            "Operation cannot be fulfilled on \(definition.qualifiedPlural) \"\(name)\": \(problem)",
            about: Subject(group: definition.resource.group, kind: definition.resource.plural, name: name))
    }

    /// The object was changed since it was read.
    static func stale(_ definition: ResourceDefinition, _ name: String) -> APIStatus {
        conflict(
            definition, name,
            "the object has been modified; please apply your changes to the latest version and try again")
    }

    static func invalid(_ definition: ResourceDefinition, _ name: String, _ causes: [Cause]) -> APIStatus {
        let problems = causes.map { $0.field.isEmpty ? $0.message : "\($0.field): \($0.message)" }
        let text = problems.count == 1 ? problems[0] : "[\(problems.joined(separator: ", "))]"
        return APIStatus(
            422, "Invalid", "\(definition.qualifiedKind) \"\(name)\" is invalid: \(text)",
            about: Subject(group: definition.resource.group, kind: definition.resource.kind, name: name),
            causes: causes)
    }

    static func forbidden(_ definition: ResourceDefinition, _ name: String, _ problem: String) -> APIStatus {
        APIStatus(
            403, "Forbidden", "\(definition.qualifiedPlural) \"\(name)\" is forbidden: \(problem)",
            about: Subject(group: definition.resource.group, kind: definition.resource.plural, name: name))
    }

    static func methodNotAllowed(_ method: String) -> APIStatus {
        APIStatus(405, "MethodNotAllowed", "the server does not allow the method \(method) on the requested resource")
    }

    static func expired(_ message: String) -> APIStatus { APIStatus(410, "Expired", message) }
}
