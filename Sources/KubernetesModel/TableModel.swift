/// A type that is read from, and written to, a document by a table of its fields.
///
/// All errors of a document are collected, and unknown fields are kept for the way back: neither can be had of Codable,
/// which stops at the first error and drops what it does not know.
package protocol TableModel: FieldValue {
    init()
    static var table: FieldTable<Self> { get }
    /// Who handles the fields of this type, where a field names nobody: a source file below `Sources`, without its
    /// suffix. Nil where it is whoever handles the object that this one stands in.
    static var handledBy: String? { get }
    /// Members that the table does not know, or does not read, in source order.
    var unknownFields: [DocumentMember] { get set }
}

extension TableModel {
    package static var handledBy: String? { nil }

    package static var schema: FieldSchema {
        .object(handledBy: handledBy) {
            table.fields.map {
                FieldDescription(
                    name: $0.name, schema: $0.schema, support: $0.support, handler: $0.handler, required: $0.required)
            }
        }
    }

    package static func decode(_ node: DocumentNode, _ context: inout DecodingContext) -> Self? {
        guard case .object(let members) = node.value else {
            context.expected("an object", at: node)
            return nil
        }
        var model = Self()
        let table = table
        for member in members where member.value.value != .null {
            context.within(member.name) { context in model.read(member, table, &context) }
        }
        for field in table.required where node[field.name] == nil {
            context.within(field.name) { $0.report(.error, "is missing: write it", at: node.position) }
        }
        return model
    }

    private mutating func read(_ member: DocumentMember, _ table: FieldTable<Self>, _ context: inout DecodingContext) {
        guard let field = table[member.name] else {
            unknownFields.append(member)
            return context.reportUnknown(member, among: table.fields.map(\.name))
        }
        if let decode = field.decode { decode(member.value, &self, &context) } else { unknownFields.append(member) }
        if case .notYet(let reason) = field.support, !member.value.asksForNothing {
            context.report(.warning, "virt-node cannot do this yet: \(reason)", at: member.value.position)
        }
    }

    package func encode() -> DocumentNode {
        var members: [DocumentMember] = []
        for field in Self.table.fields {
            if let node = field.encode(self) { members.append(DocumentMember(field.name, node)) }
        }
        return .object(members + unknownFields)
    }
}

extension DocumentNode {
    /// Whether a field with this value says no more than one that is absent.
    fileprivate var asksForNothing: Bool { value == .bool(false) || value == .array([]) }
}

/// An object whose presence is all it says, such as `masquerade: {}`.
package struct EmptyObject: TableModel, Equatable {
    package var unknownFields: [DocumentMember] = []
    package init() {}
    package static let table: FieldTable<EmptyObject> = []
}
