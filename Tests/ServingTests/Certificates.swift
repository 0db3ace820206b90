import Crypto
import Foundation
import SwiftASN1
import SystemPackage
import X509

/// A certificate authority for a test, and what it signs.
struct TestAuthority {
    let key = P256.Signing.PrivateKey()
    let certificate: Certificate
    let name: DistinguishedName

    init(_ commonName: String) throws {
        name = try DistinguishedName { CommonName(commonName) }
        certificate = try Self.make(
            name, issuer: name, publicKey: .init(key.publicKey), signer: .init(key),
            extensions: try Certificate.Extensions {
                Critical(BasicConstraints.isCertificateAuthority(maxPathLength: nil))
                Critical(KeyUsage(keyCertSign: true))
            })
    }

    /// The certificate and key, in PEM.
    func sign(_ commonName: String, organization: String? = nil) throws -> (certificate: String, key: String) {
        let key = P256.Signing.PrivateKey()
        let subject = try DistinguishedName {
            if let organization { OrganizationName(organization) }
            CommonName(commonName)
        }
        let certificate = try Self.make(
            subject, issuer: name, publicKey: .init(key.publicKey), signer: .init(self.key),
            extensions: try Certificate.Extensions {
                try ExtendedKeyUsage([.serverAuth, .clientAuth])
                SubjectAlternativeNames([
                    .dnsName("localhost"), .ipAddress(ASN1OctetString(contentBytes: [127, 0, 0, 1])),
                ])
            })
        return (try certificate.serializeAsPEM().pemString, key.pemRepresentation)
    }

    var pem: String { get throws { try certificate.serializeAsPEM().pemString } }

    private static func make(
        _ subject: DistinguishedName, issuer: DistinguishedName, publicKey: Certificate.PublicKey,
        signer: Certificate.PrivateKey, extensions: Certificate.Extensions
    ) throws -> Certificate {
        try Certificate(
            version: .v3, serialNumber: Certificate.SerialNumber(), publicKey: publicKey,
            notValidBefore: Date.now.addingTimeInterval(-3600), notValidAfter: Date.now.addingTimeInterval(3600),
            issuer: issuer, subject: subject, signatureAlgorithm: .ecdsaWithSHA256, extensions: extensions,
            issuerPrivateKey: signer)
    }
}

/// A folder that is removed with its value.
final class TestFolder {
    let path: FilePath

    init() throws {
        path = FilePath("/tmp/serving-\(UInt32.random(in: 0 ... .max))")
        try FileManager.default.createDirectory(atPath: path.string, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path.string) }

    func write(_ text: String, _ name: String) throws -> FilePath {
        try text.write(toFile: path.appending(name).string, atomically: true, encoding: .utf8)
        return path.appending(name)
    }

    subscript(name: String) -> FilePath { path.appending(name) }
}
