internal import Yams

extension DocumentReader {
    /// Reads YAML through Yams' `compose`, which keeps the text and the place of every scalar.
    func readYAML(_ text: String) throws(DocumentError) -> [DocumentNode] {
        guard Self.depth(of: text) <= 10 * maximumDepth else { throw .tooDeep(limit: maximumDepth) }
        // Yams hashes every key; a key that is an alias of a collection can be larger than any memory.
        if let position = YAMLKeyScanner.keyThatMayExplode(in: text) { throw .keyIsNotAString(position: position) }
        return try compose(text)
    }

    /// Reads a text none of whose keys is larger than it looks.
    func compose(_ text: String) throws(DocumentError) -> [DocumentNode] {
        var documents: [DocumentNode] = []
        do {
            // Not `compose_all`: its sequence ends at an error as it does at the end of the text.
            let parser = try Yams.Parser(yaml: text, resolver: .basic, encoding: .utf8)
            while let node = try parser.nextRoot() {
                var budget = maximumNodes
                let document = try convert(node, depth: 0, budget: &budget)
                if document.value != .null { documents.append(document) }
            }
        } catch let error as DocumentError {
            throw error
        } catch let error as YamlError {
            throw Self.documentError(error)
        } catch {
            throw .syntax(format: "YAML", problem: "\(error)", position: nil)
        }
        return documents
    }

    private func convert(_ node: Node, depth: Int, budget: inout Int) throws(DocumentError) -> DocumentNode {
        guard depth <= maximumDepth else { throw .tooDeep(limit: maximumDepth) }
        budget -= 1
        guard budget >= 0 else { throw .tooManyNodes(limit: maximumNodes) }
        let position = node.mark.map { SourcePosition(line: $0.line, column: $0.column) }
        switch node {
        case .scalar(let scalar):
            return DocumentNode(Self.value(of: scalar), at: position)
        case .sequence(let sequence):
            var nodes: [DocumentNode] = []
            nodes.reserveCapacity(sequence.count)
            for element in sequence { nodes.append(try convert(element, depth: depth + 1, budget: &budget)) }
            return DocumentNode(.array(nodes), at: position)
        case .mapping(let mapping):
            return DocumentNode(.object(try members(of: mapping, depth: depth, budget: &budget)), at: position)
        case .alias:
            throw .syntax(format: "YAML", problem: "an alias names no anchor", position: position)
        }
    }

    private func members(
        of mapping: Node.Mapping, depth: Int, budget: inout Int
    ) throws(DocumentError) -> [DocumentMember] {
        var members: [DocumentMember] = []
        var names: Set<String> = []
        var merged: [Node] = []
        members.reserveCapacity(mapping.count)
        for (key, value) in mapping {
            let position = key.mark.map { SourcePosition(line: $0.line, column: $0.column) }
            guard case .scalar(let scalar) = key else { throw .keyIsNotAString(position: position) }
            guard names.insert(scalar.string).inserted else { throw .duplicateKey(scalar.string, position: position) }
            if scalar.string == "<<", scalar.style == .plain {
                merged = try Self.sources(of: value, position: position)
                continue
            }
            var node = try convert(value, depth: depth + 1, budget: &budget)
            // An empty block starts on a later line than its key; the key is what a user looks for.
            if case .object = node.value { node.position = position }
            members.append(DocumentMember(scalar.string, node))
        }
        // What the object says itself stands before what it merges, and an earlier source before a later one.
        for source in merged {
            let node = try convert(source, depth: depth + 1, budget: &budget)
            guard case .object(let more) = node.value else { continue }
            members += more.filter { names.insert($0.name).inserted }
        }
        return members
    }

    /// The objects that a merge key (`<<: *base`, or a list of such) draws members from.
    private static func sources(of value: Node, position: SourcePosition?) throws(DocumentError) -> [Node] {
        let nodes: [Node]
        switch value {
        case .mapping: return [value]
        case .sequence(let sequence): nodes = Array(sequence)
        case .scalar, .alias: nodes = []
        }
        let areObjects = nodes.allSatisfy { if case .mapping = $0 { true } else { false } }
        guard !nodes.isEmpty, areObjects else {
            let problem = "<< merges objects only: write the alias of one, or a list of such"
            throw .syntax(format: "YAML", problem: problem, position: position)
        }
        return nodes
    }

    /// The meaning of a scalar: only plain ones are anything but strings, unless a tag says that they are strings too.
    private static func value(of scalar: Node.Scalar) -> DocumentNode.Value {
        // What the tag says is read before anything resolves it: Yams' own resolver tries seven regular expressions.
        guard scalar.style == .plain, resolvedTags.contains(scalar.tag.rawValue) else { return .string(scalar.string) }
        return PlainScalar.value(of: scalar.string)
    }

    private static let resolvedTags = Set(
        [Tag.Name.implicit, .null, .bool, .int, .float].map(\.rawValue))

    /// How deep collections may nest, known before a recursive parser sees the text: open brackets, and the columns at
    /// which open blocks began, each of which may hold a map and a list. What stands within strings counts too, so this
    /// is an upper bound, and its limit is ten times the real one.
    private static func depth(of text: String) -> Int {
        var brackets = 0
        var columns: [Int] = []
        var deepest = 0
        var column = 0
        var mayOpenBlock = true
        var bytes = text.utf8.makeIterator()
        var next = bytes.next()
        while let byte = next {
            next = bytes.next()
            if byte == 0x0A {
                (column, mayOpenBlock) = (0, true)
                continue
            }
            if mayOpenBlock, byte != 0x20, byte != 0x09 {
                while let last = columns.last, last >= column { columns.removeLast() }
                columns.append(column)
                mayOpenBlock = "-?:".utf8.contains(byte) && (next ?? 0x20) <= 0x20
            }
            switch byte {
            case UInt8(ascii: "["), UInt8(ascii: "{"): brackets += 1
            case UInt8(ascii: "]"), UInt8(ascii: "}"): brackets = max(0, brackets - 1)
            default: break
            }
            deepest = max(deepest, brackets + 2 * columns.count)
            column += 1
        }
        return deepest
    }

    private static func documentError(_ error: YamlError) -> DocumentError {
        switch error {
        case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
            .composer(_, let problem, let mark, _):
            return .syntax(
                format: "YAML", problem: problem, position: SourcePosition(line: mark.line, column: mark.column))
        case .duplicatedKeysInMapping(let duplicates, let context):
            let name = duplicates.first ?? "?"
            return .duplicateKey(
                name, position: SourcePosition(line: context.mark.line, column: context.mark.column))
        case .reader(let problem, _, _, _):
            return .syntax(format: "YAML", problem: problem, position: nil)
        case .no, .memory, .writer, .emitter, .representer, .dataCouldNotBeDecoded:
            return .syntax(format: "YAML", problem: "\(error)", position: nil)
        }
    }
}
