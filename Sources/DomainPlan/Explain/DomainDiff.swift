/// What a change of a VMI changes in its domain, field by field, and what that takes.
package struct DomainDiff: Sendable {
    /// A change of the domain, with what it takes.
    struct Verdict: Sendable {
        var change: DomainChange
        var result: ChangeClass
        var how: String
    }

    /// The changes of the domain that the same fields caused.
    struct Group: Sendable {
        var fields: [FieldChange]
        var verdicts: [Verdict]
    }

    var groups: [Group] = []
    /// Changed fields that the domain says nothing of.
    private(set) var silent: [FieldChange] = []

    /// The change that takes the most; nil where the domain stays as it is.
    package var result: ChangeClass? { groups.lazy.flatMap(\.verdicts).map(\.result).max() }

    package init(_ old: Explanation, _ new: Explanation) {
        let fields: [FieldChange] =
            if let before = old.written, let after = new.written { FieldComparison(before, after).changes } else { [] }
        let changes = DomainComparison(old.root, new.root).changes
        let judge = ChangeJudge(changes, old: old.root, new: new.root)
        let verdicts = changes.compactMap { change in
            judge.rule(for: change).map { Verdict(change: change, result: $0.result, how: $0.how(change.kind)) }
        }
        var attribution = FieldAttribution(FieldIndex(fields), old.written?.instance, new.written?.instance)
        var orphans: [Verdict] = []
        var attributed: [Int: [Verdict]] = [:]
        var order: [Int] = []
        for verdict in verdicts {
            guard let number = attribution.group(of: verdict.change) else {
                orphans.append(verdict)
                continue
            }
            if attributed[number] == nil { order.append(number) }
            attributed[number, default: []].append(verdict)
        }
        groups = order.map { number in
            Group(fields: attribution.groups[number].map { fields[$0] }, verdicts: attributed[number] ?? [])
        }
        let claimed = Set(order.lazy.flatMap { attribution.groups[$0] })
        let hidden = HiddenChanges(new.root, since: old.root, new.written?.instance)
        var rest: [FieldChange] = []
        for index in fields.indices where !claimed.contains(index) {
            if let verdict = hidden.verdict(for: fields[index]) {
                groups.append(Group(fields: [fields[index]], verdicts: [verdict]))
            } else {
                rest.append(fields[index])
            }
        }
        if orphans.isEmpty {
            silent = rest
        } else {
            groups.append(Group(fields: rest.filter(\.canReachDomain), verdicts: orphans))
            silent = rest.filter { !$0.canReachDomain }
        }
    }

    /// The change of a VMI's name, where two VMIs of different names are compared.
    package mutating func addRenaming(from old: String, to new: String) {
        let cause = ResolvedCause(kind: .field, subject: "metadata.name", value: new, field: "metadata.name")
        let change = DomainChange(
            kind: .changed, path: "name", old: old, new: new, names: ["name"], oldCause: cause, newCause: cause)
        let verdict = Verdict(change: change, result: .recreate, how: "the name is the VM's identity")
        let field = FieldChange(
            steps: ["metadata", "name"], path: "metadata.name", old: .scalar(old, line: nil),
            new: .scalar(new, line: nil))
        groups.insert(Group(fields: [field], verdicts: [verdict]), at: 0)
    }
}

extension FieldChange {
    /// Whether a domain is made from what lies there. Who schedules, probes or labels the VM is nothing to libvirt.
    fileprivate var canReachDomain: Bool {
        steps.starts(with: ["metadata", "annotations"])
            || steps.count > 1 && steps[0] == "spec"
                && ["domain", "volumes", "networks", "architecture", "startStrategy"].contains(steps[1])
    }
}
