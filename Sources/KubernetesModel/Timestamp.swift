internal import FoundationEssentials

/// A moment as Kubernetes writes it: RFC 3339, UTC, whole seconds.
package struct Timestamp: Sendable, Equatable, Comparable, FieldValue {
    /// Seconds since 1970-01-01T00:00:00Z.
    package var seconds: Int64

    package init(seconds: Int64) { self.seconds = seconds }

    package static var schema: FieldSchema { .timestamp }
    package static func < (left: Timestamp, right: Timestamp) -> Bool { left.seconds < right.seconds }

    package static func decode(_ node: DocumentNode, _ context: inout DecodingContext) -> Timestamp? {
        if case .string(let text) = node.value, let date = try? Date(text, strategy: .iso8601) {
            return Timestamp(seconds: Int64(date.timeIntervalSince1970))
        }
        context.expected("a time such as 2026-01-31T12:00:00Z", at: node)
        return nil
    }

    package var text: String { Date(timeIntervalSince1970: Double(seconds)).formatted(.iso8601) }
    package func encode() -> DocumentNode { .string(text) }
}
