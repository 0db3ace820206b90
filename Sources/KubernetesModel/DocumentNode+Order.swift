extension DocumentNode {
    /// The same document with the members of every object in the order of their names, and without nulls: in this form
    /// two documents that say the same are equal.
    package var canonical: DocumentNode {
        switch value {
        case .null, .bool, .number, .string: return DocumentNode(value)
        case .array(let elements): return .array(elements.map(\.canonical))
        case .object(let members):
            let kept = members.lazy.filter { $0.value.value != .null }.map {
                DocumentMember($0.name, $0.value.canonical)
            }
            return .object(kept.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) })
        }
    }

    /// Whether both say the same: the order of members and nulls count for nothing.
    package func saysTheSame(as other: DocumentNode) -> Bool { canonical == other.canonical }

    /// The member of that name, a null too.
    package func member(_ name: String) -> DocumentNode? {
        guard case .object(let members) = value else { return nil }
        return members.first { $0.name == name }?.value
    }

    /// Sets or, with nil, removes one member; a node that is no object becomes one.
    package mutating func setMember(_ name: String, _ node: DocumentNode?) { self[[name]] = node }

    package var isObject: Bool { if case .object = value { true } else { false } }
    package var isArray: Bool { if case .array = value { true } else { false } }

    /// A whole number, where this is one that fits.
    package var integer: Int64? { if case .number(let text) = value { Int64(text) } else { nil } }
    package var isTrue: Bool { value == .bool(true) }

    /// A map of strings; entries that are none are left out.
    package var stringMap: [String: String] {
        members.reduce(into: [:]) { map, member in
            if let text = member.value.text { map[member.name] = text }
        }
    }
}
