package import KubernetesModel

extension Explanation {
    /// A readable tree: the domain on the left, the causes on the right, the plan's warnings at the end.
    package var text: String {
        var table = TwoColumns()
        table.add(root, indent: 0)
        for warning in warnings { table.line("warning: \(warning.field): \(warning.message)") }
        return table.text
    }

    /// One object for each element and attribute, of the VMI with that name.
    package func facts(of instance: String) -> [DocumentNode] {
        var facts: [DocumentNode] = []
        root.addFacts(to: &facts, instance)
        return facts
    }
}

extension ExplainedElement {
    fileprivate func addFacts(to facts: inout [DocumentNode], _ instance: String) {
        facts.append(fact(nil, value: text, cause, instance))
        for attribute in attributes {
            facts.append(fact(attribute.name, value: attribute.value, attribute.cause, instance))
        }
        for child in children { child.addFacts(to: &facts, instance) }
    }

    private func fact(
        _ attribute: String?, value: String, _ cause: ResolvedCause, _ instance: String
    ) -> DocumentNode {
        var members = [DocumentMember("vmi", .string(instance)), DocumentMember("element", .string(path))]
        if let attribute { members.append(DocumentMember("attribute", .string(attribute))) }
        members += [
            DocumentMember("value", .string(value)), DocumentMember("kind", .string(cause.kind.rawValue)),
            DocumentMember("cause", .string(cause.subject)),
        ]
        if let line = cause.line { members.append(DocumentMember("line", .number(line))) }
        return .object(members)
    }

    /// `name='value'`, quoted where the value would be misread.
    static func word(_ name: String, _ value: String) -> String { "\(name)=\(quoted(value))" }

    static func quoted(_ value: String) -> String {
        value.isEmpty || value.contains { $0 == " " || $0 == "'" || $0 == "=" } ? "'\(value)'" : value
    }

    /// Whether both look the same in the tree, and neither has anything below it.
    fileprivate func isTwin(of other: ExplainedElement) -> Bool {
        children.isEmpty && other.children.isEmpty && name == other.name && text == other.text && cause == other.cause
            && attributes == other.attributes
    }
}

extension TwoColumns {
    /// One row for an element, with the attributes that have its cause; further rows for the others.
    fileprivate mutating func add(_ element: ExplainedElement, indent: Int, times: Int = 1) {
        let own = element.attributes.filter { $0.cause == element.cause }
        let others = element.attributes.filter { $0.cause != element.cause }
        var words = [times > 1 ? element.identity.upToNumber : element.step]
        if times > 1 { words.append("(\(times) times)") }
        words += own.map { ExplainedElement.word($0.name, $0.value) }
        if !element.text.isEmpty { words.append(ExplainedElement.quoted(element.text)) }
        let saysNothing = own.isEmpty && element.text.isEmpty && !(element.children.isEmpty && others.isEmpty)
        row(words, indent: indent, saysNothing && !element.isNoted ? "" : element.cause.text)
        for run in others.runs(by: { $0.cause == $1.cause }) {
            row(
                run.map { ExplainedElement.word("@\($0.name)", $0.value) }, indent: indent + 2,
                run[run.startIndex].cause.text)
        }
        for run in element.children.runs(by: { $0.isTwin(of: $1) }) {
            add(run[run.startIndex], indent: indent + 2, times: run.count)
        }
    }
}

extension Array {
    /// Neighbours that are alike, together.
    func runs(by isAlike: (Element, Element) -> Bool) -> [ArraySlice<Element>] {
        var runs: [ArraySlice<Element>] = []
        var start = startIndex
        for index in indices.dropFirst() where !isAlike(self[start], self[index]) {
            runs.append(self[start..<index])
            start = index
        }
        return isEmpty ? [] : runs + [self[start...]]
    }
}

extension String {
    /// An identity without its number.
    fileprivate var upToNumber: String { lastIndex(of: "#").map { String(self[..<$0]) } ?? self }
}
