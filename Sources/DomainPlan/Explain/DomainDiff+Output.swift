package import KubernetesModel

extension DomainDiff {
    /// Fields that a group shows by name; it counts the others.
    private static let shownFields = 8

    /// What all of it takes, in a few words.
    package var summary: String {
        switch result {
        case nil: "nothing changes"
        case .live: "can be done live"
        case .migration: "needs a migration or a restart"
        case .restart: "needs a restart"
        case .recreate: "is another VM: delete it, and make it anew"
        }
    }

    /// The changes below the fields that caused them, then the fields without effect, then the summary.
    package var text: String {
        var table = TwoColumns()
        for group in groups {
            table.add(group.fields, or: group.verdicts.first?.change, shown: Self.shownFields)
            for run in group.verdicts.runs(by: { $0.isTwin(of: $1) }) {
                let verdict = run[run.startIndex]
                table.row(
                    verdict.change.words(times: run.count), indent: 2, "\(verdict.result.rawValue): \(verdict.how)")
            }
        }
        if !silent.isEmpty { table.line("no change of the domain") }
        for field in silent { table.line(field.text, indent: 2) }
        table.line(summary)
        return table.text
    }

    /// The differences of the VMI with that name as one object.
    package func document(of instance: String) -> DocumentNode {
        .object([
            DocumentMember("vmi", .string(instance)),
            DocumentMember("result", .string(result?.rawValue ?? "none")),
            DocumentMember("changes", .array(groups.flatMap { $0.verdicts.map(\.document) })),
            DocumentMember("fields", .array((groups.flatMap(\.fields).unique + silent).map(\.document))),
        ])
    }
}

extension DomainDiff.Verdict {
    /// Whether both are the same change of neighbours.
    fileprivate func isTwin(of other: DomainDiff.Verdict) -> Bool {
        // Controllers have no names, and differ in their numbers only.
        let isController = change.element != nil && change.names == ["devices", "controller"]
        let isSame = change.old == other.change.old && change.new == other.change.new
        return change.kind == other.change.kind && change.names == other.change.names
            && change.attribute == other.change.attribute && (isSame || isController) && how == other.how
    }

    fileprivate var document: DocumentNode {
        var members = [
            DocumentMember("change", .string(change.kind.rawValue)), DocumentMember("element", .string(change.path)),
        ]
        if let attribute = change.attribute { members.append(DocumentMember("attribute", .string(attribute))) }
        if let old = change.old { members.append(DocumentMember("old", .string(old))) }
        if let new = change.new { members.append(DocumentMember("new", .string(new))) }
        if let cause = change.newCause ?? change.oldCause {
            members.append(DocumentMember("kind", .string(cause.kind.rawValue)))
            members.append(DocumentMember("cause", .string(cause.subject)))
        }
        return .object(
            members + [DocumentMember("class", .string(result.rawValue)), DocumentMember("how", .string(how))])
    }
}

extension DomainChange {
    /// The change as words of a line: `+ devices/rng`, `- devices/tpm`, `~ vcpu 2 -> 4`.
    fileprivate func words(times: Int) -> [String] {
        let sign =
            switch kind {
            case .added: "+"
            case .removed: "-"
            case .changed, .hidden: "~"
            }
        var words = [sign, place]
        if times > 1 { words.append("(and \(times - 1) like it)") }
        if kind == .hidden { return words + ["(other contents)"] }
        guard kind == .changed else { return words }
        return words + [old.map(ExplainedElement.quoted) ?? "none", "->", new.map(ExplainedElement.quoted) ?? "none"]
    }
}

extension FieldChange {
    fileprivate var document: DocumentNode {
        var members = [DocumentMember("field", .string(path))]
        if old != .absent { members.append(DocumentMember("old", .string(old.words))) }
        if new != .absent { members.append(DocumentMember("new", .string(new.words))) }
        if let line = new.line ?? old.line { members.append(DocumentMember("line", .number(line))) }
        return .object(members)
    }
}

extension [FieldChange] {
    /// Each field once, in its first place.
    fileprivate var unique: [FieldChange] {
        var seen: Set<[String]> = []
        return filter { seen.insert($0.steps).inserted }
    }
}

extension TwoColumns {
    /// The fields that a group of changes comes from; the cause of its first change, where no field changed.
    fileprivate mutating func add(_ fields: [FieldChange], or change: DomainChange?, shown: Int) {
        for field in fields.prefix(shown) { line(field.text) }
        if fields.count > shown { line("... and \(fields.count - shown) more fields") }
        if fields.isEmpty, let cause = change?.newCause ?? change?.oldCause { line(cause.text) }
    }
}
