/// Where a decoder stands in a document, and what it found wrong so far.
package struct DecodingContext {
    /// One step of a path; paths are put together only where something is wrong, which is seldom.
    private enum Step {
        case field(String)
        case element(Int)
    }

    /// Code points of a step: Kubernetes' longest keys, those of labels and annotations, have 317.
    private static let longestName = 320

    package private(set) var issues: [FieldIssue] = []
    private let root: String
    private var steps: [Step] = []
    /// How many more unknown names are compared with known ones: whoever makes thousands of slips made none.
    private var hints = 100

    package init(path: String = "") { root = path }

    private var path: String {
        steps.reduce(into: root) { path, step in
            switch step {
            case .field(let name): path += (path.isEmpty ? "" : ".") + name.cut(to: Self.longestName)
            case .element(let index): path += "[\(index)]"
            }
        }
    }

    package mutating func report(_ severity: FieldIssue.Severity, _ message: String, at position: SourcePosition?) {
        issues.append(FieldIssue(severity, path, message, at: position))
    }

    package mutating func expected(_ what: String, at node: DocumentNode) {
        report(.error, "\(node.excerpt ?? node.kindName) is not \(what)", at: node.position)
    }

    /// Warns of a field that no table knows, and names the one that was meant where there is one.
    mutating func reportUnknown(_ member: DocumentMember, among names: @autoclosure () -> [String]) {
        hints -= 1
        let nearest = hints >= 0 ? NearestName.of(member.name, among: names()) : nil
        let hint = nearest.map { ": did you mean \($0)?" } ?? ": it is kept, and has no effect"
        report(.warning, "no such field\(hint)", at: member.value.position)
    }

    /// Runs `body` one field deeper.
    package mutating func within<Value>(_ name: String, _ body: (inout DecodingContext) -> Value) -> Value {
        steps.append(.field(name))
        defer { steps.removeLast() }
        return body(&self)
    }

    /// Runs `body` at one element of the list here.
    package mutating func element<Value>(_ index: Int, _ body: (inout DecodingContext) -> Value) -> Value {
        steps.append(.element(index))
        defer { steps.removeLast() }
        return body(&self)
    }
}
