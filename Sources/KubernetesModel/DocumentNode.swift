/// A place in a source text, counted from 1.
package struct SourcePosition: Sendable, Equatable {
    package var line: Int
    package var column: Int

    package init(line: Int, column: Int) {
        self.line = line
        self.column = column
    }
}

/// One member of an object, in source order.
package struct DocumentMember: Sendable, Equatable {
    package var name: String
    package var value: DocumentNode

    package init(_ name: String, _ value: DocumentNode) {
        self.name = name
        self.value = value
    }
}

/// A node of the one tree that YAML and JSON are read into.
///
/// Numbers keep their exact text, so that `1e3` or a 64-bit integer survives a round trip. Positions lead error messages
/// back to the line a user wrote; they do not count when nodes are compared.
package struct DocumentNode: Sendable, Equatable {
    package enum Value: Sendable, Equatable {
        case null
        case bool(Bool)
        /// The number's text as it was written.
        case number(String)
        case string(String)
        case array([DocumentNode])
        case object([DocumentMember])
    }

    package var value: Value
    package var position: SourcePosition?

    package init(_ value: Value, at position: SourcePosition? = nil) {
        self.value = value
        self.position = position
    }

    package static func == (left: DocumentNode, right: DocumentNode) -> Bool { left.value == right.value }

    package static func string(_ text: String) -> DocumentNode { DocumentNode(.string(text)) }
    package static func number(_ number: some BinaryInteger) -> DocumentNode { DocumentNode(.number("\(number)")) }
    package static func bool(_ bool: Bool) -> DocumentNode { DocumentNode(.bool(bool)) }
    package static func array(_ nodes: [DocumentNode]) -> DocumentNode { DocumentNode(.array(nodes)) }
    package static func object(_ members: [DocumentMember]) -> DocumentNode { DocumentNode(.object(members)) }

    /// The member of that name, where this is an object that has one. A null counts as absent, as it does in Kubernetes.
    package subscript(name: String) -> DocumentNode? {
        guard case .object(let members) = value else { return nil }
        guard let found = members.first(where: { $0.name == name })?.value, found.value != .null else { return nil }
        return found
    }

    package var text: String? {
        guard case .string(let text) = value else { return nil }
        return text
    }

    /// What kind of node this is, in a user's words.
    package var kindName: String {
        switch value {
        case .null: "null"
        case .bool: "a boolean"
        case .number: "a number"
        case .string: "a string"
        case .array: "a list"
        case .object: "an object"
        }
    }

    /// A short rendering of a scalar for an error message; nil for lists and objects.
    package var excerpt: String? {
        switch value {
        case .null: "null"
        case .bool(let bool): "\(bool)"
        case .number(let text): text.cut(to: 60)
        case .string(let text): "\"\(text.cut(to: 60))\""
        case .array, .object: nil
        }
    }
}

extension String {
    /// At most `limit` code points of the text: what looks like one letter may have any number of accents.
    package func cut(to limit: Int) -> String {
        // No code point has less than a byte.
        guard utf8.count > limit, unicodeScalars.count > limit else { return self }
        return String(unicodeScalars.prefix(limit - 3)) + "..."
    }
}
