/// Where a decoder stands in a document, and what it found wrong so far.
package struct DecodingContext {
    package private(set) var issues: [FieldIssue] = []
    private var path = ""

    package init(path: String = "") { self.path = path }

    package mutating func report(_ severity: FieldIssue.Severity, _ message: String, at position: SourcePosition?) {
        issues.append(FieldIssue(severity, path, message, at: position))
    }

    package mutating func expected(_ what: String, at node: DocumentNode) {
        report(.error, "\(node.excerpt ?? node.kindName) is not \(what)", at: node.position)
    }

    /// Runs `body` one field deeper.
    package mutating func within<Value>(_ name: String, _ body: (inout DecodingContext) -> Value) -> Value {
        let outer = path
        path = outer.isEmpty ? name : "\(outer).\(name)"
        defer { path = outer }
        return body(&self)
    }

    /// Runs `body` at one element of the list here.
    package mutating func element<Value>(_ index: Int, _ body: (inout DecodingContext) -> Value) -> Value {
        let outer = path
        path = "\(outer)[\(index)]"
        defer { path = outer }
        return body(&self)
    }
}
