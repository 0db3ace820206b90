/// A set of the fields of an object, as `managedFields` writes it (FieldsV1): who owns what.
///
/// Steps are kept as they are written: `f:NAME`, `k:{"KEY":VALUE}`, `v:VALUE`.
package struct FieldSet: Sendable, Equatable {
    /// Whether the field itself is in the set, not only what stands below it.
    package var isMember = false
    package var children: [String: FieldSet] = [:]

    package init() {}

    package static let leaf: FieldSet = {
        var set = FieldSet()
        set.isMember = true
        return set
    }()

    package var isEmpty: Bool { !isMember && children.isEmpty }

    package func union(_ other: FieldSet) -> FieldSet {
        var result = self
        result.isMember = isMember || other.isMember
        result.children.merge(other.children) { $0.union($1) }
        return result
    }

    package func subtracting(_ other: FieldSet) -> FieldSet {
        var result = self
        if other.isMember { result.isMember = false }
        for (step, set) in other.children {
            guard let mine = children[step] else { continue }
            let rest = mine.subtracting(set)
            result.children[step] = rest.isEmpty ? nil : rest
        }
        return result
    }

    package func intersection(_ other: FieldSet) -> FieldSet {
        var result = FieldSet()
        result.isMember = isMember && other.isMember
        for (step, set) in children {
            guard let theirs = other.children[step] else { continue }
            let both = set.intersection(theirs)
            if !both.isEmpty { result.children[step] = both }
        }
        return result
    }

    /// This set without what stands at or below the members of `other`.
    package func removingTrees(of other: FieldSet) -> FieldSet {
        if other.isMember { return FieldSet() }
        var result = self
        for (step, set) in other.children {
            guard let mine = children[step] else { continue }
            let rest = mine.removingTrees(of: set)
            result.children[step] = rest.isEmpty ? nil : rest
        }
        return result
    }

    /// The paths of the members, in order, as error messages name them: `.spec.domain.cpu.cores`.
    package var paths: [String] {
        var paths: [String] = []
        collect("", into: &paths)
        return paths
    }

    private func collect(_ path: String, into paths: inout [String]) {
        if isMember, !path.isEmpty { paths.append(path) }
        for (step, set) in children.sorted(by: { $0.key < $1.key }) {
            set.collect(path + Self.text(of: step), into: &paths)
        }
    }

    private static func text(of step: String) -> String {
        let name = step.dropFirst(2)
        switch step.prefix(2) {
        case "f:": return ".\(name)"
        case "v:": return "[=\(name)]"
        default:
            let keys = (try? DocumentReader().read(String(name)).first)?.members ?? []
            return "["
                + keys.map { "\($0.name)=\(DocumentWriter.json($0.value, indent: nil))" }.joined(separator: ",") + "]"
        }
    }
}

extension FieldSet {
    /// Reads FieldsV1; what is not of that form is left out.
    package init(_ node: DocumentNode) {
        for member in node.members {
            if member.name == "." { isMember = true } else { children[member.name] = FieldSet(child: member.value) }
        }
    }

    private init(child node: DocumentNode) {
        self.init(node)
        if node.members.isEmpty { isMember = true }
    }

    package func encode() -> DocumentNode {
        var members: [DocumentMember] = []
        if isMember { members.append(DocumentMember(".", .object([]))) }
        for (step, set) in children.sorted(by: { $0.key < $1.key }) {
            members.append(DocumentMember(step, set == .leaf ? .object([]) : set.encode()))
        }
        return .object(members)
    }

    /// The step that leads to an element of a list.
    static func step(to element: DocumentNode, _ kind: ListKind) -> String? {
        switch kind {
        case .atomic: return nil
        case .set: return "v:" + DocumentWriter.json(element, indent: nil)
        case .map(let keys):
            let members = keys.sorted().compactMap { key in element[key].map { DocumentMember(key, $0) } }
            return members.count == keys.count ? "k:" + DocumentWriter.json(.object(members), indent: nil) : nil
        }
    }
}

extension FieldSet {
    /// The fields that `node` sets.
    package init(of node: DocumentNode, _ schema: StructuralSchema) {
        switch node.value {
        case .object(let members):
            for member in members where member.value.value != .null {
                children["f:" + member.name] = FieldSet(member: member.value, schema[member.name] ?? .anything)
            }
        case .array(let elements):
            guard let list = schema.list, list.kind != .atomic else { return }
            for element in elements {
                guard let step = Self.step(to: element, list.kind) else { continue }
                var set = FieldSet(of: element, list.element)
                set.isMember = true
                children[step] = set
            }
        case .null, .bool, .number, .string: break
        }
    }

    private init(member node: DocumentNode, _ schema: StructuralSchema) {
        self.init(of: node, schema)
        if children.isEmpty { isMember = true }
    }

    /// What a change from `old` to `new` sets anew or otherwise, and what it removes.
    package static func changes(from old: DocumentNode?, to new: DocumentNode?, _ schema: StructuralSchema) -> (
        set: FieldSet, removed: FieldSet
    ) {
        if old == new { return (FieldSet(), FieldSet()) }
        guard let old, old.value != .null else {
            return (new.map { FieldSet(member: $0, schema) } ?? FieldSet(), FieldSet())
        }
        guard let new, new.value != .null else { return (FieldSet(), FieldSet(member: old, schema)) }
        switch (old.value, new.value) {
        case (.object(let before), .object(let after)):
            if before.isEmpty || after.isEmpty { break }
            let pairs = { (members: [DocumentMember]) in
                members.map { ("f:" + $0.name, $0.value, schema[$0.name] ?? .anything) }
            }
            return changes(pairs(before), pairs(after))
        case (.array(let before), .array(let after)):
            guard let list = schema.list, list.kind != .atomic else { return (.leaf, FieldSet()) }
            let pairs = { (elements: [DocumentNode]) in
                elements.compactMap { element in step(to: element, list.kind).map { ($0, element, list.element) } }
            }
            return changes(pairs(before), pairs(after))
        default: break
        }
        return (FieldSet(member: new, schema), FieldSet(member: old, schema).subtracting(FieldSet(member: new, schema)))
    }

    private typealias Child = (step: String, node: DocumentNode, schema: StructuralSchema)

    private static func changes(_ before: [Child], _ after: [Child]) -> (set: FieldSet, removed: FieldSet) {
        var (changed, removed) = (FieldSet(), FieldSet())
        let old = Dictionary(before.map { ($0.step, $0.node) }) { first, _ in first }
        let kept = Set(after.map(\.step))
        for child in after {
            let was = old[child.step]
            var inner = changes(from: was, to: child.node, child.schema)
            if was == nil, !child.step.hasPrefix("f:") { inner.set.isMember = true }
            if !inner.set.isEmpty { changed.children[child.step] = inner.set }
            if !inner.removed.isEmpty { removed.children[child.step] = inner.removed }
        }
        for child in before where !kept.contains(child.step) {
            var set = FieldSet(member: child.node, child.schema)
            set.isMember = true
            removed.children[child.step] = set
        }
        return (changed, removed)
    }
}
