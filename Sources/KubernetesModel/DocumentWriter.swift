internal import Yams

/// Renders document trees as the two formats that users ask for with `-o`.
package enum DocumentWriter {
    /// Block-style YAML without a document marker, as `kubectl get -o yaml` prints it.
    package static func yaml(_ node: DocumentNode) -> String {
        // Yams fails only on a node that it cannot represent, and strings, lists and maps all can be.
        do { return try Yams.serialize(node: yamsNode(node), width: -1, allowUnicode: true) } catch {
            return json(node, indent: 2) + "\n"
        }
    }

    private static func yamsNode(_ node: DocumentNode) -> Node {
        switch node.value {
        case .null: return Node("null", Tag(.null))
        case .bool(let bool): return Node(bool ? "true" : "false", Tag(.bool))
        case .number(let text): return Node(text, Tag(.implicit))
        case .string(let text): return .scalar(stringScalar(text))
        case .array(let elements):
            return Node(elements.map(yamsNode), Tag(.implicit), elements.isEmpty ? .flow : .block)
        case .object(let members):
            let pairs = members.map { (Node.scalar(stringScalar($0.name)), yamsNode($0.value)) }
            return Node(pairs, Tag(.implicit), pairs.isEmpty ? .flow : .block)
        }
    }

    /// A string that a reader would take for something else is quoted; one with lines is a literal block.
    private static func stringScalar(_ text: String) -> Node.Scalar {
        if text.contains("\n") { return Node.Scalar(text, Tag(.str), .literal) }
        let plain = Node.Scalar(text, Tag(.implicit), .plain)
        let readsAsString = Node.scalar(plain).tag == Tag(.str) && PlainScalar.value(of: text) == .string(text)
        return readsAsString ? plain : Node.Scalar(text, Tag(.str), .doubleQuoted)
    }

    /// JSON, indented by `indent` spaces a level, or on one line where that is nil.
    package static func json(_ node: DocumentNode, indent: Int? = 4) -> String {
        var out = ""
        write(node, into: &out, indent: indent, level: 0)
        return out
    }

    private static func write(_ node: DocumentNode, into out: inout String, indent: Int?, level: Int) {
        switch node.value {
        case .null: out += "null"
        case .bool(let bool): out += bool ? "true" : "false"
        case .number(let text): out += text
        case .string(let text): quote(text, into: &out)
        case .array(let elements):
            list("[", "]", elements, into: &out, indent: indent, level: level) { element, out in
                write(element, into: &out, indent: indent, level: level + 1)
            }
        case .object(let members):
            list("{", "}", members, into: &out, indent: indent, level: level) { member, out in
                quote(member.name, into: &out)
                out += indent == nil ? ":" : ": "
                write(member.value, into: &out, indent: indent, level: level + 1)
            }
        }
    }

    private static func list<Element>(
        _ open: String, _ close: String, _ elements: [Element], into out: inout String, indent: Int?, level: Int,
        each: (Element, inout String) -> Void
    ) {
        out += open
        for (index, element) in elements.enumerated() {
            if index > 0 { out += "," }
            if let indent { out += "\n" + String(repeating: " ", count: indent * (level + 1)) }
            each(element, &out)
        }
        if let indent, !elements.isEmpty { out += "\n" + String(repeating: " ", count: indent * level) }
        out += close
    }

    private static func quote(_ text: String, into out: inout String) {
        out += "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": out += "\\\""
            case "\\": out += "\\\\"
            case "\n": out += "\\n"
            case "\t": out += "\\t"
            case "\r": out += "\\r"
            case "\u{0}"..."\u{1F}", "\u{7F}"..."\u{9F}", "\u{2028}", "\u{2029}":
                let hex = String(scalar.value, radix: 16)
                out += "\\u" + String(repeating: "0", count: 4 - hex.count) + hex
            default: out.unicodeScalars.append(scalar)
            }
        }
        out += "\""
    }
}
