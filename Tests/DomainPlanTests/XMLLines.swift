import DomainModel
import Testing

@testable import DomainPlan

extension DomainPlan {
    /// The elements at a path below `<domain>`, such as `devices/disk`, each in one line: its name, its attributes by
    /// name, its children in braces, its text behind a colon.
    func lines(_ path: String) throws -> [String] {
        try XMLReader.read(domain.xml().text).at(path.split(separator: "/").map(String.init)).map(\.line)
    }

    /// The one element at a path; nil where there is none.
    func line(_ path: String) throws -> String? {
        let lines = try lines(path)
        try #require(lines.count <= 1, "\(lines.count) elements \(path)")
        return lines.first
    }

    var reasons: [String] { warnings.map(\.reason) }
}

extension XMLElement {
    fileprivate func at(_ names: [String]) -> [XMLElement] {
        guard let name = names.first else { return [self] }
        return all(name).flatMap { $0.at(Array(names.dropFirst())) }
    }

    fileprivate var line: String {
        var words = [name] + attributes.map { "\($0.name)=\($0.value)" }.sorted()
        words += children.map { "{\($0.line)}" }
        return words.joined(separator: " ") + (text.isEmpty ? "" : ": \(text)")
    }
}
