/// JSON patch, RFC 6902: a list of operations, all of which succeed, or none counts.
package struct JSONPatch: Sendable {
    private enum Operation: Sendable {
        case add([String], DocumentNode)
        case remove([String])
        case replace([String], DocumentNode)
        case test([String], DocumentNode?)
        case move(from: [String], to: [String])
        case copy(from: [String], to: [String])
    }

    /// Operations of one patch, as kube-apiserver limits them.
    private static let mostOperations = 10_000
    /// Copies of one patch: each may double the object.
    private static let mostCopies = 16

    private let operations: [Operation]

    package init(_ document: DocumentNode) throws(PatchError) {
        guard case .array(let elements) = document.value else {
            throw .malformed("a JSON patch is a list of operations")
        }
        guard elements.count <= Self.mostOperations else { throw .tooLarge(limit: Self.mostOperations) }
        var operations: [Operation] = []
        for element in elements { operations.append(try Self.operation(element)) }
        let copies = operations.count { if case .copy = $0 { true } else { false } }
        guard copies <= Self.mostCopies else { throw .tooLarge(limit: Self.mostCopies) }
        self.operations = operations
    }

    private static func operation(_ node: DocumentNode) throws(PatchError) -> Operation {
        guard let name = node["op"]?.text else { throw .malformed("an operation has no op") }
        let path = try pointer(node, "path")
        switch name {
        case "add": return .add(path, try value(node, name))
        case "replace": return .replace(path, try value(node, name))
        case "test": return .test(path, node.member("value"))
        case "remove": return .remove(path)
        case "move": return .move(from: try pointer(node, "from"), to: path)
        case "copy": return .copy(from: try pointer(node, "from"), to: path)
        default: throw .malformed("\"\(name.cut(to: 40))\" is no operation")
        }
    }

    private static func value(_ node: DocumentNode, _ name: String) throws(PatchError) -> DocumentNode {
        guard let value = node.member("value") else { throw .malformed("an operation \(name) has no value") }
        return value
    }

    /// A JSON pointer, RFC 6901.
    private static func pointer(_ node: DocumentNode, _ member: String) throws(PatchError) -> [String] {
        guard let text = node[member]?.text else { throw .malformed("an operation has no \(member)") }
        if text.isEmpty { return [] }
        guard text.hasPrefix("/") else { throw .malformed("the path \"\(text.cut(to: 60))\" does not begin with /") }
        return text.utf8.dropFirst().split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false).map { part in
            var bytes: [UInt8] = []
            var isEscaped = false
            for byte in part {
                if isEscaped {
                    bytes.append(byte == UInt8(ascii: "1") ? UInt8(ascii: "/") : UInt8(ascii: "~"))
                    isEscaped = false
                } else if byte == UInt8(ascii: "~") {
                    isEscaped = true
                } else {
                    bytes.append(byte)
                }
            }
            return String(decoding: bytes, as: UTF8.self)
        }
    }

    package func apply(to document: DocumentNode) throws(PatchError) -> DocumentNode {
        var result = document
        for (index, operation) in operations.enumerated() {
            switch operation {
            case .add(let path, let value):
                try edit(&result, path[...], path, index) { .insert(value, $0) }
            case .replace(let path, let value):
                _ = try find(result, path, index)
                try edit(&result, path[...], path, index) { _ in .replace(value) }
            case .remove(let path):
                _ = try find(result, path, index)
                try edit(&result, path[...], path, index) { _ in .remove }
            case .test(let path, let value):
                let found = try? find(result, path, index)
                let wanted = value ?? DocumentNode(.null)
                guard (found ?? DocumentNode(.null)).saysTheSame(as: wanted) else {
                    throw .testFailed(operation: index, path: Self.text(path))
                }
            case .move(let from, let to):
                let value = try find(result, from, index)
                guard !to.starts(with: from) || to == from else {
                    throw .malformed("operation \(index) moves a value into itself")
                }
                try edit(&result, from[...], from, index) { _ in .remove }
                try edit(&result, to[...], to, index) { .insert(value, $0) }
            case .copy(let from, let to):
                let value = try find(result, from, index)
                try edit(&result, to[...], to, index) { .insert(value, $0) }
            }
        }
        return result
    }

    private static func text(_ path: [String]) -> String { "/" + path.joined(separator: "/") }

    private func find(_ node: DocumentNode, _ path: [String], _ index: Int) throws(PatchError) -> DocumentNode {
        var node = node
        for step in path {
            let next: DocumentNode?
            switch node.value {
            case .object: next = node.member(step)
            case .array(let elements): next = Self.place(step, in: elements.count).map { elements[$0] }
            case .null, .bool, .number, .string: next = nil
            }
            guard let next else { throw .noSuchPath(operation: index, path: Self.text(path)) }
            node = next
        }
        return node
    }

    /// The index that a step names in a list of `count` elements.
    private static func place(_ step: String, in count: Int) -> Int? {
        guard let index = Int(step), index >= 0, index < count, step == "\(index)" else { return nil }
        return index
    }

    private enum Edit {
        /// Before the element there, or as the member.
        case insert(DocumentNode, String)
        case replace(DocumentNode)
        case remove
    }

    /// Performs an edit at the end of a path, every step before which exists.
    private func edit(
        _ node: inout DocumentNode, _ path: ArraySlice<String>, _ whole: [String], _ index: Int,
        _ make: (String) -> Edit
    ) throws(PatchError) {
        guard let step = path.first else {
            switch make("") {
            case .insert(let value, _), .replace(let value): node = value
            case .remove: node = DocumentNode(.null)
            }
            return
        }
        let missing = PatchError.noSuchPath(operation: index, path: Self.text(whole))
        switch node.value {
        case .object:
            if path.count == 1 {
                switch make(step) {
                case .insert(let value, _), .replace(let value): node.setMember(step, value)
                case .remove: node.setMember(step, nil)
                }
            } else {
                guard var child = node.member(step) else { throw missing }
                try edit(&child, path.dropFirst(), whole, index, make)
                node.setMember(step, child)
            }
        case .array(var elements):
            if path.count == 1 {
                let edit = make(step)
                if case .insert(let value, _) = edit {
                    let place = step == "-" ? elements.count : Self.place(step, in: elements.count + 1)
                    guard let place else { throw missing }
                    elements.insert(value, at: place)
                } else {
                    guard let place = Self.place(step, in: elements.count) else { throw missing }
                    if case .replace(let value) = edit { elements[place] = value } else { elements.remove(at: place) }
                }
            } else {
                guard let place = Self.place(step, in: elements.count) else { throw missing }
                try edit(&elements[place], path.dropFirst(), whole, index, make)
            }
            node = .array(elements)
        case .null, .bool, .number, .string: throw missing
        }
    }
}
