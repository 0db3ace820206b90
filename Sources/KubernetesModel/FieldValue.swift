/// What kind of value a field holds: what schemas and documentation are made from.
package indirect enum FieldSchema: Sendable {
    case string
    case oneOf([String])
    case boolean
    case integer(minimum: Int64, maximum: Int64)
    case quantity
    case timestamp
    case any
    case list(FieldSchema)
    case map(FieldSchema)
    /// A table of fields, made when asked for, since tables refer to each other, and who handles them.
    case object(handledBy: String?, @Sendable () -> [FieldDescription])
}

/// A field's name and kind, without its model.
package struct FieldDescription: Sendable {
    package var name: String
    package var schema: FieldSchema
    package var support: FieldSupport
    /// Who handles the field, where it is not whoever handles the object that it stands in.
    package var handler: String?
    /// Whether the object means nothing without it.
    package var required = false
}

/// A value that a field can hold.
package protocol FieldValue: Sendable {
    static var schema: FieldSchema { get }
    /// Reads a node; reports to the context and returns nil where it is none of these.
    static func decode(_ node: DocumentNode, _ context: inout DecodingContext) -> Self?
    func encode() -> DocumentNode
    /// Whether an empty string says no more than an absent field.
    static var emptyMeansAbsent: Bool { get }
}

extension FieldValue {
    package static var emptyMeansAbsent: Bool { false }
}

extension String: FieldValue {
    package static var schema: FieldSchema { .string }
    package static func decode(_ node: DocumentNode, _ context: inout DecodingContext) -> String? {
        if case .string(let text) = node.value { return text }
        context.expected("a string: put it in quotes", at: node)
        return nil
    }
    package func encode() -> DocumentNode { .string(self) }
}

extension Bool: FieldValue {
    package static var schema: FieldSchema { .boolean }
    package static func decode(_ node: DocumentNode, _ context: inout DecodingContext) -> Bool? {
        if case .bool(let bool) = node.value { return bool }
        context.expected("true or false", at: node)
        return nil
    }
    package func encode() -> DocumentNode { .bool(self) }
}

extension FieldValue where Self: FixedWidthInteger {
    package static var schema: FieldSchema { .integer(minimum: Int64(clamping: min), maximum: Int64(clamping: max)) }
    package static func decode(_ node: DocumentNode, _ context: inout DecodingContext) -> Self? {
        guard case .number(let text) = node.value else {
            context.expected("a whole number", at: node)
            return nil
        }
        if let number = Self(text) { return number }
        context.expected("a whole number from \(min) to \(max)", at: node)
        return nil
    }
    package func encode() -> DocumentNode { .number(self) }
}

extension Int: FieldValue {}
extension Int64: FieldValue {}
extension Int32: FieldValue {}
extension UInt32: FieldValue {}

extension DocumentNode: FieldValue {
    package static var schema: FieldSchema { .any }
    package static func decode(_ node: DocumentNode, _ context: inout DecodingContext) -> DocumentNode? { node }
    package func encode() -> DocumentNode { self }
}

extension Array: FieldValue where Element: FieldValue {
    package static var schema: FieldSchema { .list(Element.schema) }
    package static func decode(_ node: DocumentNode, _ context: inout DecodingContext) -> [Element]? {
        guard case .array(let nodes) = node.value else {
            context.expected("a list", at: node)
            return nil
        }
        return nodes.enumerated().compactMap { index, node in
            context.element(index) { Element.decode(node, &$0) }
        }
    }
    package func encode() -> DocumentNode { .array(map { $0.encode() }) }
}

extension Dictionary: FieldValue where Key == String, Value: FieldValue {
    package static var schema: FieldSchema { .map(Value.schema) }
    package static func decode(_ node: DocumentNode, _ context: inout DecodingContext) -> [String: Value]? {
        guard case .object(let members) = node.value else {
            context.expected("an object", at: node)
            return nil
        }
        var result: [String: Value] = [:]
        for member in members {
            context.within(member.name) { context in
                if let value = Value.decode(member.value, &context) { result[member.name] = value }
            }
        }
        return result
    }
    package func encode() -> DocumentNode {
        .object(sorted { $0.key < $1.key }.map { DocumentMember($0.key, $0.value.encode()) })
    }
}

/// A string out of a fixed set.
package protocol FieldChoice: FieldValue, RawRepresentable, CaseIterable where RawValue == String {}

extension FieldChoice {
    package static var schema: FieldSchema { .oneOf(allCases.map(\.rawValue)) }
    /// The API's Go types cannot tell an empty choice from an absent one.
    package static var emptyMeansAbsent: Bool { true }
    package static func decode(_ node: DocumentNode, _ context: inout DecodingContext) -> Self? {
        guard let text = String.decode(node, &context) else { return nil }
        if let choice = Self(rawValue: text) { return choice }
        context.expected("one of \(allCases.map(\.rawValue).joined(separator: ", "))", at: node)
        return nil
    }
    package func encode() -> DocumentNode { .string(rawValue) }
}
