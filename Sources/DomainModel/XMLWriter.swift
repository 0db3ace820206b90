/// Writes XML into one buffer of bytes. Everything that comes from outside is escaped here and nowhere else.
package struct XMLWriter {
    package private(set) var bytes: [UInt8] = []
    private var depth = 0
    private var openTag = false
    private var hasText = false

    package init() { bytes.reserveCapacity(8192) }

    package var text: String { String(decoding: bytes, as: UTF8.self) }

    /// Writes an element; `content` adds its attributes first, then its children.
    package mutating func element(_ name: StaticString, _ content: (inout XMLWriter) -> Void = { _ in }) {
        closeOpenTag()
        indent()
        bytes.append(UInt8(ascii: "<"))
        append(name)
        openTag = true
        hasText = false
        depth += 1
        content(&self)
        depth -= 1
        if openTag {
            append("/>\n")
            openTag = false
            return
        }
        if !hasText { indent() }
        append("</")
        append(name)
        append(">\n")
        hasText = false
    }

    /// Writes an element that holds only text.
    package mutating func element(_ name: StaticString, text: String) {
        element(name) { $0.content(text) }
    }

    package mutating func attribute(_ name: StaticString, _ value: String) {
        bytes.append(UInt8(ascii: " "))
        append(name)
        append("=\"")
        escape(value, quoted: true)
        bytes.append(UInt8(ascii: "\""))
    }

    package mutating func attribute(_ name: StaticString, _ value: String?) {
        if let value { attribute(name, value) }
    }

    package mutating func attribute(_ name: StaticString, _ value: some BinaryInteger) {
        attribute(name, String(value))
    }

    package mutating func attribute(_ name: StaticString, yes: Bool) { attribute(name, yes ? "yes" : "no") }
    package mutating func attribute(_ name: StaticString, on: Bool) { attribute(name, on ? "on" : "off") }

    package mutating func content(_ text: String) {
        bytes.append(UInt8(ascii: ">"))
        openTag = false
        hasText = true
        escape(text, quoted: false)
    }

    private mutating func closeOpenTag() {
        guard openTag else { return }
        append(">\n")
        openTag = false
    }

    private mutating func indent() {
        for _ in 0..<depth { append("  ") }
    }

    private mutating func append(_ text: StaticString) {
        text.withUTF8Buffer { bytes.append(contentsOf: $0) }
    }

    private mutating func escape(_ text: String, quoted: Bool) {
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "&"): append("&amp;")
            case UInt8(ascii: "<"): append("&lt;")
            case UInt8(ascii: ">"): append("&gt;")
            case UInt8(ascii: "\"") where quoted: append("&quot;")
            case 0x09 where quoted: append("&#9;")
            case 0x0A where quoted: append("&#10;")
            case 0x0D: append("&#13;")
            default: bytes.append(byte)
            }
        }
    }
}
