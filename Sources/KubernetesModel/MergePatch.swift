/// JSON merge patch, RFC 7386: objects are merged, a null removes, anything else replaces.
package enum MergePatch {
    package static func apply(_ patch: DocumentNode, to target: DocumentNode?) -> DocumentNode {
        guard case .object(let changes) = patch.value else { return patch }
        var result = target?.isObject == true ? target ?? .object([]) : .object([])
        for change in changes {
            if change.value.value == .null {
                result.setMember(change.name, nil)
            } else {
                result.setMember(change.name, apply(change.value, to: result.member(change.name)))
            }
        }
        return result
    }

    /// The patch that turns `old` into `new`; nil where both say the same.
    package static func difference(from old: DocumentNode, to new: DocumentNode) -> DocumentNode? {
        guard old.isObject, case .object(let members) = new.value else {
            return old.saysTheSame(as: new) ? nil : new
        }
        var changes: [DocumentMember] = []
        for member in members where member.value.value != .null {
            if let before = old[member.name] {
                if let change = difference(from: before, to: member.value) {
                    changes.append(DocumentMember(member.name, change))
                }
            } else {
                changes.append(member)
            }
        }
        for member in old.members where member.value.value != .null && new[member.name] == nil {
            changes.append(DocumentMember(member.name, DocumentNode(.null)))
        }
        return changes.isEmpty ? nil : .object(changes)
    }
}
