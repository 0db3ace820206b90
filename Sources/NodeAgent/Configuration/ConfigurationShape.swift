/// What kind of value a key takes.
package enum ConfigurationShape: Sendable, Equatable {
    case text
    /// A file's absolute path. A credential of systemd's may stand for it.
    case file
    case integer(ClosedRange<Int>)
    case boolean
    case choice([String])
    case list
    /// Names and whole numbers.
    case numbers
    case structure

    var allowed: String {
        switch self {
        case .text: "a text"
        case .file: TextRule.path.allowed
        case .integer(let range): "a whole number from \(range.lowerBound) to \(range.upperBound)"
        case .boolean: "true or false"
        case .choice(let names): "one of \(names.joined(separator: ", "))"
        case .list: "a list"
        case .numbers: "a map from names to whole numbers"
        case .structure: "a structure"
        }
    }
}
