/// A field selector as `kubectl --field-selector` takes it: comparisons, all of which hold.
package struct FieldSelector: Sendable, Equatable {
    package struct Requirement: Sendable, Equatable {
        package var field: String
        package var value: String
        package var isEqual: Bool
    }

    package let requirements: [Requirement]

    package static let everything = FieldSelector(requirements: [])

    private init(requirements: [Requirement]) { self.requirements = requirements }

    package init(_ text: String) throws(SelectorError) {
        var requirements: [Requirement] = []
        for term in Self.terms(text) where !term.isEmpty {
            requirements.append(try Self.requirement(term, of: text))
        }
        self.requirements = requirements
    }

    /// Splits at commas that no backslash stands before.
    private static func terms(_ text: String) -> [String] {
        var terms = [""]
        var isEscaped = false
        for character in text {
            if isEscaped {
                terms[terms.count - 1] += "\\\(character)"
                isEscaped = false
            } else if character == "\\" {
                isEscaped = true
            } else if character == "," {
                terms.append("")
            } else {
                terms[terms.count - 1].append(character)
            }
        }
        return terms
    }

    private static func requirement(_ term: String, of text: String) throws(SelectorError) -> Requirement {
        guard let sign = term.firstIndex(where: { $0 == "=" || $0 == "!" }) else {
            throw .malformed(selector: text, problem: "a term has the form FIELD=VALUE or FIELD!=VALUE")
        }
        let field = String(term[..<sign])
        var rest = term[sign...]
        let isEqual = rest.first == "="
        rest = rest.dropFirst()
        if isEqual, rest.first == "=" { rest = rest.dropFirst() }
        if !isEqual {
            guard rest.first == "=" else { throw .malformed(selector: text, problem: "after ! stands no =") }
            rest = rest.dropFirst()
        }
        guard !field.isEmpty else { throw .malformed(selector: text, problem: "a term names no field") }
        var value = ""
        var isEscaped = false
        for character in rest {
            if !isEscaped, character == "\\" {
                isEscaped = true
            } else {
                value.append(character)
                isEscaped = false
            }
        }
        return Requirement(field: field, value: value, isEqual: isEqual)
    }

    /// Whether a kind whose objects have these fields can be selected so.
    package func check(_ known: [String]) throws(SelectorError) {
        for requirement in requirements where !known.contains(requirement.field) {
            throw .unknownField(requirement.field, known: known)
        }
    }

    /// An absent field counts as empty.
    package func matches(_ fields: [String: String]) -> Bool {
        requirements.allSatisfy { ((fields[$0.field] ?? "") == $0.value) == $0.isEqual }
    }

    /// The value that a field must have; nil where the selector leaves it open.
    package func required(_ field: String) -> String? {
        requirements.first { $0.field == field && $0.isEqual }?.value
    }
}
