import KubernetesModel

/// Who sends a request.
package struct APICaller: Sendable, Equatable {
    package var name: String
    package var groups: [String]
    /// Whether it is the node's own agent, which alone writes status.
    package var isAgent: Bool

    package init(name: String, groups: [String] = [], isAgent: Bool = false) {
        self.name = name
        self.groups = groups
        self.isAgent = isAgent
    }
}

/// A request, apart from the server that brings it.
package struct APIRequest: Sendable {
    package var method: String
    /// The decoded steps of the path.
    package var path: [String]
    package var query: [(name: String, value: String)]
    package var accept: String
    package var contentType: String
    package var userAgent: String
    package var caller: APICaller
    package var body: [UInt8]

    /// Bytes of a body: what kube-apiserver takes.
    package static let bodyLimit = 3 << 20

    /// Nil where the target is not the path of a URL.
    package init?(
        method: String, target: String, accept: String = "", contentType: String = "", userAgent: String = "",
        caller: APICaller, body: [UInt8] = []
    ) {
        let parts = target.utf8.split(separator: UInt8(ascii: "?"), maxSplits: 1, omittingEmptySubsequences: false)
        var path: [String] = []
        for step in parts[0].split(separator: UInt8(ascii: "/")) {
            guard let text = Self.decode(step) else { return nil }
            path.append(text)
        }
        var query: [(name: String, value: String)] = []
        for pair in parts.count > 1 ? parts[1].split(separator: UInt8(ascii: "&")) : [] {
            let sides = pair.split(separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
            guard let name = Self.decode(sides[0], isQuery: true),
                let value = sides.count > 1 ? Self.decode(sides[1], isQuery: true) : ""
            else { return nil }
            query.append((name, value))
        }
        self.method = method
        self.path = path
        self.query = query
        self.accept = accept
        self.contentType = contentType
        self.userAgent = userAgent
        self.caller = caller
        self.body = body
    }

    private static func decode(_ text: Substring.UTF8View, isQuery: Bool = false) -> String? {
        var bytes: [UInt8] = []
        var rest = text
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "%") {
                guard let high = rest.popFirst().flatMap(hexDigit), let low = rest.popFirst().flatMap(hexDigit) else {
                    return nil
                }
                bytes.append(high << 4 | low)
            } else {
                bytes.append(isQuery && byte == UInt8(ascii: "+") ? 0x20 : byte)
            }
        }
        guard !bytes.contains(0) else { return nil }
        return String(validating: bytes, as: UTF8.self)
    }

    private static func hexDigit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
        default: nil
        }
    }

    subscript(name: String) -> String? { query.first { $0.name == name }?.value }

    /// Whether a query parameter says yes.
    func flag(_ name: String) -> Bool { self[name] == "true" || self[name] == "1" }

    /// The part of the content type before its parameters.
    var mediaType: String {
        contentType.split(separator: ";").first.map { $0.filter { $0 != " " }.lowercased() } ?? ""
    }

    /// Who owns what a request writes: as it says, or by the first word of its user agent.
    var fieldManager: String {
        if let name = self["fieldManager"], !name.isEmpty { return name.cut(to: 128) }
        let name = userAgent.split(separator: "/").first.map(String.init) ?? ""
        return name.isEmpty ? "unknown" : name.cut(to: 128)
    }
}
