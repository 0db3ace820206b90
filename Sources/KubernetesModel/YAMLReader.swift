internal import Yams

extension DocumentReader {
    /// Reads YAML through Yams' `compose`, which keeps the text and the place of every scalar.
    func readYAML(_ text: String) throws(DocumentError) -> [DocumentNode] {
        guard Self.depth(of: text) <= 10 * maximumDepth else { throw .tooDeep(limit: maximumDepth) }
        var documents: [DocumentNode] = []
        do {
            // Not `compose_all`: its sequence ends at an error as it does at the end of the text.
            let parser = try Yams.Parser(yaml: text)
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
            return DocumentNode(Self.value(of: scalar, tag: node.tag), at: position)
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
        for (key, value) in mapping {
            let position = key.mark.map { SourcePosition(line: $0.line, column: $0.column) }
            guard case .scalar(let scalar) = key else { throw .keyIsNotAString(position: position) }
            guard names.insert(scalar.string).inserted else { throw .duplicateKey(scalar.string, position: position) }
            var node = try convert(value, depth: depth + 1, budget: &budget)
            // An empty block starts on a later line than its key; the key is what a user looks for.
            if case .object = node.value { node.position = position }
            members.append(DocumentMember(scalar.string, node))
        }
        return members
    }

    /// YAML 1.1's booleans that Yams takes for strings, and kubectl does not.
    static let shortBooleans: Set<String> = ["y", "Y", "n", "N"]

    /// The meaning of a scalar by YAML 1.1's rules, which kubectl follows too: only plain scalars are anything but strings.
    private static func value(of scalar: Node.Scalar, tag: Tag) -> DocumentNode.Value {
        let text = scalar.string
        guard scalar.style == .plain else { return .string(text) }
        if tag == Tag(.null) { return .null }
        if shortBooleans.contains(text) { return .bool(text.lowercased() == "y") }
        if tag == Tag(.bool) { return .bool(["true", "yes", "on"].contains(text.lowercased())) }
        if tag == Tag(.int) || tag == Tag(.float), let decimal = Self.decimal(text) { return .number(decimal) }
        return .string(text)
    }

    /// The number as JSON writes it, or nil where the text is one of YAML's that JSON has not (`.inf`, `1:30`).
    private static func decimal(_ text: String) -> String? {
        var digits = text.replacing("_", with: "")
        var sign = ""
        if let first = digits.first, first == "-" || first == "+" {
            sign = first == "-" ? "-" : ""
            digits.removeFirst()
        }
        for (prefix, radix) in [("0x", 16), ("0o", 8), ("0b", 2)] where digits.hasPrefix(prefix) {
            return UInt64(digits.dropFirst(2), radix: radix).map { sign + String($0) }
        }
        if digits.count > 1, digits.hasPrefix("0"), digits.allSatisfy({ ("0"..."7").contains($0) }) {
            return UInt64(digits, radix: 8).map { sign + String($0) }
        }
        guard let match = digits.wholeMatch(of: /([0-9]*)(?:\.([0-9]*))?([eE][+-]?[0-9]+)?/) else { return nil }
        let (_, whole, fraction, exponent) = match.output
        guard !whole.isEmpty || !(fraction ?? "").isEmpty else { return nil }
        let significant = whole.drop { $0 == "0" }
        let decimals = fraction.map { $0.isEmpty ? ".0" : ".\($0)" } ?? ""
        return sign + (significant.isEmpty ? "0" : significant) + decimals + (exponent ?? "")
    }

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
