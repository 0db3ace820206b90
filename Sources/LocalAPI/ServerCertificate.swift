import Crypto
import FoundationEssentials
import SwiftASN1
import SystemPackage
import X509

/// The certificate of the server's loopback address. kubectl sends no token without TLS, and nobody can sign for
/// loopback, so the server signs for itself, and its kubeconfig trusts that certificate alone.
struct ServerCertificate: Sendable {
    let certificate: FilePath
    let key: FilePath
    let pem: String

    private static let lifetime: TimeInterval = 10 * 365 * 86400
    /// What is left when a new one is made.
    private static let renewal: TimeInterval = 90 * 86400

    /// The certificate in the folder; a new one where there is none, or none that will do.
    init(in folder: ServerFolder) throws(LocalAPIError) {
        certificate = folder.path.appending("tls.crt")
        key = folder.path.appending("tls.key")
        if let pem = Self.read(certificate, key) {
            self.pem = pem
            return
        }
        let made: (certificate: String, key: String)
        do { made = try Self.make() } catch {
            throw .folderUnusable(folder: folder.path.string, reason: "no certificate can be made: \(error)")
        }
        try folder.write(made.key, to: key)
        try folder.write(made.certificate, to: certificate)
        pem = made.certificate
    }

    private static func read(_ certificate: FilePath, _ key: FilePath) -> String? {
        guard let pem = try? String(contentsOfFile: certificate.string, encoding: .utf8),
            let keyText = try? String(contentsOfFile: key.string, encoding: .utf8),
            let parsed = try? Certificate(pemEncoded: pem),
            let privateKey = try? Certificate.PrivateKey(pemEncoded: keyText),
            privateKey.publicKey == parsed.publicKey,
            parsed.notValidAfter > Date.now.addingTimeInterval(renewal)
        else { return nil }
        return pem
    }

    private static func make() throws -> (certificate: String, key: String) {
        let key = P256.Signing.PrivateKey()
        let name = try DistinguishedName { CommonName("virt-node") }
        let loopback: [UInt8] = [127, 0, 0, 1]
        let loopback6 = [UInt8](repeating: 0, count: 15) + [1]
        let certificate = try Certificate(
            version: .v3, serialNumber: Certificate.SerialNumber(), publicKey: .init(key.publicKey),
            notValidBefore: Date.now.addingTimeInterval(-86400), notValidAfter: Date.now.addingTimeInterval(lifetime),
            issuer: name, subject: name, signatureAlgorithm: .ecdsaWithSHA256,
            extensions: try Certificate.Extensions {
                Critical(BasicConstraints.isCertificateAuthority(maxPathLength: 0))
                Critical(KeyUsage(digitalSignature: true, keyCertSign: true))
                try ExtendedKeyUsage([.serverAuth])
                SubjectAlternativeNames([
                    .dnsName("localhost"), .ipAddress(ASN1OctetString(contentBytes: loopback[...])),
                    .ipAddress(ASN1OctetString(contentBytes: loopback6[...])),
                ])
            }, issuerPrivateKey: .init(key))
        return (try certificate.serializeAsPEM().pemString + "\n", key.pemRepresentation + "\n")
    }
}
