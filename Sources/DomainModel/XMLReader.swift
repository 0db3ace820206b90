/// Reads the XML that libvirt writes: elements, attributes, text, comments, CDATA and the five entities; prefixes of
/// namespaces belong to the names. It takes no document type, so no entity can grow. What it accepts is well-formed,
/// and can be written again.
package struct XMLReader {
    private let bytes: [UInt8]
    private var index = 0

    /// Levels of elements.
    private static let maximumDepth = 64
    /// Bytes; libvirt itself sends no longer string.
    private static let maximumLength = 4 << 20

    private init(_ text: String) { bytes = Array(text.utf8) }

    package static func read(_ text: String) throws(XMLError) -> XMLElement {
        guard text.utf8.count <= maximumLength else { throw .tooLong(limit: maximumLength) }
        var reader = XMLReader(text)
        if let offset = reader.bytes.firstOffsetOutsideXML {
            throw .malformed(problem: "XML cannot hold this character", offset: offset)
        }
        try reader.skipMisc()
        let root = try reader.readElement(depth: 0)
        try reader.skipMisc()
        guard reader.index == reader.bytes.count else { throw reader.problem("something follows the root element") }
        return root
    }

    private func problem(_ text: String) -> XMLError { .malformed(problem: text, offset: index) }

    /// The byte at hand; 0, which no document holds, at the end.
    private var byte: UInt8 { index < bytes.count ? bytes[index] : 0 }

    private func starts(with text: StaticString) -> Bool {
        let count = text.utf8CodeUnitCount
        guard index + count <= bytes.count else { return false }
        return text.withUTF8Buffer { text in (0..<count).allSatisfy { bytes[index + $0] == text[$0] } }
    }

    private mutating func skip(past end: StaticString) throws(XMLError) {
        while index < bytes.count, !starts(with: end) { index += 1 }
        guard index < bytes.count else { throw problem("\(end) is missing") }
        index += end.utf8CodeUnitCount
    }

    private mutating func skipSpace() {
        while byte.isXMLSpace { index += 1 }
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
        guard byte.startsXMLName else { throw problem("a name is missing") }
        while byte.isInXMLName { index += 1 }
        return String(decoding: bytes[start..<index], as: UTF8.self)
    }

    private mutating func expect(_ expected: UInt8, _ name: String) throws(XMLError) {
        guard byte == expected else { throw problem("\(name) is missing") }
        index += 1
    }
}

// MARK: - Elements

extension XMLReader {
    private mutating func readElement(depth: Int) throws(XMLError) -> XMLElement {
        guard depth < Self.maximumDepth else { throw .tooDeep(limit: Self.maximumDepth) }
        guard byte == UInt8(ascii: "<") else { throw problem("an element is missing") }
        index += 1
        var element = XMLElement(try readName())
        while true {
            let separated = byte.isXMLSpace
            skipSpace()
            if byte == UInt8(ascii: "/") {
                index += 1
                try expect(UInt8(ascii: ">"), ">")
                break
            }
            if byte == UInt8(ascii: ">") {
                index += 1
                try readContent(of: &element, depth: depth)
                break
            }
            guard separated else { throw problem("a space is missing") }
            element.attributes.append(try readAttribute())
        }
        if let name = element.attributes.duplicate { throw problem("<\(element.name)> has \(name) twice") }
        return element
    }

    private mutating func readAttribute() throws(XMLError) -> XMLAttribute {
        let name = try readName()
        skipSpace()
        try expect(UInt8(ascii: "="), "=")
        skipSpace()
        let quote = byte
        guard quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'") else { throw problem("a quote is missing") }
        index += 1
        let start = index
        while index < bytes.count, byte != quote, byte != UInt8(ascii: "<") { index += 1 }
        guard byte == quote else { throw problem("the attribute \(name) does not end") }
        defer { index += 1 }
        return XMLAttribute(name, try XMLText.decode(bytes[start..<index], isAttribute: true))
    }

    private mutating func readContent(of element: inout XMLElement, depth: Int) throws(XMLError) {
        while index < bytes.count {
            guard byte == UInt8(ascii: "<") else {
                try readText(of: &element)
                continue
            }
            if starts(with: "</") { return try readEnd(of: &element) }
            if starts(with: "<!--") {
                try skip(past: "-->")
            } else if starts(with: "<![CDATA[") {
                index += 9
                let start = index
                try skip(past: "]]>")
                element.text += XMLText.withUnixLineEnds(bytes[start..<index - 3])
            } else if starts(with: "<?") {
                try skip(past: "?>")
            } else {
                element.children.append(try readElement(depth: depth + 1))
            }
        }
        throw problem("</\(element.name)> is missing")
    }

    /// The text up to the next tag. White space that only lays out children is nothing that the element says.
    private mutating func readText(of element: inout XMLElement) throws(XMLError) {
        let start = index
        var isSpace = true
        while index < bytes.count, byte != UInt8(ascii: "<") {
            isSpace = isSpace && byte.isXMLSpace
            index += 1
        }
        if isSpace, !element.children.isEmpty || bytes.count > index + 1 && bytes[index + 1].startsXMLName { return }
        element.text += try XMLText.decode(bytes[start..<index], isAttribute: false)
    }

    private mutating func readEnd(of element: inout XMLElement) throws(XMLError) {
        index += 2
        guard try readName() == element.name else { throw problem("</\(element.name)> is missing") }
        skipSpace()
        try expect(UInt8(ascii: ">"), ">")
        if !element.children.isEmpty { element.text = element.text.trimmingXMLSpace() }
    }
}
