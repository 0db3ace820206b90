import KubernetesModel

/// A path of a printer column, such as `.status.conditions[?(@.type=='Ready')].status`.
struct PrinterPath: Sendable {
    private enum Step: Sendable {
        case member(String)
        case element(Int)
        /// The first element whose member has that value.
        case first(member: String, value: String)
    }

    private let steps: [Step]

    init(_ text: String) {
        var steps: [Step] = []
        var rest = text[...]
        while let character = rest.popFirst() {
            switch character {
            case ".":
                let name = rest.prefix { $0 != "." && $0 != "[" }
                rest = rest.dropFirst(name.count)
                if !name.isEmpty { steps.append(.member(String(name))) }
            case "[":
                let inner = rest.prefix { $0 != "]" }
                rest = rest.dropFirst(inner.count + 1)
                if let step = Self.bracket(inner) { steps.append(step) }
            default: break
            }
        }
        self.steps = steps
    }

    private static func bracket(_ text: Substring) -> Step? {
        if let index = Int(text) { return .element(index) }
        guard text.hasPrefix("?(@."), text.hasSuffix(")") else { return nil }
        let sides = text.dropFirst(4).dropLast().split(separator: "==")
        guard sides.count == 2 else { return nil }
        return .first(member: String(sides[0]), value: sides[1].filter { $0 != "'" && $0 != "\"" })
    }

    func find(in node: DocumentNode) -> DocumentNode? {
        var node = node
        for step in steps {
            let next: DocumentNode?
            switch step {
            case .member(let name): next = node[name]
            case .element(let index): next = node.elements.indices.contains(index) ? node.elements[index] : nil
            case .first(let member, let value): next = node.elements.first { $0[member]?.text == value }
            }
            guard let next else { return nil }
            node = next
        }
        return node
    }
}
