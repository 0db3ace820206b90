/// The message in a Status object, as this module writes it.
enum StatusMessage {
    /// The value of `message`; the whole text where it is no JSON with one.
    static func read(_ text: String) -> String {
        guard let start = text.firstRange(of: "\"message\":") else { return text }
        var rest = text[start.upperBound...].drop { $0 == " " }
        guard rest.popFirst() == "\"" else { return text }
        var message = ""
        while let character = rest.popFirst(), character != "\"" {
            guard character == "\\" else {
                message.append(character)
                continue
            }
            switch rest.popFirst() {
            case "n": message.append("\n")
            case "t": message.append("\t")
            case "u":
                let scalar = UInt32(rest.prefix(4), radix: 16).flatMap(UnicodeScalar.init)
                message.unicodeScalars.append(scalar ?? "\u{FFFD}")
                rest = rest.dropFirst(4)
            case let escaped?: message.append(escaped)
            case nil: break
            }
        }
        return message
    }
}
