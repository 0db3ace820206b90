/// What virt-node does with a field.
package enum FieldSupport: Sendable, Equatable {
    case implemented
    /// Read and kept, but somebody else's business (the scheduler's, say).
    case elsewhere
    /// Refused with this reason where a VMI sets it to anything but `false` or an empty list.
    case notYet(String)
}

/// A type that is read from, and written to, a document by a table of its fields.
///
/// All errors of a document are collected, and unknown fields are kept for the way back: neither can be had of Codable,
/// which stops at the first error and drops what it does not know.
package protocol TableModel: FieldValue {
    init()
    static var table: [Field<Self>] { get }
    /// Members that the table does not know, or does not read, in source order.
    var unknownFields: [DocumentMember] { get set }
}

/// One row of a table: a name, how to read it and how to write it.
package struct Field<Model>: Sendable {
    package let name: String
    package let schema: FieldSchema
    package let support: FieldSupport
    package let required: Bool
    let decode: (@Sendable (DocumentNode, inout Model, inout DecodingContext) -> Void)?
    let encode: @Sendable (Model) -> DocumentNode?

    /// A field that may be absent.
    package init<Value: FieldValue>(_ name: String, _ keyPath: any WritableKeyPath<Model, Value?> & Sendable) {
        self.name = name
        schema = Value.schema
        support = .implemented
        required = false
        decode = { node, model, context in model[keyPath: keyPath] = Value.decode(node, &context) }
        encode = { $0[keyPath: keyPath]?.encode() }
    }

    /// A list, for which absent and empty are the same.
    package init<Value: FieldValue>(_ name: String, _ keyPath: any WritableKeyPath<Model, [Value]> & Sendable) {
        self.name = name
        schema = [Value].schema
        support = .implemented
        required = false
        decode = { node, model, context in model[keyPath: keyPath] = [Value].decode(node, &context) ?? [] }
        encode = { $0[keyPath: keyPath].isEmpty ? nil : $0[keyPath: keyPath].encode() }
    }

    /// A map, for which absent and empty are the same.
    package init<Value: FieldValue>(_ name: String, _ keyPath: any WritableKeyPath<Model, [String: Value]> & Sendable) {
        self.name = name
        schema = [String: Value].schema
        support = .implemented
        required = false
        decode = { node, model, context in model[keyPath: keyPath] = [String: Value].decode(node, &context) ?? [:] }
        encode = { $0[keyPath: keyPath].isEmpty ? nil : $0[keyPath: keyPath].encode() }
    }

    /// A field without which the object means nothing.
    package init<Value: FieldValue>(
        _ name: String, required keyPath: any WritableKeyPath<Model, Value> & Sendable
    ) {
        self.name = name
        schema = Value.schema
        support = .implemented
        required = true
        decode = { node, model, context in
            if let value = Value.decode(node, &context) { model[keyPath: keyPath] = value }
        }
        encode = { $0[keyPath: keyPath].encode() }
    }

    /// A field that is only kept, because it is another's business.
    package init(elsewhere name: String) { self.init(name, kept: .elsewhere) }

    /// A field that a VMI cannot have yet, and why.
    package init(notYet name: String, _ reason: String) { self.init(name, kept: .notYet(reason)) }

    private init(_ name: String, kept support: FieldSupport) {
        self.name = name
        schema = .any
        self.support = support
        required = false
        decode = nil
        encode = { _ in nil }
    }
}

extension TableModel {
    package static var schema: FieldSchema {
        .object { table.map { FieldDescription(name: $0.name, schema: $0.schema, support: $0.support) } }
    }

    package static func decode(_ node: DocumentNode, _ context: inout DecodingContext) -> Self? {
        guard case .object(let members) = node.value else {
            context.expected("an object", at: node)
            return nil
        }
        var model = Self()
        let table = table
        for member in members where member.value.value != .null {
            context.within(member.name) { context in
                guard let field = table.first(where: { $0.name == member.name }) else {
                    model.keepUnknown(member, table: table, &context)
                    return
                }
                if let decode = field.decode { return decode(member.value, &model, &context) }
                model.unknownFields.append(member)
                if case .notYet(let reason) = field.support, !member.value.asksForNothing {
                    context.report(.error, "virt-node cannot do this yet: \(reason)", at: member.value.position)
                }
            }
        }
        for field in table where field.required && node[field.name] == nil {
            context.within(field.name) { $0.report(.error, "is missing: write it", at: node.position) }
        }
        return model
    }

    private mutating func keepUnknown(_ member: DocumentMember, table: [Field<Self>], _ context: inout DecodingContext)
    {
        unknownFields.append(member)
        let nearest = NearestName.of(member.name, among: table.map(\.name))
        let hint = nearest.map { ": did you mean \($0)?" } ?? ": it is kept, and has no effect"
        context.report(.warning, "no such field\(hint)", at: member.value.position)
    }

    package func encode() -> DocumentNode {
        var members: [DocumentMember] = []
        for field in Self.table {
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
    package static var table: [Field<EmptyObject>] { [] }
}
