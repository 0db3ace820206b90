import KubernetesModel

/// A document that is asked for many fields: each takes as long as its path is deep, however long the lists are.
///
/// A path is written as issues write it, `spec.domain.devices.disks[0].cache`; brackets also hold the name of a list's
/// element or the key of a map, `metadata.annotations[kubevirt.io/memfd]`.
struct FieldTree: Sendable {
    let node: DocumentNode
    private var members: [String: FieldTree] = [:]
    private(set) var elements: [FieldTree] = []
    /// The places of a list's elements, by their `name`.
    private var places: [String: Int] = [:]

    init(_ node: DocumentNode) {
        self.node = node
        switch node.value {
        case .object(let list):
            for member in list where member.value.value != .null { members[member.name] = FieldTree(member.value) }
        case .array(let list):
            elements = list.map(FieldTree.init)
            for (index, element) in list.enumerated() {
                if let name = element["name"]?.text, places[name] == nil { places[name] = index }
            }
        case .null, .bool, .number, .string: break
        }
    }

    subscript(path: String) -> FieldTree? {
        var tree = self
        for step in Self.steps(of: path) {
            guard let next = tree.child(step) else { return nil }
            tree = next
        }
        return tree
    }

    private func child(_ step: Step) -> FieldTree? { index(of: step).map { elements[$0] } ?? members[step.name] }

    private func index(of step: Step) -> Int? {
        guard step.isBracketed else { return nil }
        let index = Int(step.name).flatMap { elements.indices.contains($0) ? $0 : nil }
        return index ?? places[step.name]
    }

    /// The path's steps with the names of list elements for their numbers: the same in every version of a document.
    func canonicalSteps(of path: String) -> [String] {
        var tree: FieldTree? = self
        return Self.steps(of: path).map { step in
            defer { tree = tree?.child(step) }
            guard let index = tree?.index(of: step), let list = tree?.elements else { return step.name }
            return list[index].node["name"]?.text ?? "\(index)"
        }
    }

    /// The names of an object's members, as they were written.
    var memberNames: [String] {
        guard case .object(let list) = node.value else { return [] }
        return list.lazy.map(\.name).filter { members[$0] != nil }
    }

    func member(_ name: String) -> FieldTree? { members[name] }

    /// What tells a list's elements apart: their names where each has one of its own, else their places.
    var elementKeys: [String] {
        if places.count == elements.count { return elements.compactMap { $0.node["name"]?.text } }
        return elements.indices.map(String.init)
    }

    private struct Step {
        var name: String
        var isBracketed: Bool
    }

    /// What stands in brackets is one step, whatever characters it has.
    private static func steps(of path: String) -> [Step] {
        var steps: [Step] = []
        var rest = path[...]
        while let first = rest.first {
            if first == ".", !steps.isEmpty { rest.removeFirst() }
            if rest.first == "[" {
                let end = rest.firstIndex(of: "]") ?? rest.endIndex
                steps.append(Step(name: String(rest[..<end].dropFirst()), isBracketed: true))
                rest = rest[end...].dropFirst()
            } else {
                let end = rest.firstIndex { $0 == "." || $0 == "[" } ?? rest.endIndex
                steps.append(Step(name: String(rest[..<end]), isBracketed: false))
                rest = rest[end...]
            }
        }
        return steps
    }
}
