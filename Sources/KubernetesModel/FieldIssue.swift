/// Something wrong, or odd, at one field of a document.
package struct FieldIssue: Sendable, Equatable, Error {
    package enum Severity: Sendable { case error, warning }

    package var severity: Severity
    /// The field's path from the document's root, such as `spec.domain.devices.disks[1].name`.
    package var path: String
    /// What is wrong, with the value, and what to do about it.
    package var message: String
    package var position: SourcePosition?

    package init(_ severity: Severity, _ path: String, _ message: String, at position: SourcePosition? = nil) {
        self.severity = severity
        self.path = path
        self.message = message
        self.position = position
    }

    package static func error(_ path: String, _ message: String, at position: SourcePosition? = nil) -> FieldIssue {
        FieldIssue(.error, path, message, at: position)
    }

    package static func warning(_ path: String, _ message: String, at position: SourcePosition? = nil) -> FieldIssue {
        FieldIssue(.warning, path, message, at: position)
    }
}

extension FieldIssue: CustomStringConvertible {
    package var description: String { path.isEmpty ? message : "\(path): \(message)" }
}
