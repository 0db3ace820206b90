/// Why a text is not a document.
package enum DocumentError: Error, Equatable {
    case syntax(format: String, problem: String, position: SourcePosition?)
    case tooLarge(bytes: Int, limit: Int)
    case tooDeep(limit: Int)
    case tooManyNodes(limit: Int)
    case duplicateKey(String, position: SourcePosition?)
    case keyIsNotAString(position: SourcePosition?)

    package var position: SourcePosition? {
        switch self {
        case .syntax(_, _, let position), .duplicateKey(_, let position), .keyIsNotAString(let position): position
        case .tooLarge, .tooDeep, .tooManyNodes: nil
        }
    }
}

extension DocumentError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .syntax(let format, let problem, _): "this is not \(format): \(problem)"
        case .tooLarge(let bytes, let limit):
            "the text is \(bytes) bytes long, and the limit is \(limit): split it into several files"
        case .tooDeep(let limit): "the document is nested more than \(limit) levels deep"
        case .tooManyNodes(let limit):
            "the document has more than \(limit) values once its aliases are expanded: write them out, or use fewer"
        case .duplicateKey(let key, _): "the key \"\(key.cut(to: 60))\" stands twice in one object: remove one"
        case .keyIsNotAString: "a key of an object must be a string: put it in quotes"
        }
    }
}
