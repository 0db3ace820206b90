/// What skopeo's error text means. skopeo has one exit code for everything, so its words are all there is; what is not
/// known here is passed on as it is.
struct SkopeoFault: Hashable, Sendable {
    enum Kind: Hashable, Sendable {
        case notFound, denied, plainHTTP, certificate, unreachable, digest, platform, tooLarge, diskFull, missing, other
    }

    let kind: Kind
    /// The last message without its time and level.
    let reason: String

    init(_ text: String) {
        let lines = text.split(separator: "\n")
        let line = lines.last { $0.contains("level=fatal") } ?? lines.last ?? ""
        reason = Self.message(in: line)
        kind = Self.phrases.first { phrase in text.contains(phrase.text) }?.kind ?? .other
    }

    /// The value of `msg="…"` in a line of logrus.
    private static func message(in line: Substring) -> String {
        guard let mark = line.firstRange(of: "msg=\"") else { return String(line.prefix(1000)) }
        var message = ""
        var isEscaped = false
        for letter in line[mark.upperBound...] {
            if isEscaped {
                message.append(letter == "n" ? " " : letter)
                isEscaped = false
            } else if letter == "\\" {
                isEscaped = true
            } else if letter == "\"" {
                break
            } else {
                message.append(letter)
            }
        }
        return String(message.prefix(1000))
    }

    /// The first phrase that occurs decides.
    private static let phrases: [(text: String, kind: Kind)] = [
        ("prlimit: failed to execute", .missing),
        ("server gave HTTP response to HTTPS client", .plainHTTP),
        ("x509:", .certificate),
        ("tls: ", .certificate),
        ("file too large", .tooLarge),
        ("no space left on device", .diskFull),
        ("manifest unknown", .notFound),
        ("name unknown", .notFound),
        ("repository name not known", .notFound),
        ("unauthorized", .denied),
        ("authentication required", .denied),
        ("access to the resource is denied", .denied),
        ("invalid username/password", .denied),
        ("status code 403", .denied),
        ("Digest did not match", .digest),
        ("digest mismatch", .digest),
        ("manifest verification failed", .digest),
        ("does not match provided manifest digest", .digest),
        ("does not match", .digest),
        ("no image found in manifest list", .platform),
        ("no image found in image index", .platform),
        ("connection refused", .unreachable),
        ("no such host", .unreachable),
        ("i/o timeout", .unreachable),
        ("network is unreachable", .unreachable),
        ("no route to host", .unreachable),
        ("connection reset", .unreachable),
        ("Temporary failure in name resolution", .unreachable),
        ("server misbehaving", .unreachable),
        ("deadline exceeded", .unreachable),
        ("unexpected EOF", .unreachable),
        ("status code 50", .unreachable),
    ]
}
