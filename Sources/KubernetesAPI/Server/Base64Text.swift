import FoundationEssentials

/// Base64 of a text, on one line.
enum Base64Text {
    static func encode(_ text: String) -> String { Data(text.utf8).base64EncodedString() }
}
