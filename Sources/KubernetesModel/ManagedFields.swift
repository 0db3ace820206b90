/// `metadata.managedFields`: which writer owns which fields.
package struct ManagedFields: Sendable, Equatable {
    package enum Operation: String, Sendable {
        case apply = "Apply"
        case update = "Update"
    }

    /// Who wrote, how, and through which version and subresource: each such writer has one entry.
    package struct Writer: Sendable, Hashable {
        package var manager: String
        package var operation: Operation
        package var apiVersion: String
        package var subresource: String?

        package init(_ manager: String, _ operation: Operation, apiVersion: String, subresource: String? = nil) {
            self.manager = manager
            self.operation = operation
            self.apiVersion = apiVersion
            self.subresource = subresource
        }
    }

    package struct Entry: Sendable, Equatable {
        package var writer: Writer
        package var time: String?
        package var fields: FieldSet
    }

    /// Writers by update of one object; the oldest are joined under one name beyond that.
    private static let mostUpdaters = 10

    package var entries: [Entry] = []

    package init() {}

    /// Reads the list; nil where the object has none, or asks for it to be made anew.
    package init?(_ node: DocumentNode?) {
        guard let elements = node?.elements, !elements.isEmpty else { return nil }
        for element in elements {
            guard let manager = element["manager"]?.text,
                let operation = element["operation"]?.text.flatMap(Operation.init(rawValue:)),
                let apiVersion = element["apiVersion"]?.text
            else { continue }
            let writer = Writer(
                manager, operation, apiVersion: apiVersion, subresource: element["subresource"]?.text)
            let fields = FieldSet(element["fieldsV1"] ?? .object([]))
            entries.append(Entry(writer: writer, time: element["time"]?.text, fields: fields))
        }
    }

    package func encode() -> DocumentNode {
        .array(
            entries.map { entry in
                var members = [
                    DocumentMember("apiVersion", .string(entry.writer.apiVersion)),
                    DocumentMember("fieldsType", .string("FieldsV1")),
                    DocumentMember("fieldsV1", entry.fields.encode()),
                    DocumentMember("manager", .string(entry.writer.manager)),
                    DocumentMember("operation", .string(entry.writer.operation.rawValue)),
                ]
                if let subresource = entry.writer.subresource {
                    members.append(DocumentMember("subresource", .string(subresource)))
                }
                if let time = entry.time { members.append(DocumentMember("time", .string(time))) }
                return .object(members)
            })
    }

    /// The set of a writer.
    package subscript(writer: Writer) -> FieldSet { entries.first { $0.writer == writer }?.fields ?? FieldSet() }

    /// Gives a writer a set; the time changes only with the set.
    package mutating func set(_ fields: FieldSet, of writer: Writer, at time: String) {
        guard let index = entries.firstIndex(where: { $0.writer == writer }) else {
            if !fields.isEmpty { entries.append(Entry(writer: writer, time: time, fields: fields)) }
            return
        }
        if fields.isEmpty {
            entries.remove(at: index)
        } else if entries[index].fields != fields {
            entries[index].fields = fields
            entries[index].time = time
        }
    }

    /// Takes fields away from all writers but one.
    package mutating func take(_ fields: FieldSet, from others: (Writer) -> Bool) {
        guard !fields.isEmpty else { return }
        for index in entries.indices where others(entries[index].writer) {
            entries[index].fields = entries[index].fields.subtracting(fields)
        }
        entries.removeAll { $0.fields.isEmpty }
    }

    /// Notes a write that is no apply: what it changed is the writer's, and what it removed is nobody's.
    package mutating func noteUpdate(
        from old: DocumentNode?, to new: DocumentNode, by writer: Writer, _ schema: StructuralSchema, at time: String
    ) {
        let old = old.map(Self.ownable)
        let change = FieldSet.changes(from: old ?? .object([]), to: Self.ownable(new), schema)
        guard !change.set.isEmpty || !change.removed.isEmpty else { return }
        take(change.removed, from: { _ in true })
        take(change.set, from: { $0 != writer })
        let mine = self[writer].union(change.set)
        if change.set.isEmpty { return }
        set(mine, of: writer, at: time)
        // The time tells when the writer last changed something, be it the value of a field that it had.
        if let index = entries.firstIndex(where: { $0.writer == writer }) { entries[index].time = time }
        joinOldest()
    }

    private mutating func joinOldest() {
        while true {
            let updaters = entries.indices.filter { entries[$0].writer.operation == .update }
            guard updaters.count > Self.mostUpdaters, let first = updaters.first else { return }
            let old = entries.remove(at: first)
            let writer = Writer(
                "ancient-changes", .update, apiVersion: old.writer.apiVersion, subresource: old.writer.subresource)
            if let index = entries.firstIndex(where: { $0.writer == writer }), index != first {
                entries[index].fields = entries[index].fields.union(old.fields)
            } else if old.writer == writer {
                entries.append(old)
                return
            } else {
                entries.append(Entry(writer: writer, time: old.time, fields: old.fields))
            }
        }
    }

    /// Members of metadata that the server makes, and nobody owns.
    private static let unowned: Set<String> = [
        "name", "namespace", "uid", "resourceVersion", "generation", "creationTimestamp", "deletionTimestamp",
        "deletionGracePeriodSeconds", "managedFields", "selfLink", "generateName",
    ]

    /// An object without what nobody owns.
    static func ownable(_ object: DocumentNode) -> DocumentNode {
        .object(
            object.members.compactMap { member in
                switch member.name {
                case "apiVersion", "kind": return nil
                case "metadata":
                    let kept = member.value.members.filter { !unowned.contains($0.name) }
                    return kept.isEmpty ? nil : DocumentMember("metadata", .object(kept))
                default: return member
                }
            })
    }
}
