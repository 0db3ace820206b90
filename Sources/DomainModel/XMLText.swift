/// The texts of a document: entities, line ends, and which characters may stand where.
enum XMLText {
    /// What a text or an attribute's value stands for.
    static func decode(_ bytes: ArraySlice<UInt8>, isAttribute: Bool) throws(XMLError) -> String {
        guard bytes.contains(where: { $0 == UInt8(ascii: "&") || $0 < 0x20 }) else {
            return String(decoding: bytes, as: UTF8.self)
        }
        var decoded: [UInt8] = []
        decoded.reserveCapacity(bytes.count)
        var index = bytes.startIndex
        while index < bytes.endIndex {
            let byte = bytes[index]
            switch byte {
            case UInt8(ascii: "&"):
                decoded.append(contentsOf: String(try reference(in: bytes, at: &index)).utf8)
                continue
            case 0x0D:
                if index + 1 == bytes.endIndex || bytes[index + 1] != 0x0A { decoded.append(isAttribute ? 0x20 : 0x0A) }
            case 0x09 where isAttribute, 0x0A where isAttribute: decoded.append(0x20)
            default: decoded.append(byte)
            }
            index += 1
        }
        return String(decoding: decoded, as: UTF8.self)
    }

    /// The text of a CDATA section, in which only line ends change.
    static func withUnixLineEnds(_ bytes: ArraySlice<UInt8>) -> String {
        let text = String(decoding: bytes, as: UTF8.self)
        guard bytes.contains(0x0D) else { return text }
        return String(text.map { $0 == "\r\n" || $0 == "\r" ? "\n" : $0 })
    }

    /// The character of `&amp;`, `&#65;` or `&#x41;`; `index` moves behind it.
    private static func reference(in bytes: ArraySlice<UInt8>, at index: inout Int) throws(XMLError) -> Unicode.Scalar {
        let longest = 12
        let rest = bytes[(index + 1)...].prefix(longest)
        guard let end = rest.firstIndex(of: UInt8(ascii: ";")) else {
            throw .malformed(problem: "an entity does not end", offset: index)
        }
        let name = String(decoding: rest[..<end], as: UTF8.self)
        guard let character = character(name), character.isInXML else {
            throw .malformed(problem: "the entity &\(name); is unknown", offset: index)
        }
        index = end + 1
        return character
    }

    private static func character(_ name: String) -> Unicode.Scalar? {
        switch name {
        case "amp": return "&"
        case "lt": return "<"
        case "gt": return ">"
        case "quot": return "\""
        case "apos": return "'"
        default:
            guard name.hasPrefix("#") else { return nil }
            let isHexadecimal = name.hasPrefix("#x")
            let digits = name.dropFirst(isHexadecimal ? 2 : 1)
            guard digits.first != "+", digits.first != "-" else { return nil }
            return UInt32(digits, radix: isHexadecimal ? 16 : 10).flatMap(Unicode.Scalar.init)
        }
    }
}

extension Unicode.Scalar {
    /// Whether XML 1.0 can hold it.
    var isInXML: Bool {
        value >= 0x20 && value != 0xFFFE && value != 0xFFFF || value == 0x09 || value == 0x0A || value == 0x0D
    }
}

extension [UInt8] {
    /// Where a character stands that XML 1.0 cannot hold: a control character, U+FFFE or U+FFFF.
    var firstOffsetOutsideXML: Int? {
        for (offset, byte) in enumerated() {
            if byte < 0x20, !byte.isXMLSpace { return offset }
            let isLast = byte == 0xEF && offset + 2 < count && self[offset + 1] == 0xBF && self[offset + 2] >= 0xBE
            if isLast { return offset }
        }
        return nil
    }
}

extension UInt8 {
    /// Space, tab or line end, which documents are laid out with.
    var isXMLSpace: Bool { self == 0x20 || self == 0x0A || self == 0x09 || self == 0x0D }

    /// A letter, `_`, `:` or any character outside ASCII.
    var startsXMLName: Bool {
        UInt8(ascii: "a")...UInt8(ascii: "z") ~= self | 0x20 || self == UInt8(ascii: "_") || self == UInt8(ascii: ":")
            || self >= 0x80
    }

    var isInXMLName: Bool {
        startsXMLName || UInt8(ascii: "0")...UInt8(ascii: "9") ~= self || self == UInt8(ascii: "-")
            || self == UInt8(ascii: ".")
    }
}
