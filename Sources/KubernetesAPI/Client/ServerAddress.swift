import KubernetesModel

/// A server's URL in parts.
struct ServerAddress: Equatable {
    var isSecure: Bool
    /// Without brackets.
    var host: String
    var port: Int
    /// Where the API lies below the server; empty, or with a slash in front and none behind.
    var path: String

    init(_ url: String) throws(APIError) {
        let problem = APIError.configuration(
            file: "the server's address \"\(Self.withoutUser(url).cut(to: 200))\"",
            reason: "this is none: write https://HOST:PORT")
        guard let mark = url.firstRange(of: "://") else { throw problem }
        switch url[..<mark.lowerBound].lowercased() {
        case "https": isSecure = true
        case "http": isSecure = false
        default: throw problem
        }
        let rest = url[mark.upperBound...]
        let authority = rest.prefix { $0 != "/" }
        var path = String(rest.dropFirst(authority.count))
        while path.hasSuffix("/") { path.removeLast() }
        self.path = path
        var portText: Substring?
        if authority.first == "[" {
            guard let end = authority.firstIndex(of: "]") else { throw problem }
            host = String(authority[authority.index(after: authority.startIndex)..<end])
            let after = authority[authority.index(after: end)...]
            if after.first == ":" { portText = after.dropFirst() } else if !after.isEmpty { throw problem }
        } else if let colon = authority.lastIndex(of: ":") {
            host = String(authority[..<colon])
            portText = authority[authority.index(after: colon)...]
        } else {
            host = String(authority)
        }
        port = isSecure ? 443 : 80
        if let portText {
            guard let number = Int(portText), (1...65535).contains(number) else { throw problem }
            port = number
        }
        guard !host.isEmpty, !authority.contains("@") else { throw problem }
    }

    /// What may stand in a message: a name and a password before the host may not.
    private static func withoutUser(_ url: String) -> String {
        guard let end = url.lastIndex(of: "@") else { return url }
        let start = url.firstRange(of: "://")?.upperBound ?? url.startIndex
        return start <= end ? url[..<start] + "..." + url[end...] : String(url[end...])
    }

    /// The URL, with another name in the host's place: the one that the certificate must carry.
    func base(as name: String?) -> String {
        let host = name ?? (self.host.contains(":") ? "[\(self.host)]" : self.host)
        return "\(isSecure ? "https" : "http")://\(host):\(port)\(path)"
    }
}
