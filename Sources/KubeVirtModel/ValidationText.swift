import KubernetesModel

extension String {
    /// The text as a message quotes it: cut where it is long.
    var quoted: String { DocumentNode.string(self).excerpt ?? "" }

    /// Whether the text is not empty, and every byte of it is one of these.
    func consists(of isAllowed: (UInt8) -> Bool) -> Bool { !isEmpty && utf8.allSatisfy(isAllowed) }
}

extension UInt8 {
    var isDigit: Bool { self >= UInt8(ascii: "0") && self <= UInt8(ascii: "9") }
    var isLowercase: Bool { self >= UInt8(ascii: "a") && self <= UInt8(ascii: "z") }
    var isLetter: Bool { (self | 0x20).isLowercase }
    var isHexDigit: Bool { isDigit || ((self | 0x20) >= UInt8(ascii: "a") && (self | 0x20) <= UInt8(ascii: "f")) }
    /// A letter, a digit, `-` or `_`.
    var isNameByte: Bool { isLetter || isDigit || self == UInt8(ascii: "-") || self == UInt8(ascii: "_") }
    /// A letter, a digit, `.`, `-`, `+` or `_`.
    var isSerialByte: Bool { isNameByte || self == UInt8(ascii: ".") || self == UInt8(ascii: "+") }
    /// A printable character of ASCII that is no space.
    var isGraphic: Bool { self > 0x20 && self < 0x7F }
}

/// What may stand in an XML document: text that cannot is refused by its field, not escaped.
enum XMLText {
    /// The first character of `text` that is no text: controls, and the two code points that XML 1.0 leaves out.
    static func badCharacter(in text: String) -> Unicode.Scalar? {
        // Only these bytes can begin one: the rest of the text is not worth decoding.
        guard text.utf8.contains(where: { ($0 < 0x20 && !isSpace($0)) || $0 == 0x7F || $0 == 0xEF }) else { return nil }
        return text.unicodeScalars.first { scalar in
            switch scalar.value {
            case 0..<0x20: !isSpace(UInt8(scalar.value))
            case 0x7F, 0xFFFE, 0xFFFF: true
            default: false
            }
        }
    }

    private static func isSpace(_ byte: UInt8) -> Bool { byte == 0x09 || byte == 0x0A || byte == 0x0D }
}

extension ValidationReport {
    /// Text that becomes an attribute or element of the domain: at most `limit` bytes that XML can hold.
    mutating func checkText(_ field: String, _ text: String?, limit: Int = 1024) {
        guard let text else { return }
        if text.utf8.count > limit { error(field, "is \(text.utf8.count) bytes long: write at most \(limit)") }
        guard let bad = XMLText.badCharacter(in: text) else { return }
        let code = String(bad.value, radix: 16, uppercase: true)
        error(field, "holds the character U+\(code), which XML cannot: remove it")
    }

    /// A serial number: KubeVirt's rule, and what libvirt takes.
    mutating func checkSerial(_ field: String, _ serial: String?) {
        guard let serial, !serial.isEmpty else { return }
        if serial.utf8.count > 256 { error(field, "is \(serial.utf8.count) bytes long: write at most 256") }
        if !serial.consists(of: \.isSerialByte) {
            error(field, "\(serial.quoted) is not supported: write letters, digits, ., -, + and _")
        }
    }

    /// A path of a file: absolute, and nowhere up.
    mutating func checkPath(_ field: String, _ path: String) {
        checkText(field, path, limit: 4095)
        let parts = path.utf8.split(separator: UInt8(ascii: "/"))
        let climbs = parts.contains { $0.elementsEqual("..".utf8) || $0.elementsEqual(".".utf8) }
        guard path.utf8.first != UInt8(ascii: "/") || climbs || parts.isEmpty else { return }
        error(field, "\(path.quoted) must be absolute and without ..: write the file's full path")
    }

    /// An image of a registry; the grammar is a matter of whoever pulls it.
    mutating func checkImage(_ field: String, _ image: String) {
        if image.isEmpty {
            error(field, "is empty: name an image")
        } else if image.utf8.count > 1024 || !image.consists(of: \.isGraphic) {
            error(field, "\(image.quoted) is no image: write one such as quay.io/containerdisks/fedora:42")
        }
    }

    /// What cloud-init's config drive calls a device.
    mutating func checkTag(_ tag: String?) { checkText("tag", tag, limit: 256) }

    /// Base64, as Kubernetes takes it. Returns how many bytes it holds, where it is some.
    @discardableResult
    mutating func checkBase64(_ field: String, _ text: String?) -> Int? {
        guard let text, !text.isEmpty else { return nil }
        if let bytes = Base64.decode(text) { return bytes.count }
        error(field, "is no base64: encode it anew (base64 -w0)")
        return nil
    }
}
