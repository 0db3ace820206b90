import FoundationEssentials

/// The text of the file through which skopeo learns credentials (containers-auth.json(5)).
enum AuthFile {
    /// Throws `ImageError.credentialsUnreadable` where a docker configuration is no JSON object.
    static func contents(_ credentials: RegistryCredentials, for reference: ImageReference) throws(ImageError)
        -> [UInt8]
    {
        switch credentials {
        case .user(let name, let password):
            let login = Login(auth: Data("\(name):\(password)".utf8).base64EncodedString())
            return try encode(["auths": [reference.canonicalRegistry: login]], for: reference)
        case .dockerConfig(let bytes):
            return try normalise(bytes, for: reference)
        }
    }

    private struct Login: Codable {
        var auth: String?
        var username: String?
        var password: String?
        var identitytoken: String?
    }

    private struct Configuration: Decodable {
        var auths: [String: Login]?
    }

    /// Keeps only the logins, each with `auth`: what else a tenant's configuration says (`credHelpers`,
    /// `credsStore`) would make skopeo run programs of the node.
    private static func normalise(_ bytes: [UInt8], for reference: ImageReference) throws(ImageError) -> [UInt8] {
        let data = Data(bytes)
        let decoder = JSONDecoder()
        let modern = try? decoder.decode(Configuration.self, from: data).auths
        guard let logins = try? modern ?? decoder.decode([String: Login].self, from: data) else {
            throw .credentialsUnreadable(image: reference.written)
        }
        let kept = logins.mapValues { login in
            var login = login
            if (login.auth ?? "").isEmpty, let name = login.username, let password = login.password {
                login.auth = Data("\(name):\(password)".utf8).base64EncodedString()
            }
            (login.username, login.password) = (nil, nil)
            return login
        }
        return try encode(["auths": kept], for: reference)
    }

    private static func encode(
        _ value: [String: [String: Login]], for reference: ImageReference
    ) throws(ImageError) -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        guard let data = try? encoder.encode(value) else { throw .credentialsUnreadable(image: reference.written) }
        return Array(data)
    }
}
