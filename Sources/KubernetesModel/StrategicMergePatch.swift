/// Strategic merge patch: a merge patch in which lists of objects are merged by a key, and directives say the rest.
///
/// Which lists are merged, and by what key, stands in the schema of the kind.
package struct StrategicMergePatch: Sendable {
    private let schema: StructuralSchema

    package init(schema: StructuralSchema) { self.schema = schema }

    package func apply(_ patch: DocumentNode, to target: DocumentNode) throws(PatchError) -> DocumentNode {
        guard patch.isObject else { throw .malformed("a strategic merge patch is an object") }
        return try merge(patch, target, schema) ?? .object([])
    }

    private static let orderPrefix = "$setElementOrder/"
    private static let deletionPrefix = "$deleteFromPrimitiveList/"

    /// Nil where the patch removes the object.
    private func merge(_ patch: DocumentNode, _ target: DocumentNode?, _ schema: StructuralSchema) throws(PatchError)
        -> DocumentNode?
    {
        switch patch["$patch"]?.text {
        case "delete": return nil
        case "replace": return Self.withoutDirectives(patch)
        case nil, "merge": break
        case let other?: throw .malformed("\"\(other.cut(to: 40))\" is no directive of $patch")
        }
        var result = target?.isObject == true ? target ?? .object([]) : .object([])
        if let kept = patch["$retainKeys"] {
            let names = Set(kept.elements.compactMap(\.text))
            result = .object(result.members.filter { names.contains($0.name) })
        }
        for member in patch.members {
            if let name = member.name.removing(Self.deletionPrefix) {
                let gone = member.value.elements
                guard let list = result[name] else { continue }
                result.setMember(name, .array(list.elements.filter { !gone.contains($0) }))
            } else if !member.name.hasPrefix("$") {
                try merge(member, into: &result, schema)
            }
        }
        for member in patch.members {
            guard let name = member.name.removing(Self.orderPrefix), let list = result[name] else { continue }
            result.setMember(name, order(list, by: member.value.elements, schema[name]?.list?.kind ?? .atomic))
        }
        return result
    }

    private func merge(_ member: DocumentMember, into result: inout DocumentNode, _ schema: StructuralSchema)
        throws(PatchError)
    {
        let inner = schema[member.name] ?? .anything
        switch member.value.value {
        case .null: result.setMember(member.name, nil)
        case .object: result.setMember(member.name, try merge(member.value, result[member.name], inner))
        case .array(let elements):
            guard let list = inner.list, list.kind != .atomic else {
                return result.setMember(member.name, Self.withoutDirectives(member.value))
            }
            let before = result[member.name]?.elements ?? []
            result.setMember(member.name, .array(try mergeList(elements, before, list.element, list.kind)))
        case .bool, .number, .string: result.setMember(member.name, member.value)
        }
    }

    private func mergeList(
        _ patch: [DocumentNode], _ target: [DocumentNode], _ schema: StructuralSchema, _ kind: ListKind
    ) throws(PatchError) -> [DocumentNode] {
        if patch.contains(where: { $0["$patch"]?.text == "replace" }) {
            return patch.filter { $0["$patch"] == nil }
        }
        var result = target
        for element in patch {
            guard case .map(let keys) = kind else {
                if !result.contains(element) { result.append(element) }
                continue
            }
            guard keys.allSatisfy({ element[$0] != nil }) else {
                throw .malformed("an element of a list lacks \(keys.joined(separator: " and "))")
            }
            let place = result.firstIndex { other in keys.allSatisfy { other[$0] == element[$0] } }
            let merged = try merge(element, place.map { result[$0] }, schema)
            switch (place, merged) {
            case (let place?, let merged?): result[place] = merged
            case (let place?, nil): result.remove(at: place)
            case (nil, let merged?): result.append(merged)
            case (nil, nil): break
            }
        }
        return result
    }

    /// The elements that `order` names in its order, and the others after them.
    private func order(_ list: DocumentNode, by order: [DocumentNode], _ kind: ListKind) -> DocumentNode {
        func rank(_ element: DocumentNode) -> Int {
            order.firstIndex { other in
                guard case .map(let keys) = kind else { return other == element }
                return keys.allSatisfy { other[$0] == element[$0] }
            } ?? order.count
        }
        let ranked = list.elements.enumerated().map { (rank($1), $0, $1) }
        return .array(ranked.sorted { ($0.0, $0.1) < ($1.0, $1.1) }.map(\.2))
    }

    private static func withoutDirectives(_ node: DocumentNode) -> DocumentNode {
        switch node.value {
        case .object(let members):
            .object(
                members.filter { !$0.name.hasPrefix("$") }.map { DocumentMember($0.name, withoutDirectives($0.value)) })
        case .array(let elements): .array(elements.map(withoutDirectives))
        case .null, .bool, .number, .string: node
        }
    }
}

extension String {
    fileprivate func removing(_ prefix: String) -> String? { hasPrefix(prefix) ? String(dropFirst(prefix.count)) : nil }
}
