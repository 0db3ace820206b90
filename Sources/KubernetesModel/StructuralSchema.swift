/// How the elements of a list are told apart when two writers change it.
package enum ListKind: Sendable, Equatable {
    /// The list is replaced as a whole.
    case atomic
    /// Scalars, each of which is there or not.
    case set
    /// Objects, told apart by these members.
    case map(keys: [String])
}

/// A `FieldSchema` walked once: what pruning, server-side apply, OpenAPI and `explain` go by.
package final class StructuralSchema: Sendable {
    package indirect enum Kind: Sendable {
        case string
        case choice([String])
        case boolean
        case integer(minimum: Int64, maximum: Int64)
        case quantity
        case timestamp
        case any
        case list(StructuralSchema, ListKind)
        case map(StructuralSchema)
        case object([Property])
    }

    package struct Property: Sendable {
        package var name: String
        package var schema: StructuralSchema
        package var isRequired: Bool
    }

    package let kind: Kind
    /// One sentence; empty where there is none.
    package let summary: String
    private let places: [String: Int]

    package init(_ kind: Kind, summary: String = "") {
        self.kind = kind
        self.summary = summary
        guard case .object(let properties) = kind else {
            places = [:]
            return
        }
        places = Dictionary(properties.enumerated().map { ($1.name, $0) }) { first, _ in first }
    }

    /// What is said about a schema beyond its kinds: the kinds of its lists and a sentence for a field, both by path
    /// (`status.conditions`; the elements of a list add nothing to a path).
    package struct Notes: Sendable {
        package var lists: [String: ListKind]
        package var summary: @Sendable (_ path: String, _ field: FieldDescription?) -> String

        package init(
            lists: [String: ListKind] = [:],
            summary: @escaping @Sendable (_ path: String, _ field: FieldDescription?) -> String = { _, _ in "" }
        ) {
            self.lists = lists
            self.summary = summary
        }
    }

    /// Walks `schema`, whose root stands at `path`.
    package static func compile(
        _ schema: FieldSchema, path: String = "", field: FieldDescription? = nil, notes: Notes = Notes()
    ) -> StructuralSchema {
        StructuralSchema(kind(of: schema, path, notes), summary: notes.summary(path, field))
    }

    private static func kind(of schema: FieldSchema, _ path: String, _ notes: Notes) -> Kind {
        switch schema {
        case .string: .string
        case .oneOf(let choices): .choice(choices)
        case .boolean: .boolean
        case .integer(let minimum, let maximum): .integer(minimum: minimum, maximum: maximum)
        case .quantity: .quantity
        case .timestamp: .timestamp
        case .any: .any
        case .list(let element):
            .list(StructuralSchema(kind(of: element, path, notes)), notes.lists[path] ?? .atomic)
        case .map(let value): .map(StructuralSchema(kind(of: value, path, notes)))
        case .object(_, let members):
            .object(
                members().map { member in
                    let inner = path.isEmpty ? member.name : "\(path).\(member.name)"
                    return Property(
                        name: member.name,
                        schema: compile(member.schema, path: inner, field: member, notes: notes),
                        isRequired: member.required)
                })
        }
    }

    /// The schema of a member; nil where the schema knows none of that name, or nothing of members.
    package subscript(name: String) -> StructuralSchema? {
        switch kind {
        case .object(let properties): places[name].map { properties[$0].schema }
        case .map(let value): value
        case .any: .anything
        case .string, .choice, .boolean, .integer, .quantity, .timestamp, .list: nil
        }
    }

    /// The schema and kind of a list.
    package var list: (element: StructuralSchema, kind: ListKind)? {
        if case .list(let element, let kind) = kind { (element, kind) } else { nil }
    }

    package static let anything = StructuralSchema(.any)

    /// The same schema with some properties of its root replaced, and some that may be absent.
    package func replacing(_ replacements: [String: StructuralSchema], optional: Set<String> = []) -> StructuralSchema {
        guard case .object(let properties) = kind else { return self }
        return StructuralSchema(
            .object(
                properties.map {
                    Property(
                        name: $0.name, schema: replacements[$0.name] ?? $0.schema,
                        isRequired: $0.isRequired && !optional.contains($0.name))
                }), summary: summary)
    }
}

extension StructuralSchema {
    /// Removes the members that the schema does not know, and adds the path of each to `unknown`.
    package func prune(_ node: DocumentNode, at path: String = "", unknown: inout [String]) -> DocumentNode {
        switch (kind, node.value) {
        case (.object, .object(let members)):
            var kept: [DocumentMember] = []
            kept.reserveCapacity(members.count)
            for member in members {
                let inner = path.isEmpty ? member.name : "\(path).\(member.name)"
                guard let schema = self[member.name] else {
                    unknown.append(inner)
                    continue
                }
                kept.append(DocumentMember(member.name, schema.prune(member.value, at: inner, unknown: &unknown)))
            }
            return DocumentNode(.object(kept), at: node.position)
        case (.map(let schema), .object(let members)):
            guard schema.hasMembers else { return node }
            return DocumentNode(
                .object(
                    members.map {
                        DocumentMember($0.name, schema.prune($0.value, at: "\(path).\($0.name)", unknown: &unknown))
                    }), at: node.position)
        case (.list(let schema, _), .array(let elements)):
            guard schema.hasMembers else { return node }
            return DocumentNode(
                .array(
                    elements.enumerated().map { schema.prune($1, at: "\(path)[\($0)]", unknown: &unknown) }),
                at: node.position)
        default: return node
        }
    }

    /// Whether something below could be unknown.
    private var hasMembers: Bool {
        switch kind {
        case .object, .map, .list: true
        case .string, .choice, .boolean, .integer, .quantity, .timestamp, .any: false
        }
    }

    /// The type errors of a document, each with its path: what a decoder of the kind would refuse.
    package func typeErrors(_ node: DocumentNode, at path: String = "") -> [FieldIssue] {
        var issues: [FieldIssue] = []
        check(node, path, &issues)
        return issues
    }

    private func check(_ node: DocumentNode, _ path: String, _ issues: inout [FieldIssue]) {
        let expected: String?
        switch (kind, node.value) {
        case (_, .null), (.any, _): return
        case (.object, .object(let members)), (.map, .object(let members)):
            for member in members {
                guard let schema = self[member.name] else { continue }
                schema.check(member.value, path.isEmpty ? member.name : "\(path).\(member.name)", &issues)
            }
            return
        case (.list(let schema, _), .array(let elements)):
            for (index, element) in elements.enumerated() { schema.check(element, "\(path)[\(index)]", &issues) }
            return
        case (.string, .string), (.boolean, .bool), (.quantity, .string), (.quantity, .number): return
        case (.choice(let choices), .string(let text)):
            if text.isEmpty || choices.contains(text) { return }
            expected = "one of \(choices.joined(separator: ", "))"
        case (.timestamp, .string(let text)):
            expected = Timestamp.isTime(text) ? nil : "a time such as 2026-01-31T12:00:00Z"
        case (.integer(let minimum, let maximum), .number):
            if let number = node.integer, number >= minimum, number <= maximum { return }
            expected = "a whole number from \(minimum) to \(maximum)"
        case (.object, _), (.map, _): expected = "an object"
        case (.list, _): expected = "a list"
        case (.string, _), (.choice, _): expected = "a string"
        case (.boolean, _): expected = "true or false"
        case (.integer, _): expected = "a whole number"
        case (.quantity, _): expected = "a quantity"
        case (.timestamp, _): expected = "a time"
        }
        if let expected { issues.append(.error(path, "\(node.excerpt ?? node.kindName) is not \(expected)")) }
    }
}

extension Timestamp {
    /// Whether `text` is a time of RFC 3339, with or without fractions of a second.
    package static func isTime(_ text: String) -> Bool { parse(text) != nil }

    /// The time that `text` names, to the second; nil where it is none of RFC 3339.
    package static func parse(_ text: String) -> Timestamp? {
        var context = DecodingContext()
        if text.utf8.count > 20, let dot = text.firstIndex(of: ".") {
            let zone = text[dot...].dropFirst().drop { $0.isASCII && $0.isNumber }
            return Timestamp.decode(.string(String(text[..<dot]) + String(zone)), &context)
        }
        return Timestamp.decode(.string(text), &context)
    }
}
