/// Why a selector cannot be read.
package enum SelectorError: Error, Equatable {
    case malformed(selector: String, problem: String)
    /// The kind cannot be selected by that field.
    case unknownField(String, known: [String])
}

extension SelectorError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .malformed(let selector, let problem):
            "unable to parse the selector \"\(selector.cut(to: 200))\": \(problem)"
        case .unknownField(let field, let known):
            "field label not supported: \(field.cut(to: 100)): select by \(known.joined(separator: ", "))"
        }
    }
}
