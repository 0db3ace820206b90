/// A label selector as `kubectl -l` takes it: requirements, all of which hold.
package struct LabelSelector: Sendable, Equatable {
    package enum Requirement: Sendable, Equatable {
        case exists(String)
        case absent(String)
        case among(String, [String])
        /// Holds for objects without the label too.
        case notAmong(String, [String])
        case greater(String, Int64)
        case less(String, Int64)

        func holds(_ labels: [String: String]) -> Bool {
            switch self {
            case .exists(let key): labels[key] != nil
            case .absent(let key): labels[key] == nil
            case .among(let key, let values): labels[key].map(values.contains) ?? false
            case .notAmong(let key, let values): labels[key].map { !values.contains($0) } ?? true
            case .greater(let key, let bound): labels[key].flatMap(Int64.init).map { $0 > bound } ?? false
            case .less(let key, let bound): labels[key].flatMap(Int64.init).map { $0 < bound } ?? false
            }
        }
    }

    package let requirements: [Requirement]

    package static let everything = LabelSelector(requirements: [])

    private init(requirements: [Requirement]) { self.requirements = requirements }

    package init(_ text: String) throws(SelectorError) {
        var scanner = SelectorScanner(text)
        var requirements: [Requirement] = []
        while !scanner.isAtEnd {
            requirements.append(try scanner.requirement())
            if scanner.isAtEnd { break }
            guard scanner.take(",") else { throw scanner.problem("a comma is missing") }
            if scanner.isAtEnd { throw scanner.problem("something must follow the comma") }
        }
        self.requirements = requirements
    }

    package func matches(_ labels: [String: String]) -> Bool { requirements.allSatisfy { $0.holds(labels) } }
}

/// Reads the requirements of a label selector.
private struct SelectorScanner {
    private let text: String
    private var rest: Substring

    init(_ text: String) {
        self.text = text
        rest = text[...]
        skipSpace()
    }

    var isAtEnd: Bool { rest.isEmpty }

    func problem(_ text: String) -> SelectorError { .malformed(selector: self.text, problem: text) }

    private mutating func skipSpace() { rest = rest.drop { $0 == " " || $0 == "\t" } }

    mutating func take(_ token: String) -> Bool {
        guard rest.hasPrefix(token) else { return false }
        rest = rest.dropFirst(token.count)
        skipSpace()
        return true
    }

    private mutating func word() -> String {
        let word = rest.prefix { $0.isLetter || $0.isNumber || "-_./".contains($0) }
        rest = rest.dropFirst(word.count)
        skipSpace()
        return String(word)
    }

    private mutating func key() throws(SelectorError) -> String {
        let key = word()
        guard LabelSyntax.isKey(key) else { throw problem("\"\(key.cut(to: 60))\" is no label's name") }
        return key
    }

    private mutating func value() throws(SelectorError) -> String {
        let value = word()
        guard LabelSyntax.isValue(value) else { throw problem("\"\(value.cut(to: 60))\" is no label's value") }
        return value
    }

    mutating func requirement() throws(SelectorError) -> LabelSelector.Requirement {
        if take("!") { return .absent(try key()) }
        let key = try key()
        if take("==") || take("=") { return .among(key, [try value()]) }
        if take("!=") { return .notAmong(key, [try value()]) }
        if take(">") { return .greater(key, try bound()) }
        if take("<") { return .less(key, try bound()) }
        if isAtEnd || rest.first == "," { return .exists(key) }
        switch word() {
        case "in": return .among(key, try values())
        case "notin": return .notAmong(key, try values())
        default: throw problem("after \(key.cut(to: 60)) stands no operator: write =, !=, in, notin, < or >")
        }
    }

    private mutating func bound() throws(SelectorError) -> Int64 {
        guard let bound = Int64(word()) else { throw problem("< and > want a whole number") }
        return bound
    }

    private mutating func values() throws(SelectorError) -> [String] {
        guard take("(") else { throw problem("in and notin want values in parentheses") }
        var values = [try value()]
        while take(",") { values.append(try value()) }
        guard take(")") else { throw problem("a parenthesis is not closed") }
        return values
    }
}

/// What may be the name or value of a label.
package enum LabelSyntax {
    private static func isEdge(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
        case UInt8(ascii: "0")...UInt8(ascii: "9"): true
        default: false
        }
    }

    private static func isInner(_ byte: UInt8) -> Bool {
        isEdge(byte) || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_") || byte == UInt8(ascii: ".")
    }

    private static func isName(_ text: some Collection<UInt8>) -> Bool {
        guard let first = text.first, text.count <= 63 else { return false }
        return isEdge(first) && text.allSatisfy(isInner) && isEdge(text.reduce(first) { $1 })
    }

    /// Up to 63 bytes of letters, digits, `-`, `_` and `.`, or nothing.
    package static func isValue(_ text: String) -> Bool { text.isEmpty || isName(text.utf8) }

    /// A name like a value, with or without a domain before a slash.
    package static func isKey(_ text: String) -> Bool {
        let parts = text.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        switch parts.count {
        case 1: return isName(parts[0])
        case 2: return isSubdomain(parts[0]) && isName(parts[1])
        default: return false
        }
    }

    /// RFC 1123: labels of lower-case letters, digits and `-`, joined by dots; 253 bytes at most.
    package static func isSubdomain(_ text: some Collection<UInt8>) -> Bool {
        guard text.count <= 253 else { return false }
        return text.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false).allSatisfy {
            isLabel($0, limit: 253)
        }
    }

    /// RFC 1123: lower-case letters, digits and `-`, which stands at neither end.
    package static func isLabel(_ text: some Collection<UInt8>, limit: Int = 63) -> Bool {
        guard let first = text.first, text.count <= limit else { return false }
        let isPlain = { (byte: UInt8) in isEdge(byte) && !(UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) }
        return isPlain(first) && text.allSatisfy { isPlain($0) || $0 == UInt8(ascii: "-") }
            && isPlain(text.reduce(first) { $1 })
    }
}
