import KubernetesModel

extension DocumentNode {
    /// Whether both say the same, code point by code point.
    func isSame(as other: DocumentNode) -> Bool {
        DocumentWriter.json(self, indent: nil).utf8.elementsEqual(DocumentWriter.json(other, indent: nil).utf8)
    }

    /// The first place where the two are not the same, for a message; nil where they are.
    func difference(from other: DocumentNode, at path: String = "") -> String? {
        switch (value, other.value) {
        case (.array(let mine), .array(let its)) where mine.count == its.count:
            return zip(mine, its).lazy.enumerated().compactMap { index, pair in
                pair.0.difference(from: pair.1, at: "\(path)[\(index)]")
            }.first
        case (.object(let mine), .object(let its)) where mine.count == its.count:
            return zip(mine, its).lazy.compactMap { mine, its in
                guard mine.name.utf8.elementsEqual(its.name.utf8) else {
                    return
                        "\(path): \(mine.name.debugDescription.prefix(200)), not \(its.name.debugDescription.prefix(200))"
                }
                return mine.value.difference(from: its.value, at: "\(path).\(mine.name)")
            }.first
        default:
            guard !isSame(as: other) else { return nil }
            let texts = [self, other].map { DocumentWriter.json($0, indent: nil).debugDescription.prefix(200) }
            return "\(path): \(texts[0]), not \(texts[1])"
        }
    }

    /// How many nodes there are, itself among them.
    var nodeCount: Int {
        switch value {
        case .array(let elements): elements.reduce(1) { $0 + $1.nodeCount }
        case .object(let members): members.reduce(1) { $0 + $1.value.nodeCount }
        case .null, .bool, .number, .string: 1
        }
    }

    /// Changes the node at that place of a walk from the root, with what the tables say about it, if they know it.
    mutating func change(
        at place: Int, schema: FieldSchema?, _ body: (inout DocumentNode, FieldSchema?) -> Void
    ) {
        var left = place
        walk(&left, schema, body)
    }

    private mutating func walk(
        _ left: inout Int, _ schema: FieldSchema?, _ body: (inout DocumentNode, FieldSchema?) -> Void
    ) {
        guard left > 0 else {
            if left == 0 { body(&self, schema) }
            left = -1
            return
        }
        left -= 1
        switch value {
        case .array(var elements):
            value = .null
            for index in elements.indices where left >= 0 { elements[index].walk(&left, schema?.element, body) }
            value = .array(elements)
        case .object(var members):
            value = .null
            for index in members.indices where left >= 0 {
                members[index].value.walk(&left, schema?.member(members[index].name), body)
            }
            value = .object(members)
        case .null, .bool, .number, .string: break
        }
    }

    /// The tree as YAML's reader sees it, which drops a byte order mark where a scalar begins.
    var withoutMarks: DocumentNode {
        func unmarked(_ text: String) -> String {
            text.unicodeScalars.first == "\u{FEFF}" ? String(text.unicodeScalars.dropFirst()) : text
        }
        switch value {
        case .string(let text): return .string(unmarked(text))
        case .array(let elements): return .array(elements.map(\.withoutMarks))
        case .object(let members):
            return .object(members.map { DocumentMember(unmarked($0.name), $0.value.withoutMarks) })
        case .null, .bool, .number: return self
        }
    }

    /// The same tree with other strings; names of members stay.
    func mappingStrings(_ transform: (String) -> String) -> DocumentNode {
        switch value {
        case .string(let text): .string(transform(text))
        case .array(let elements): .array(elements.map { $0.mappingStrings(transform) })
        case .object(let members):
            .object(members.map { DocumentMember($0.name, $0.value.mappingStrings(transform)) })
        case .null, .bool, .number: self
        }
    }

    /// Every string with its path; elements of lists are `[]`.
    func strings(_ path: String = "") -> [(path: String, text: String)] {
        switch value {
        case .string(let text): [(path, text)]
        case .array(let elements): elements.flatMap { $0.strings("\(path)[]") }
        case .object(let members):
            members.flatMap { $0.value.strings(path.isEmpty ? $0.name : "\(path).\($0.name)") }
        case .null, .bool, .number: []
        }
    }
}

extension FieldSchema {
    /// What the elements of a list are.
    var element: FieldSchema? {
        guard case .list(let element) = self else { return nil }
        return element
    }

    /// What the member of that name is.
    func member(_ name: String) -> FieldSchema? {
        switch self {
        case .map(let value): value
        case .object(_, let members): members().first { $0.name == name }?.schema
        case .string, .oneOf, .boolean, .integer, .quantity, .timestamp, .any, .list: nil
        }
    }
}
