import KubernetesModel

/// Where the lines of a watch come from; whoever sends them asks for more when they are sent.
package protocol LineFeed {
    /// Some whole lines; nil at the end, and when cancelled.
    mutating func next() async -> [UInt8]?
}

/// An answer, apart from the server that sends it.
package struct APIResponse: Sendable {
    package enum Body: Sendable {
        case bytes([UInt8])
        /// Lines that come as they happen.
        case stream(@Sendable () -> any LineFeed)
    }

    package var code: Int
    package var contentType = "application/json"
    /// Texts for the user, sent as `Warning` headers.
    package var warnings: [String] = []
    package var retryAfterSeconds: Int?
    package var body: Body

    init(_ code: Int = 200, _ body: Body, contentType: String = "application/json", warnings: [String] = []) {
        self.code = code
        self.contentType = contentType
        self.warnings = warnings
        self.body = body
    }

    init(_ code: Int = 200, _ document: DocumentNode, warnings: [String] = []) {
        self.init(code, .bytes(DocumentWriter.jsonBytes(document) + [0x0A]), warnings: warnings)
    }

    init(_ status: APIStatus) {
        self.init(status.code, status.document)
        retryAfterSeconds = status.retryAfterSeconds
    }

    static func text(_ text: String, code: Int = 200) -> APIResponse {
        APIResponse(code, .bytes(Array(text.utf8)), contentType: "text/plain; charset=utf-8")
    }

    /// The values of the `Warning` headers, in the form of RFC 7234.
    package var warningHeaders: [String] {
        warnings.prefix(50).map { text in
            let clean = text.unicodeScalars.prefix(1000).map { scalar -> Character in
                scalar.value < 0x20 || scalar.value == 0x7F || scalar.value > 0x7E ? " " : Character(scalar)
            }
            let escaped = String(clean).replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
            return "299 - \"\(escaped)\""
        }
    }
}
