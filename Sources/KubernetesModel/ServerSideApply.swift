/// Fields that another writer owns with another value.
package struct ApplyConflict: Error, Sendable, Equatable {
    package struct Field: Sendable, Equatable {
        package var owner: ManagedFields.Writer
        /// As kubectl prints it, such as `.spec.domain.cpu.cores`.
        package var path: String
    }

    package var fields: [Field]
}

/// Server-side apply: merges what a writer wants into what is there, and keeps track of who owns what.
package struct ServerSideApply: Sendable {
    private let schema: StructuralSchema

    package init(schema: StructuralSchema) { self.schema = schema }

    /// The object with `config` applied, and its managed fields.
    ///
    /// Fields that the writer applied before and left out now are removed where nobody else owns them.
    package func apply(
        _ config: DocumentNode, to live: DocumentNode, managed before: ManagedFields, by writer: ManagedFields.Writer,
        force: Bool, at time: String
    ) throws(ApplyConflict) -> (object: DocumentNode, managed: ManagedFields) {
        let wanted = FieldSet(of: ManagedFields.ownable(config), schema)
        var object = merge(config, live, schema)
        let changed = FieldSet.changes(
            from: ManagedFields.ownable(live.canonical), to: ManagedFields.ownable(object.canonical), schema)
        let contested = changed.set.union(changed.removed)
        var conflicts: [ApplyConflict.Field] = []
        for entry in before.entries where entry.writer != writer {
            for path in entry.fields.intersection(contested).paths {
                conflicts.append(ApplyConflict.Field(owner: entry.writer, path: path))
            }
        }
        guard conflicts.isEmpty || force else { throw ApplyConflict(fields: conflicts) }
        var managed = before
        managed.take(contested, from: { $0 != writer })
        var orphans = before[writer].subtracting(wanted)
        for entry in managed.entries where entry.writer != writer { orphans = orphans.subtracting(entry.fields) }
        object = remove(orphans, from: object, keeping: wanted, schema) ?? .object([])
        managed.set(wanted, of: writer, at: time)
        return (object, managed)
    }

    private func merge(_ config: DocumentNode, _ live: DocumentNode?, _ schema: StructuralSchema) -> DocumentNode {
        switch config.value {
        case .object(let members):
            var result = live?.isObject == true ? live ?? .object([]) : .object([])
            for member in members where member.value.value != .null {
                result.setMember(
                    member.name, merge(member.value, result[member.name], schema[member.name] ?? .anything))
            }
            return result
        case .array(let elements):
            guard let list = schema.list, list.kind != .atomic, let live, live.isArray else { return config }
            var result = live.elements
            for element in elements {
                let step = FieldSet.step(to: element, list.kind)
                if let place = result.firstIndex(where: { FieldSet.step(to: $0, list.kind) == step }) {
                    result[place] = merge(element, result[place], list.element)
                } else {
                    result.append(element)
                }
            }
            return .array(result)
        case .null, .bool, .number, .string: return config
        }
    }

    /// The node without the members of a set; nil where nothing is left of it that anybody wants.
    private func remove(
        _ orphans: FieldSet, from node: DocumentNode, keeping wanted: FieldSet, _ schema: StructuralSchema
    ) -> DocumentNode? {
        if orphans.children.isEmpty { return orphans.isMember ? nil : node }
        switch node.value {
        case .object(let members):
            let kept = members.compactMap { member -> DocumentMember? in
                guard let inner = orphans.children["f:" + member.name] else { return member }
                let keep = wanted.children["f:" + member.name] ?? FieldSet()
                return remove(inner, from: member.value, keeping: keep, schema[member.name] ?? .anything).map {
                    DocumentMember(member.name, $0)
                }
            }
            return kept.isEmpty && !members.isEmpty && wanted.isEmpty ? nil : .object(kept)
        case .array(let elements):
            guard let list = schema.list else { return node }
            let kept = elements.compactMap { element -> DocumentNode? in
                guard let step = FieldSet.step(to: element, list.kind), let inner = orphans.children[step] else {
                    return element
                }
                if inner.isMember { return nil }
                return remove(inner, from: element, keeping: wanted.children[step] ?? FieldSet(), list.element)
            }
            return kept.isEmpty && wanted.isEmpty ? nil : .array(kept)
        case .null, .bool, .number, .string: return node
        }
    }
}

extension ServerSideApply {
    /// The fields that applying `config` makes the writer own.
    package static func fields(of config: DocumentNode, _ schema: StructuralSchema) -> FieldSet {
        FieldSet(of: ManagedFields.ownable(config), schema)
    }
}
