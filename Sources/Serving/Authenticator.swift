package import HTTPTypes

/// Says who sends a request, or refuses it.
package struct Authenticator: Sendable {
    package typealias Identify = @Sendable (Peer, HTTPFields) async throws(StatusError) -> Identity

    package let identify: Identify

    package init(_ identify: @escaping Identify) { self.identify = identify }

    /// Everybody may, and nobody is known.
    package static let anonymous = Authenticator { _, _ throws(StatusError) in .anonymous }

    /// The user at the other end of a Unix socket: who may open it, the file's permissions say.
    package static let socketPeer = Authenticator { peer, _ throws(StatusError) in
        guard let process = peer.process else {
            throw .unauthorized("this address knows its users by their Unix socket: connect to the socket")
        }
        let name = await UserNames.name(of: process.uid)
        return Identity(name: name, how: .socket(uid: process.uid, gid: process.gid, pid: process.pid))
    }

    /// The bearer of a token that `find` knows.
    package static func bearer(_ find: @escaping @Sendable (String) async -> Identity?) -> Authenticator {
        Authenticator { _, headers throws(StatusError) in
            guard let token = bearerToken(headers) else {
                throw .unauthorized("no token was sent: send the header Authorization: Bearer TOKEN")
            }
            guard let identity = await find(token) else { throw .unauthorized("the token is not known here") }
            return identity
        }
    }

    /// The subject of the client's certificate, if its common name is one of these; of any that the client CA signed
    /// where nil.
    package static func certificate(commonNames: [String]?) -> Authenticator {
        Authenticator { peer, _ throws(StatusError) in
            guard let certificate = peer.certificate else {
                throw .unauthorized("no client certificate was sent: give one that this server's client CA signed")
            }
            guard commonNames?.contains(certificate.commonName) ?? true else {
                throw .forbidden("the client certificate of \(certificate.commonName) is not allowed here")
            }
            return Identity(
                name: certificate.commonName, groups: certificate.organizations,
                how: .certificate(commonName: certificate.commonName))
        }
    }

    /// The first of these that does not refuse; where all do, what the first says.
    package static func first(_ authenticators: [Authenticator]) -> Authenticator {
        Authenticator { peer, headers throws(StatusError) in
            var refusal: StatusError?
            for authenticator in authenticators {
                do throws(StatusError) {
                    return try await authenticator.identify(peer, headers)
                } catch {
                    refusal = refusal ?? error
                }
            }
            throw refusal ?? .unauthorized("nobody may use this address")
        }
    }

    /// The token of an `Authorization: Bearer` header.
    package static func bearerToken(_ headers: HTTPFields) -> String? {
        guard let value = headers[.authorization], value.prefix(7).lowercased() == "bearer " else { return nil }
        let token = value.dropFirst(7).drop { $0 == " " }
        return token.isEmpty ? nil : String(token)
    }
}
