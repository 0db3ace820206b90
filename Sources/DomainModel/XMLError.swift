/// Why a text is not the XML that it should be.
package enum XMLError: Error, Equatable {
    case malformed(problem: String, offset: Int)
    case tooDeep(limit: Int)
    /// The limit in bytes.
    case tooLong(limit: Int)
    /// XML, but not the document that was expected.
    case unreadable(element: String, problem: String)
}

extension XMLError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .malformed(let problem, let offset): "this is not XML: \(problem), at byte \(offset)"
        case .tooDeep(let limit): "this XML is nested more than \(limit) levels deep"
        case .tooLong(let limit): "this XML is longer than \(limit) bytes"
        case .unreadable(let element, let problem): "this <\(element)> cannot be read: \(problem)"
        }
    }
}
