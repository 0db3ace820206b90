/// Reads the XML that libvirt writes: elements, attributes, text, comments, CDATA and the five entities; namespaces stay
/// prefixes. It takes no document type, so no entity can grow.
package struct XMLReader {
    private let bytes: [UInt8]
    private var index = 0
    private static let maximumDepth = 64

    private init(_ text: String) { bytes = Array(text.utf8) }

    package static func read(_ text: String) throws(XMLError) -> XMLElement {
        var reader = XMLReader(text)
        try reader.skipMisc()
        let root = try reader.readElement(depth: 0)
        try reader.skipMisc()
        guard reader.index == reader.bytes.count else { throw reader.problem("something follows the root element") }
        return root
    }

    private func problem(_ text: String) -> XMLError { .malformed(problem: text, offset: index) }

    private func starts(with text: StaticString) -> Bool {
        text.withUTF8Buffer { bytes[index...].starts(with: $0) }
    }

    private mutating func skip(past end: StaticString) throws(XMLError) {
        while index < bytes.count, !starts(with: end) { index += 1 }
        guard index < bytes.count else { throw problem("\(end) is missing") }
        index += end.utf8CodeUnitCount
    }

    private mutating func skipSpace() {
        while index < bytes.count, [0x20, 0x09, 0x0A, 0x0D].contains(bytes[index]) { index += 1 }
    }

    private mutating func skipMisc() throws(XMLError) {
        skipSpace()
        while starts(with: "<?") || starts(with: "<!--") {
            if starts(with: "<?") { try skip(past: "?>") } else { try skip(past: "-->") }
            skipSpace()
        }
    }

    private mutating func readName() throws(XMLError) -> String {
        let start = index
        while index < bytes.count, !" \t\r\n/>=<".utf8.contains(bytes[index]) { index += 1 }
        guard index > start else { throw problem("a name is missing") }
        return String(decoding: bytes[start..<index], as: UTF8.self)
    }

    private mutating func readElement(depth: Int) throws(XMLError) -> XMLElement {
        guard depth < Self.maximumDepth else { throw .tooDeep(limit: Self.maximumDepth) }
        guard starts(with: "<") else { throw problem("an element is missing") }
        index += 1
        var element = XMLElement(try readName())
        while true {
            skipSpace()
            if starts(with: "/>") {
                index += 2
                return element
            }
            if starts(with: ">") {
                index += 1
                try readContent(of: &element, depth: depth)
                return element
            }
            let name = try readName()
            skipSpace()
            guard starts(with: "=") else { throw problem("= is missing") }
            index += 1
            skipSpace()
            element.attributes[name] = try readQuoted()
        }
    }

    private mutating func readQuoted() throws(XMLError) -> String {
        guard index < bytes.count, bytes[index] == 0x22 || bytes[index] == 0x27 else {
            throw problem("a quote is missing")
        }
        let quote = bytes[index]
        index += 1
        let start = index
        while index < bytes.count, bytes[index] != quote { index += 1 }
        guard index < bytes.count else { throw problem("an attribute does not end") }
        defer { index += 1 }
        return try unescape(bytes[start..<index])
    }

    private mutating func readContent(of element: inout XMLElement, depth: Int) throws(XMLError) {
        while index < bytes.count {
            if starts(with: "</") {
                index += 2
                guard try readName() == element.name else { throw problem("</\(element.name)> is missing") }
                skipSpace()
                guard starts(with: ">") else { throw problem("> is missing") }
                index += 1
                if !element.children.isEmpty, element.text.allSatisfy(\.isWhitespace) { element.text = "" }
                return
            }
            if starts(with: "<!--") {
                try skip(past: "-->")
            } else if starts(with: "<![CDATA[") {
                index += 9
                let start = index
                try skip(past: "]]>")
                element.text += String(decoding: bytes[start..<index - 3], as: UTF8.self)
            } else if starts(with: "<?") {
                try skip(past: "?>")
            } else if starts(with: "<") {
                element.children.append(try readElement(depth: depth + 1))
            } else {
                let start = index
                while index < bytes.count, bytes[index] != UInt8(ascii: "<") { index += 1 }
                element.text += try unescape(bytes[start..<index])
            }
        }
        throw problem("</\(element.name)> is missing")
    }

    private func unescape(_ slice: ArraySlice<UInt8>) throws(XMLError) -> String {
        guard slice.contains(UInt8(ascii: "&")) else { return String(decoding: slice, as: UTF8.self) }
        var out: [UInt8] = []
        var rest = slice
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "&") else {
                out.append(byte)
                continue
            }
            guard let end = rest.firstIndex(of: UInt8(ascii: ";")) else { throw problem("an entity does not end") }
            let name = String(decoding: rest[rest.startIndex..<end], as: UTF8.self)
            guard let character = Self.entity(name) else { throw problem("the entity &\(name); is unknown") }
            out.append(contentsOf: String(character).utf8)
            rest = rest[(end + 1)...]
        }
        return String(decoding: out, as: UTF8.self)
    }

    private static func entity(_ name: String) -> Unicode.Scalar? {
        switch name {
        case "amp": return "&"
        case "lt": return "<"
        case "gt": return ">"
        case "quot": return "\""
        case "apos": return "'"
        default:
            guard name.hasPrefix("#") else { return nil }
            let digits = name.dropFirst()
            let value = digits.hasPrefix("x") ? UInt32(digits.dropFirst(), radix: 16) : UInt32(digits)
            return value.flatMap(Unicode.Scalar.init)
        }
    }
}
