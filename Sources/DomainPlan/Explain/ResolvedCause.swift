import KubernetesModel

/// Why a part of a domain is as it is, with what the field says.
package struct ResolvedCause: Sendable, Equatable {
    package enum Kind: String, Sendable {
        /// A field that the user wrote.
        case field
        /// A field that the user left to its default.
        case `default`
        /// A fact of the host.
        case host
        /// A rule of virt-node.
        case rule
    }

    package var kind: Kind
    /// The field's path from the document's root, or the fact or rule in words.
    package var subject: String
    /// What the field says, or its default; nil for a list or an object, and where there is none.
    package var value: String?
    /// The line of the field in its file, counted from 1.
    package var line: Int?
    /// The field's path in the VMI, as the plan named it; nil for facts and rules.
    var field: String?

    /// The cause as one sentence.
    package var text: String {
        let said = value.map { ": \($0)" } ?? ""
        let place = line.map { " (line \($0))" } ?? ""
        return switch kind {
        case .field: subject + said + place
        case .default: "default of \(subject)\(said)"
        case .host: "host: \(subject)"
        case .rule: "rule: \(subject)"
        }
    }
}

/// Finds what the fields say that causes name.
struct CauseResolver {
    /// Nil where the document is not at hand.
    let written: WrittenFields?
    /// The VMI with its defaults.
    let defaulted: FieldTree

    func resolve(_ reason: PlanCause.Reason) -> ResolvedCause {
        switch reason {
        case .host(let fact): ResolvedCause(kind: .host, subject: fact)
        case .rule(let rule): ResolvedCause(kind: .rule, subject: rule)
        case .field(let path): resolve(field: path)
        }
    }

    private func resolve(field path: String) -> ResolvedCause {
        let subject = written?.documentPath(of: path) ?? path
        guard let node = written?.value(at: path) else {
            let value = defaulted[path]?.node.brief
            return ResolvedCause(kind: .default, subject: subject, value: value, field: path)
        }
        return ResolvedCause(
            kind: .field, subject: subject, value: node.brief, line: node.position?.line, field: path)
    }
}
