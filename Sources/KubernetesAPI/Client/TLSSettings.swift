import NIOSSL
import Synchronization
import SystemPackage

/// The TLS settings that are good now: authorities and client certificates lie in files that others replace.
///
/// Synchronization: one mutex around the settings made last, and the texts they were made of.
final class TLSSettings: Sendable {
    private struct Made {
        var authorities: String?
        var identity: Credentials.Identity?
        var configuration: TLSConfiguration
    }

    private let trust: ServerConfiguration.Trust
    private let made = Mutex<Made?>(nil)

    init(_ trust: ServerConfiguration.Trust) throws(APIError) {
        self.trust = trust
        // What can never work is said now.
        _ = try current(nil)
    }

    func current(_ identity: Credentials.Identity?) throws(APIError) -> TLSConfiguration {
        var authorities: String?
        if case .authorities(let source) = trust { authorities = try source.read() }
        if let made = made.withLock({ $0 }), made.authorities == authorities, made.identity == identity {
            return made.configuration
        }
        let configuration = try make(authorities, identity)
        made.withLock { $0 = Made(authorities: authorities, identity: identity, configuration: configuration) }
        return configuration
    }

    private func make(
        _ authorities: String?, _ identity: Credentials.Identity?
    ) throws(APIError) -> TLSConfiguration {
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.minimumTLSVersion = .tlsv12
        if trust == .anybody { configuration.certificateVerification = .none }
        if let authorities {
            do {
                let certificates = try NIOSSLCertificate.fromPEMBytes(Array(authorities.utf8))
                configuration.trustRoots = .certificates(certificates)
            } catch {
                throw .configuration(file: place, reason: "this is no certificate authority in PEM (\(error))")
            }
        }
        guard let identity else { return configuration }
        do {
            configuration.certificateChain = try NIOSSLCertificate.fromPEMBytes(Array(identity.certificate.utf8))
                .map { .certificate($0) }
            configuration.privateKey = .privateKey(
                try NIOSSLPrivateKey(bytes: Array(identity.key.utf8), format: .pem))
        } catch {
            throw .credentials(source: "the client certificate", reason: "it or its key is not PEM (\(error))")
        }
        return configuration
    }

    private var place: String {
        if case .authorities(.file(let path)) = trust { path.string } else { "certificate-authority-data" }
    }
}
