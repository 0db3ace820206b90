/// What virt-node does with a field.
package enum FieldSupport: Sendable, Equatable {
    case implemented
    /// Read and kept, but somebody else's business (the scheduler's, say).
    case elsewhere
    /// Read and kept; a VMI that sets it to anything but `false` or an empty list is warned with this reason.
    case notYet(String)
}

/// One row of a table: a name, how to read it and how to write it.
package struct Field<Model>: Sendable {
    package let name: String
    package let required: Bool
    package private(set) var schema: FieldSchema
    package private(set) var support = FieldSupport.implemented
    /// Who handles the field, where it is not whoever handles the object that it stands in.
    package private(set) var handler: String?
    let decode: (@Sendable (DocumentNode, inout Model, inout DecodingContext) -> Void)?
    let encode: @Sendable (Model) -> DocumentNode?
    private let holds: @Sendable (Model) -> Bool

    /// A field that may be absent.
    package init<Value: FieldValue>(_ name: String, _ keyPath: any WritableKeyPath<Model, Value?> & Sendable) {
        self.name = name
        schema = Value.schema
        required = false
        decode = { node, model, context in
            if Value.emptyMeansAbsent, node.value == .string("") { return }
            model[keyPath: keyPath] = Value.decode(node, &context)
        }
        encode = { $0[keyPath: keyPath]?.encode() }
        holds = { $0[keyPath: keyPath] != nil }
    }

    /// A list, for which absent and empty are the same.
    package init<Value: FieldValue>(_ name: String, _ keyPath: any WritableKeyPath<Model, [Value]> & Sendable) {
        self.name = name
        schema = [Value].schema
        required = false
        decode = { node, model, context in model[keyPath: keyPath] = [Value].decode(node, &context) ?? [] }
        encode = { $0[keyPath: keyPath].isEmpty ? nil : $0[keyPath: keyPath].encode() }
        holds = { !$0[keyPath: keyPath].isEmpty }
    }

    /// A map, for which absent and empty are the same.
    package init<Value: FieldValue>(_ name: String, _ keyPath: any WritableKeyPath<Model, [String: Value]> & Sendable) {
        self.name = name
        schema = [String: Value].schema
        required = false
        decode = { node, model, context in model[keyPath: keyPath] = [String: Value].decode(node, &context) ?? [:] }
        encode = { $0[keyPath: keyPath].isEmpty ? nil : $0[keyPath: keyPath].encode() }
        holds = { !$0[keyPath: keyPath].isEmpty }
    }

    /// A field without which the object means nothing.
    package init<Value: FieldValue>(_ name: String, required keyPath: any WritableKeyPath<Model, Value> & Sendable) {
        self.name = name
        schema = Value.schema
        required = true
        decode = { node, model, context in
            if let value = Value.decode(node, &context) { model[keyPath: keyPath] = value }
        }
        encode = { $0[keyPath: keyPath].encode() }
        holds = { _ in true }
    }

    /// A field that is only kept among the unknown ones, because nothing here reads it.
    package init(elsewhere name: String) {
        self.name = name
        schema = .any
        required = false
        support = .elsewhere
        decode = nil
        encode = { _ in nil }
        holds = { _ in false }
    }

    /// Whether `model` says something in this field.
    package func isSet(in model: Model) -> Bool { holds(model) }
}

extension Field {
    /// The same field, as the business of `who`: the scheduler, say, or the kubelet.
    package func elsewhere(_ who: String) -> Field {
        var field = self
        field.support = .elsewhere
        field.handler = who
        return field
    }

    /// The same field, as one that has no effect yet, and why.
    package func notYet(_ reason: String) -> Field {
        var field = self
        field.support = .notYet(reason)
        return field
    }

    /// The same field, as one that `handler` turns into something: a source file below `Sources`, without its suffix,
    /// and in parentheses what limits it.
    package func handled(by handler: String) -> Field {
        var field = self
        field.handler = handler
        return field
    }

    /// The same field, as one whose object lacks these members of its type.
    package func without(_ names: String...) -> Field {
        var field = self
        if case .object(let handledBy, let members) = schema {
            field.schema = .object(handledBy: handledBy) { members().filter { !names.contains($0.name) } }
        }
        return field
    }
}

/// The fields of a type, in the order in which they are written, found by name in constant time.
package struct FieldTable<Model>: Sendable, ExpressibleByArrayLiteral {
    package let fields: [Field<Model>]
    let required: [Field<Model>]
    private let places: [String: Int]

    package init(arrayLiteral fields: Field<Model>...) {
        self.fields = fields
        required = fields.filter(\.required)
        places = Dictionary(fields.enumerated().map { ($1.name, $0) }) { first, _ in first }
    }

    package subscript(name: String) -> Field<Model>? { places[name].map { fields[$0] } }
}
