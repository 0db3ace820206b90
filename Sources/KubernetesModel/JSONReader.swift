/// Reads one JSON text into a document tree, with positions and the exact text of numbers, neither of which a decoder
/// of the standard library keeps.
struct JSONReader {
    private var bytes: [UInt8]
    private var index = 0
    private var line = 1
    private var lineStart = 0
    private var depth = 0
    private var nodes = 0
    private let maximumDepth: Int
    private let maximumNodes: Int

    init(_ text: String, maximumDepth: Int, maximumNodes: Int) {
        bytes = Array(text.utf8)
        self.maximumDepth = maximumDepth
        self.maximumNodes = maximumNodes
    }

    mutating func read() throws(DocumentError) -> DocumentNode {
        let node = try readValue()
        skipSpace()
        guard index == bytes.count else { throw problem("something follows the end of the document") }
        return node
    }

    private var position: SourcePosition { SourcePosition(line: line, column: index - lineStart + 1) }

    private func problem(_ text: String) -> DocumentError { .syntax(format: "JSON", problem: text, position: position) }

    private mutating func skipSpace() {
        while index < bytes.count {
            switch bytes[index] {
            case 0x0A:
                line += 1
                lineStart = index + 1
            case 0x20, 0x09, 0x0D: break
            default: return
            }
            index += 1
        }
    }

    private func peek() -> UInt8? { index < bytes.count ? bytes[index] : nil }

    private mutating func readValue() throws(DocumentError) -> DocumentNode {
        skipSpace()
        nodes += 1
        guard nodes <= maximumNodes else { throw .tooManyNodes(limit: maximumNodes) }
        let start = position
        switch peek() {
        case UInt8(ascii: "{"): return DocumentNode(.object(try readObject()), at: start)
        case UInt8(ascii: "["): return DocumentNode(.array(try readArray()), at: start)
        case UInt8(ascii: "\""): return DocumentNode(.string(try readString()), at: start)
        case nil: throw problem("the text ends too early")
        default: return DocumentNode(try readScalar(), at: start)
        }
    }

    private mutating func enter() throws(DocumentError) {
        index += 1
        depth += 1
        guard depth <= maximumDepth else { throw .tooDeep(limit: maximumDepth) }
    }

    /// Takes a comma, or the closing bracket; true at the bracket.
    private mutating func closes(with bracket: UInt8, first: Bool) throws(DocumentError) -> Bool {
        skipSpace()
        guard let byte = peek() else { throw problem("the text ends too early") }
        if byte == bracket {
            index += 1
            depth -= 1
            return true
        }
        if first { return false }
        guard byte == UInt8(ascii: ",") else { throw problem("a comma is missing") }
        index += 1
        skipSpace()
        return false
    }

    private mutating func readArray() throws(DocumentError) -> [DocumentNode] {
        try enter()
        var elements: [DocumentNode] = []
        while try !closes(with: UInt8(ascii: "]"), first: elements.isEmpty) { elements.append(try readValue()) }
        return elements
    }

    private mutating func readObject() throws(DocumentError) -> [DocumentMember] {
        try enter()
        var members: [DocumentMember] = []
        var names: Set<String> = []
        while try !closes(with: UInt8(ascii: "}"), first: members.isEmpty) {
            let start = position
            guard peek() == UInt8(ascii: "\"") else { throw .keyIsNotAString(position: start) }
            let name = try readString()
            guard names.insert(name).inserted else { throw .duplicateKey(name, position: start) }
            skipSpace()
            guard peek() == UInt8(ascii: ":") else { throw problem("a colon is missing after a key") }
            index += 1
            members.append(DocumentMember(name, try readValue()))
        }
        return members
    }

    private mutating func readScalar() throws(DocumentError) -> DocumentNode.Value {
        let start = index
        while let byte = peek(), byte > 0x20, !",]}:".utf8.contains(byte) { index += 1 }
        let text = String(decoding: bytes[start..<index], as: UTF8.self)
        switch text {
        case "null": return .null
        case "true": return .bool(true)
        case "false": return .bool(false)
        default:
            guard Self.isNumber(bytes[start..<index]) else {
                index = start
                throw problem("\"\(text.prefix(20))\" is no value")
            }
            return .number(text)
        }
    }

    /// Whether that is a number by JSON's grammar: `-`, a whole part without leading zeros, a fraction, an exponent.
    private static func isNumber(_ text: ArraySlice<UInt8>) -> Bool {
        let isDigit = { (byte: UInt8) in (0x30...0x39).contains(byte) }
        var rest = text
        if rest.first == UInt8(ascii: "-") { rest.removeFirst() }
        let whole = rest.prefix(while: isDigit)
        guard let first = whole.first, whole.count == 1 || first != UInt8(ascii: "0") else { return false }
        rest = rest.dropFirst(whole.count)
        if rest.first == UInt8(ascii: ".") {
            let fraction = rest.dropFirst().prefix(while: isDigit)
            guard !fraction.isEmpty else { return false }
            rest = rest.dropFirst(fraction.count + 1)
        }
        guard let letter = rest.popFirst() else { return true }
        if let sign = rest.first, sign == UInt8(ascii: "-") || sign == UInt8(ascii: "+") { rest.removeFirst() }
        return letter | 0x20 == UInt8(ascii: "e") && !rest.isEmpty && rest.allSatisfy(isDigit)
    }

    private mutating func readString() throws(DocumentError) -> String {
        index += 1
        var out: [UInt8] = []
        while let byte = peek() {
            index += 1
            switch byte {
            case UInt8(ascii: "\""): return String(decoding: out, as: UTF8.self)
            case UInt8(ascii: "\\"): out.append(contentsOf: String(try readEscape()).utf8)
            case 0..<0x20: throw problem("a control character stands in a string: escape it")
            default: out.append(byte)
            }
        }
        throw problem("a string does not end")
    }

    private mutating func readEscape() throws(DocumentError) -> Unicode.Scalar {
        guard let byte = peek() else { throw problem("a string does not end") }
        index += 1
        switch byte {
        case UInt8(ascii: "n"): return "\n"
        case UInt8(ascii: "t"): return "\t"
        case UInt8(ascii: "r"): return "\r"
        case UInt8(ascii: "b"): return "\u{8}"
        case UInt8(ascii: "f"): return "\u{c}"
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return Unicode.Scalar(byte)
        case UInt8(ascii: "u"): return try readUnicode()
        default: throw problem("this escape does not exist in JSON")
        }
    }

    private mutating func readHex() throws(DocumentError) -> UInt32 {
        let digits = bytes[index..<min(index + 4, bytes.count)]
        // Swift's own parser would take a sign.
        guard digits.count == 4, digits.first != UInt8(ascii: "+"),
            let unit = UInt32(String(decoding: digits, as: UTF8.self), radix: 16)
        else {
            throw problem("\\u wants four hexadecimal digits")
        }
        index += 4
        return unit
    }

    private mutating func readUnicode() throws(DocumentError) -> Unicode.Scalar {
        let unit = try readHex()
        if let scalar = Unicode.Scalar(unit) { return scalar }
        let second = Array("\\u".utf8)
        guard unit < 0xDC00, Array(bytes[index..<min(index + 2, bytes.count)]) == second else {
            throw problem("half of a surrogate pair is missing")
        }
        index += 2
        let low = try readHex()
        guard (0xDC00...0xDFFF).contains(low),
            let scalar = Unicode.Scalar(0x10000 + ((unit - 0xD800) << 10) + (low - 0xDC00))
        else { throw problem("half of a surrogate pair is missing") }
        return scalar
    }
}
